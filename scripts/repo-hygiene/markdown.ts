/** A link of a Markdown text: its target as written, and its line, counted from 1. */
export interface MarkdownLink {
  readonly target: string;
  readonly line: number;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const INLINE_CODE = /`[^`\n]*`/g;
/** `[text](target)`, `![alt](target "title")`. */
const INLINE_LINK = /\]\(<?([^)\s>]+)/g;
/** `[label]: target`. */
const REFERENCE = /^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)/;
/** `<img src="target">`, `<a href="target">`. */
const HTML_LINK = /\b(?:src|href|srcset)="([^"\s]+)"/g;
const HEADING = /^ {0,3}#{1,6}\s(.+)$/;
const ANCHOR_TAG = /\b(?:id|name)="([^"]+)"/g;

/** The lines of a Markdown text outside its fenced code blocks; those inside are blank, so that numbers stay true. */
function proseLines(text: string): string[] {
  let fence: string | null = null;
  return text.split('\n').map((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (fence === null) {
      fence = mark ?? null;
      return mark === undefined ? line : '';
    }
    if (mark?.startsWith(fence) === true) fence = null;
    return '';
  });
}

/** Every link of a Markdown text outside code, in order. */
export function listLinks(text: string): MarkdownLink[] {
  return proseLines(text).flatMap((raw, index) => {
    const line = raw.replace(INLINE_CODE, '');
    const targets = [
      ...[...line.matchAll(INLINE_LINK)].map((match) => match[1]),
      ...[...line.matchAll(HTML_LINK)].map((match) => match[1]),
      REFERENCE.exec(line)?.[1],
    ];
    return targets.filter((target) => target !== undefined).map((target) => ({ target, line: index + 1 }));
  });
}

/** Every anchor that a link into this Markdown text may name: its headings as GitHub spells them, and HTML ids. */
export function listAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(text)) {
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) anchors.add(uniqueSlug(heading, anchors));
    for (const match of line.matchAll(ANCHOR_TAG)) if (match[1] !== undefined) anchors.add(match[1]);
  }
  return anchors;
}

function uniqueSlug(heading: string, taken: ReadonlySet<string>): string {
  const slug = heading
    .trim()
    .replace(/\]\([^()]*\)/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
  if (!taken.has(slug)) return slug;
  let number = 1;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
