import { lastAtOrBefore } from './last-at-or-before.js';

/**
 * Another form of a text that was scanned: where the two differ, and where the pass over that text was at rest.
 * Offsets are those of this form.
 */
export interface Revision {
  /** Starts and ends, alternating, of the places that differ, ascending; those near one another may be one. */
  readonly changes: readonly number[];
  /**
   * Ascending places where, in the form before, nothing read before mattered any more. At a change one may be inside a run;
   * no window begins there.
   */
  readonly rests: readonly number[];
}

/**
 * How far before a change a match may begin that takes it in and was none before: this far, save for a token of long
 * parts. Of those none has more than five: no more places of rest than that are in it, as each is between two parts.
 */
const REACH_BEFORE = 3072;
const REACH_BEHIND_PARTS = 1024;
const MAX_PARTS = 5;
/** How far behind a change something may stand that is read otherwise for it; no pattern looks back that far. */
const REACH_AFTER = 2048;

/**
 * The parts of a {@link Revision} to scan. Outside them a pass would see what it saw in the form before, and be in the
 * state it was in.
 */
export class Windows {
  /** Where each window begins and, alternating, before which place it does not end. */
  readonly #bounds: readonly number[];
  #window = 0;
  #next = 0;
  /** The places of rest of this form: those where its pass rests, and of what is skipped those of the form before. */
  readonly rests: number[] = [];

  constructor(
    private readonly revision: Revision,
    private readonly length: number,
  ) {
    this.#bounds = boundsOf(revision);
  }

  /** Where the first window begins. */
  get start(): number {
    return this.#skipTo(this.#bounds[0] ?? this.length);
  }

  /** The next place of rest of the form before; the end of the text where there is none. */
  get nextRest(): number {
    return this.revision.rests[this.#next] ?? this.length;
  }

  /** Says that the pass rests at an offset, no earlier than the next place of rest; answers where it goes on. */
  restAt(offset: number): number {
    const wasAtRest = this.nextRest === offset;
    while (this.nextRest <= offset && this.#next < this.revision.rests.length) this.#next += 1;
    this.rests.push(offset);
    // Only where both passes are at rest are they in the same state.
    if (!wasAtRest) return offset;
    while ((this.#bounds[this.#window + 1] ?? Infinity) <= offset) this.#window += 2;
    const start = this.#bounds[this.#window] ?? this.length;
    return start <= offset ? offset : this.#skipTo(start);
  }

  #skipTo(start: number): number {
    for (; this.#next < this.revision.rests.length && this.nextRest <= start; this.#next += 1) {
      this.rests.push(this.nextRest);
    }
    return start;
  }
}

function boundsOf({ changes, rests }: Revision): number[] {
  const bounds: number[] = [];
  /** Where among the places of rest the last at or before an offset is; -1 where there is none. */
  const placeAt = (offset: number): number => {
    const place = lastAtOrBefore(rests, 1, offset, 0);
    return (rests[place] ?? Infinity) <= offset ? place : -1;
  };
  for (let index = 0; index < changes.length; index += 2) {
    const start = changes[index] ?? 0;
    const place = Math.min(placeAt(start - REACH_BEHIND_PARTS) - MAX_PARTS, placeAt(start - REACH_BEFORE));
    const from = rests[place] ?? 0;
    const to = (changes[index + 1] ?? 0) + REACH_AFTER;
    if (bounds.length > 0 && from <= (bounds.at(-1) ?? 0)) bounds[bounds.length - 1] = to;
    else bounds.push(from, to);
  }
  return bounds;
}
