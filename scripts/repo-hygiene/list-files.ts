import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What tools, builds and runs leave behind; nothing in there is looked at. */
const SKIPPED_SEGMENTS: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  'dist',
  'coverage',
  'audit_logs',
  'data',
  '.cache',
]);

/**
 * Lists the repository's files, sorted: what git tracks or would add, or everything where `root` is no checkout.
 *
 * Build output and installed packages are left out either way, were they ever added to git.
 */
export function listFiles(root: string): string[] {
  const files = existsSync(join(root, '.git')) ? listGitFiles(root) : listFolder(root);
  return files.filter((path) => !path.split('/').some((segment) => SKIPPED_SEGMENTS.has(segment))).sort();
}

function listGitFiles(root: string): string[] {
  const args = ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const output = execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return [...new Set(output.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
}

function listFolder(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return SKIPPED_SEGMENTS.has(entry.name) ? [] : listFolder(root, path);
  });
}
