import type { RuleHits } from './hits.js';

interface Marked {
  readonly start: number;
  readonly end: number;
  readonly ruleId: string;
}

/** The text with every match replaced by `[REDACTED:<rule_id>]`; overlapping matches become one, named by the first. */
export function redactHits(text: string, hits: readonly RuleHits[]): string {
  const marks = hits.flatMap(({ rule, spans }) =>
    spans.flat().map(({ start, end }): Marked => ({ start, end, ruleId: rule.id })),
  );
  if (marks.length === 0) return text;
  marks.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let copied = 0;
  for (const { start, end, ruleId } of marks) {
    if (start >= copied) parts.push(text.slice(copied, start), `[REDACTED:${ruleId}]`);
    copied = Math.max(copied, end);
  }
  parts.push(text.slice(copied));
  return parts.join('');
}
