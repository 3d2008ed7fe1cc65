import type { RuleHits } from './hits.js';

interface Marked {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The text with every match replaced by `[REDACTED:<rule_id>]`; overlapping matches become one, named by the first. */
export function redactHits(text: string, hits: readonly RuleHits[]): string {
  const marks: Marked[] = [];
  for (const { rule, spans } of hits) {
    const replacement = `[REDACTED:${rule.id}]`;
    for (const list of spans) for (const { start, end } of list) marks.push({ start, end, replacement });
  }
  if (marks.length === 0) return text;
  const lists = hits.reduce((count, { spans }) => count + spans.length, 0);
  if (lists > 1) marks.sort((a, b) => a.start - b.start || b.end - a.end);
  let redacted = '';
  let copied = 0;
  for (const { start, end, replacement } of marks) {
    if (start >= copied) redacted += text.slice(copied, start) + replacement;
    copied = Math.max(copied, end);
  }
  return redacted + text.slice(copied);
}
