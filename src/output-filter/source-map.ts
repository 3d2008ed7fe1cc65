import { lastAtOrBefore } from './last-at-or-before.js';

/** A text made of another, and where each of its characters came from. */
export interface DerivedText {
  readonly text: string;
  /** The span of the source that a span of the text came from. */
  toSource(start: number, end: number): readonly [number, number];
}

/** Maps a span of some form of the text to the span of the text it came from. */
export type ToSource = (start: number, end: number) => readonly [number, number];

/** The text itself. */
export const ITSELF: ToSource = (start, end) => [start, end];

/** Maps a span of a form of a form of the text, by what maps the one and the other. */
export function through(outer: ToSource, form: DerivedText): ToSource {
  if (outer === ITSELF) return (start, end) => form.toSource(start, end);
  return (start, end) => {
    const [from, to] = form.toSource(start, end);
    return outer(from, to);
  };
}

/** Finds the offset in the source of an offset in the output, by the last change of distance at or before it. */
export class SourceMap {
  #last = 0;

  constructor(
    /** Pairs of an offset in the output and the offset in the source it came from, where the distance changed. */
    private readonly shifts: readonly number[],
    private readonly sourceLength: number,
  ) {}

  /** The span of the source; its end is where the character before it ended, which may have been written longer. */
  spanOf(start: number, end: number): readonly [number, number] {
    const from = this.#offsetOf(start);
    return [from, end === 0 ? 0 : Math.min(this.sourceLength, this.#offsetOf(end))];
  }

  /** Where ascending offsets of the source are in the output. */
  outputOf(offsets: readonly number[]): number[] {
    const { shifts } = this;
    let place = 0;
    return offsets.map((offset) => {
      while ((shifts[place + 3] ?? Infinity) <= offset) place += 2;
      const moved = (shifts[place] ?? 0) + offset - (shifts[place + 1] ?? 0);
      return Math.min(moved, shifts[place + 2] ?? Infinity);
    });
  }

  #offsetOf(offset: number): number {
    const { shifts } = this;
    const place = (this.#last = lastAtOrBefore(shifts, 2, offset, this.#last)) * 2;
    return (shifts[place + 1] ?? 0) + offset - (shifts[place] ?? 0);
  }
}
