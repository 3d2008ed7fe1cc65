import type { RuleHits } from './hits.js';

/** Spans, ascending, and what stands in for each. */
interface Marks {
  /** Starts and ends, alternating. */
  readonly bounds: readonly number[];
  /** For each span the place of its replacement among all; the same for all of them where there is but one. */
  readonly replacements: readonly number[];
}

/** The text with every match replaced by `[REDACTED:<rule_id>]`; overlapping matches become one, named by the first. */
export function redactHits(text: string, hits: readonly RuleHits[]): string {
  const replacements = hits.map(({ rule }) => `[REDACTED:${rule.id}]`);
  const marks = mergeAll(
    hits.flatMap(({ spans }, place) => spans.map(({ bounds }) => ({ bounds, replacements: [place] }))),
  );
  const { bounds } = marks;
  let redacted = '';
  let copied = 0;
  for (let index = 0; index < bounds.length; index += 2) {
    const start = bounds[index] ?? 0;
    if (start >= copied)
      redacted += text.slice(copied, start) + (replacements[replacementAt(marks, index)] ?? '');
    copied = Math.max(copied, bounds[index + 1] ?? 0);
  }
  return redacted + text.slice(copied);
}

function replacementAt({ replacements }: Marks, index: number): number {
  return (replacements.length === 1 ? replacements[0] : replacements[index >> 1]) ?? 0;
}

/** Merges lists, always the two shortest, so that the spans of long ones are moved as seldom as can be. */
function mergeAll(lists: readonly Marks[]): Marks {
  const left = lists.toSorted((a, b) => b.bounds.length - a.bounds.length);
  for (;;) {
    const shortest = left.pop() ?? { bounds: [], replacements: [] };
    const second = left.pop();
    if (second === undefined) return shortest;
    const merged = merge(second, shortest);
    let place = left.length;
    while (place > 0 && (left[place - 1]?.bounds.length ?? 0) < merged.bounds.length) place -= 1;
    left.splice(place, 0, merged);
  }
}

/** Two lists as one; of spans that begin together the longer comes first, of equal ones that of the earlier replacement. */
function merge(first: Marks, second: Marks): Marks {
  const bounds: number[] = [];
  const replacements: number[] = [];
  const move = (from: Marks, index: number): void => {
    bounds.push(from.bounds[index] ?? 0, from.bounds[index + 1] ?? 0);
    replacements.push(replacementAt(from, index));
  };
  let next = 0;
  for (let index = 0; index < second.bounds.length; index += 2) {
    for (; next < first.bounds.length && isBefore(first, next, second, index); next += 2) move(first, next);
    move(second, index);
  }
  for (; next < first.bounds.length; next += 2) move(first, next);
  return { bounds, replacements };
}

function isBefore(marks: Marks, index: number, others: Marks, other: number): boolean {
  // Starts ascend, ends descend, replacements ascend.
  const byStart = (marks.bounds[index] ?? 0) - (others.bounds[other] ?? 0);
  if (byStart !== 0) return byStart < 0;
  const byEnd = (others.bounds[other + 1] ?? 0) - (marks.bounds[index + 1] ?? 0);
  return byEnd === 0 ? replacementAt(marks, index) < replacementAt(others, other) : byEnd < 0;
}
