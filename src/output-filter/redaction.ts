import type { RuleHits } from './hits.js';

/** Spans and what stands in for each: starts, ends and places in a list of replacements, in turn, ascending. */
type Marks = readonly number[];

/** The text with every match replaced by `[REDACTED:<rule_id>]`; overlapping matches become one, named by the first. */
export function redactHits(text: string, hits: readonly RuleHits[]): string {
  const replacements = hits.map(({ rule }) => `[REDACTED:${rule.id}]`);
  const marks = mergeAll(
    hits.flatMap(({ spans }, place) => spans.map(({ bounds }) => marksOf(bounds, place))),
  );
  let redacted = '';
  let copied = 0;
  for (let index = 0; index < marks.length; index += 3) {
    const start = marks[index] ?? 0;
    if (start >= copied) redacted += text.slice(copied, start) + (replacements[marks[index + 2] ?? 0] ?? '');
    copied = Math.max(copied, marks[index + 1] ?? 0);
  }
  return redacted + text.slice(copied);
}

function marksOf(bounds: readonly number[], replacement: number): Marks {
  const marks: number[] = [];
  for (let index = 0; index < bounds.length; index += 2) {
    marks.push(bounds[index] ?? 0, bounds[index + 1] ?? 0, replacement);
  }
  return marks;
}

/** Merges lists two and two, so that each mark is moved as seldom as there are doublings in their number. */
function mergeAll(lists: readonly Marks[]): Marks {
  let merged = lists;
  while (merged.length > 1) {
    const pairs: Marks[] = [];
    for (let index = 0; index < merged.length; index += 2) {
      pairs.push(merge(merged[index] ?? [], merged[index + 1] ?? []));
    }
    merged = pairs;
  }
  return merged[0] ?? [];
}

/** Two lists as one; of marks that begin together the longer comes first, of equal ones that of the first list. */
function merge(first: Marks, second: Marks): Marks {
  if (second.length === 0) return first;
  const marks: number[] = [];
  let next = 0;
  for (let index = 0; index < second.length; index += 3) {
    const start = second[index] ?? 0;
    const end = second[index + 1] ?? 0;
    while (next < first.length && isBefore(first, next, start, end)) next = move(first, next, marks);
    move(second, index, marks);
  }
  while (next < first.length) next = move(first, next, marks);
  return marks;
}

function isBefore(marks: Marks, index: number, start: number, end: number): boolean {
  const own = marks[index] ?? 0;
  return own < start || (own === start && (marks[index + 1] ?? 0) >= end);
}

/** Appends the mark at a place to another list; answers the place of the next. */
function move(from: Marks, index: number, to: number[]): number {
  to.push(from[index] ?? 0, from[index + 1] ?? 0, from[index + 2] ?? 0);
  return index + 3;
}
