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

/** Merges lists, always the two shortest, so that the marks of long ones are moved as seldom as can be. */
function mergeAll(lists: readonly Marks[]): Marks {
  const left = lists.toSorted((a, b) => b.length - a.length);
  for (;;) {
    const shortest = left.pop();
    const second = left.pop();
    if (second === undefined) return shortest ?? [];
    const merged = merge(second, shortest ?? []);
    let place = left.length;
    while (place > 0 && (left[place - 1]?.length ?? 0) < merged.length) place -= 1;
    left.splice(place, 0, merged);
  }
}

/** Two lists as one; of marks that begin together the longer comes first, of equal ones that of the earlier replacement. */
function merge(first: Marks, second: Marks): Marks {
  const marks: number[] = [];
  let next = 0;
  for (let index = 0; index < second.length; index += 3) {
    while (next < first.length && isBefore(first, next, second, index)) next = move(first, next, marks);
    move(second, index, marks);
  }
  while (next < first.length) next = move(first, next, marks);
  return marks;
}

function isBefore(marks: Marks, index: number, others: Marks, other: number): boolean {
  // Starts ascend, ends descend, replacements ascend.
  const byStart = (marks[index] ?? 0) - (others[other] ?? 0);
  if (byStart !== 0) return byStart < 0;
  const byEnd = (others[other + 1] ?? 0) - (marks[index + 1] ?? 0);
  return byEnd === 0 ? (marks[index + 2] ?? 0) < (others[other + 2] ?? 0) : byEnd < 0;
}

/** Appends the mark at a place to another list; answers the place of the next. */
function move(from: Marks, index: number, to: number[]): number {
  to.push(from[index] ?? 0, from[index + 1] ?? 0, from[index + 2] ?? 0);
  return index + 3;
}
