import { continuesLine } from './decoded-pieces.js';

/** A shorter run of joined fields is no token of a known format, and holds too little to be worth decoding. */
export const MIN_JOINED_RUN = 23;

/**
 * Of the runs of joined fields (starts and ends, alternating) those that may hold what no field holds by itself: they are
 * long enough and, alone or as lines of one encoded text, stand in several fields. What each of two fields encodes by
 * itself is decoded by itself.
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
    const start = runs[first] ?? 0;
    let next = first + 2;
    while (
      next < runs.length &&
      continuesLine(text, runs[next - 2] ?? 0, runs[next - 1] ?? 0, runs[next] ?? 0)
    )
      next += 2;
    const end = runs[next - 1] ?? 0;
    if (end - start >= MIN_JOINED_RUN && isCrossed(start, end)) {
      for (let at = first; at < next; at += 1) across.push(runs[at] ?? 0);
    }
    first = next;
  }
  return across;
}
