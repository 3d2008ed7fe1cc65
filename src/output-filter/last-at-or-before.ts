/**
 * The place of the last of ascending numbers that is not above `offset`; 0 where all are.
 *
 * @param stride how far one of them stands from the next in the list, which may hold others between
 * @param near where to look first: offsets are asked for in ascending order, or nearly so
 */
export function lastAtOrBefore(
  list: readonly number[],
  stride: number,
  offset: number,
  near: number,
): number {
  let low = 0;
  let high = list.length / stride - 1;
  if ((list[near * stride] ?? Infinity) <= offset) {
    low = near;
    const after = Math.min(high, near + 8);
    if ((list[after * stride] ?? Infinity) > offset) high = after;
  }
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((list[middle * stride] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
