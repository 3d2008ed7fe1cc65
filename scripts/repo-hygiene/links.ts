import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { listAnchors, listLinks } from './markdown.js';
import type { Repository, Violation } from './violation.js';

/** `https:`, `mailto:` and the like, and `//host`: what is elsewhere is not looked at. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** Finds relative links in Markdown whose file, folder or heading does not exist. */
export function findBrokenLinks({ root, files }: Repository): Violation[] {
  const anchorsOf = createAnchorReader(root);
  return files
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      listLinks(readFileSync(join(root, path), 'utf8')).flatMap(({ target, line }) => {
        const fault = ELSEWHERE.test(target) ? null : checkTarget(root, path, target, anchorsOf);
        return fault === null ? [] : [{ path, message: `line ${line}: ${fault}` }];
      }),
    );
}

type AnchorReader = (path: string) => ReadonlySet<string>;

function checkTarget(root: string, from: string, target: string, anchorsOf: AnchorReader): string | null {
  const [file = '', anchor = ''] = decodeTarget(target).split('#', 2);
  const path = file === '' ? from : resolveTarget(from, file);
  if (path === '..' || path.startsWith('../')) return `link leaves the repository: ${target}`;
  if (!existsSync(join(root, path))) return `link to a file that does not exist: ${target}`;
  if (anchor !== '' && path.endsWith('.md') && !anchorsOf(path).has(anchor)) {
    return `link to a heading that does not exist: ${target}`;
  }
  return null;
}

function resolveTarget(from: string, file: string): string {
  return file.startsWith('/') ? normalize(file.slice(1)) : normalize(join(dirname(from), file));
}

function decodeTarget(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** Reads each file's anchors at most once. */
function createAnchorReader(root: string): AnchorReader {
  const known = new Map<string, ReadonlySet<string>>();
  return (path) => {
    const anchors = known.get(path) ?? listAnchors(readFileSync(join(root, path), 'utf8'));
    known.set(path, anchors);
    return anchors;
  };
}
