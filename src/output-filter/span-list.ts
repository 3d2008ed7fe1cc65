/** How many spans from the last one asked for are looked at in turn, before the place is searched for. */
const MAX_STEPS = 8;

/** Disjoint spans, ascending, in one list of numbers: a text may have a hundred thousand. */
export class SpanList {
  /** Starts and ends, alternating. */
  readonly #bounds: number[];
  /** The place of the start asked for last: the next one asked for is seldom far from it. */
  #near = 0;

  constructor(start: number, end: number) {
    this.#bounds = [start, end];
  }

  /** Starts and ends, alternating. */
  get bounds(): readonly number[] {
    return this.#bounds;
  }

  /** Adds a span, unless it begins before the last one ends; answers whether it did. */
  append(start: number, end: number): boolean {
    const bounds = this.#bounds;
    if (start < (bounds[bounds.length - 1] ?? 0)) return false;
    bounds.push(start, end);
    return true;
  }

  /** Whether one of the spans holds the whole of another. */
  covers(start: number, end: number): boolean {
    const place = this.#firstEndingAfter(start);
    return (this.#bounds[place] ?? Infinity) <= start && end <= (this.#bounds[place + 1] ?? 0);
  }

  /** Whether one of the spans holds a part of another. */
  overlaps(start: number, end: number): boolean {
    return (this.#bounds[this.#firstEndingAfter(start)] ?? Infinity) < end;
  }

  /** The place of the first span that ends after an offset; the length of the list where none does. */
  #firstEndingAfter(offset: number): number {
    const bounds = this.#bounds;
    const { length } = bounds;
    if ((bounds[length - 1] ?? 0) <= offset) return length;
    let low = this.#near;
    let high = length;
    if (low > 0 && (bounds[low - 1] ?? 0) > offset) {
      high = low;
      low = 0;
    } else {
      const last = low + 2 * MAX_STEPS;
      while (low < last && (bounds[low + 1] ?? Infinity) <= offset) low += 2;
      if (low < last) high = low;
    }
    while (low < high) {
      const middle = ((low + high) >> 2) << 1;
      if ((bounds[middle + 1] ?? 0) <= offset) low = middle + 2;
      else high = middle;
    }
    this.#near = low;
    return low;
  }
}
