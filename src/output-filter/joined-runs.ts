import { isNextLine } from './decoded-pieces.js';

/**
 * Of the runs of joined fields (starts and ends, alternating) those that may hold what no field holds by itself: alone, or
 * as lines below one another, they stand in several fields. What each of two fields encodes by itself is decoded by
 * itself.
 *
 * INVARIANT: runs of which the decoder may make one text are taken or left out together.
 *
 * @param isCrossed whether a span belongs to more than one field; it is asked in ascending order
 */
export function runsAcross(
  text: string,
  runs: readonly number[],
  isCrossed: (start: number, end: number) => boolean,
): readonly number[] {
  const across: number[] = [];
  for (let first = 0; first < runs.length;) {
    let next = first + 2;
    while (next < runs.length && isNextLine(text, runs[next - 1] ?? 0, runs[next] ?? 0)) next += 2;
    if (isCrossed(runs[first] ?? 0, runs[next - 1] ?? 0)) {
      for (let at = first; at < next; at += 1) across.push(runs[at] ?? 0);
    }
    first = next;
  }
  return across;
}
