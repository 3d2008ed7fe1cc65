import { GENESIS, type ChainLink } from '../chain.js';
import { linkOf, type PlacedLine } from './place.js';
import type { ProblemList } from './report.js';

/** Checks that each line follows the one before it. After a fault it goes on from the line it found. */
export class LinkCheck {
  readonly #problems: ProblemList;
  #previous: ChainLink | null = null;
  /** What stands before the first line: 64 zeros, or the end of what is not there. */
  #start: ChainLink | null = null;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** What the first line follows where it is not the first of the log; null where it is. */
  get missing(): ChainLink | null {
    return this.#start === null || this.#start.seq === 0 ? null : this.#start;
  }

  get head(): ChainLink | null {
    return this.#previous;
  }

  accept(placed: PlacedLine): void {
    if (this.#previous === null) this.#acceptFirst(placed);
    else this.#acceptNext(placed, this.#previous);
    this.#previous = linkOf(placed);
  }

  #acceptFirst({ event, file, line }: PlacedLine): void {
    this.#start = { seq: event.seq - 1, hash: event.prev_hash };
    if (event.seq === 1 && event.prev_hash !== GENESIS.hash) {
      this.#problems.add('broken_link', 'the first line of a log must follow 64 zeros', file, line);
    }
  }

  #acceptNext({ event, file, line }: PlacedLine, previous: ChainLink): void {
    const expected = previous.seq + 1;
    if (event.seq > expected) {
      this.#problems.add('seq_gap', `seq ${event.seq} where ${expected} must stand`, file, line);
    } else if (event.seq < expected) {
      this.#problems.add('seq_repeat', `seq ${event.seq} where ${expected} must stand`, file, line);
    } else if (event.prev_hash !== previous.hash) {
      this.#problems.add(
        'broken_link',
        `seq ${event.seq} does not follow the line before it, which was changed, or is not the one that stood there`,
        file,
        line,
      );
    }
  }
}
