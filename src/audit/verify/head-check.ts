import { formatLink, isSameLink, type ChainLink } from '../chain.js';
import type { CheckpointStanding } from './checkpoint-check.js';
import { ExpiryProof } from './expiry-proof.js';
import { linkOf, type PlacedLine } from './place.js';
import type { ProblemList } from './report.js';

/** What the other checks know at the end of the log. */
export interface HeadContext {
  readonly last: { readonly file: string; readonly line: number } | null;
  /** The last line that was deleted on record. */
  readonly expiredThrough: ChainLink | null;
  readonly isSignedLog: boolean;
}

/** Checks that the log contains a line that the caller knows it once contained. */
export class HeadCheck {
  readonly #problems: ProblemList;
  readonly #expected: ChainLink | null;
  readonly #expiry = new ExpiryProof();
  #isSettled = false;

  constructor(problems: ProblemList, expected: ChainLink | null) {
    this.#problems = problems;
    this.#expected = expected;
  }

  accept(placed: PlacedLine, standing: CheckpointStanding): void {
    const expected = this.#expected;
    if (expected === null) return;
    this.#expiry.accept(placed.event, expected, standing);
    if (placed.event.seq !== expected.seq) return;
    const { file, line } = placed;
    this.#isSettled = true;
    if (isSameLink(linkOf(placed), expected)) return;
    this.#problems.add('head_mismatch', `is not the known line ${formatLink(expected)}`, file, line);
  }

  finish({ last, expiredThrough, isSignedLog }: HeadContext): void {
    const expected = this.#expected;
    if (expected === null || this.#isSettled) return;
    const known = formatLink(expected);
    if (expiredThrough === null || expected.seq > expiredThrough.seq) {
      const message = `the log does not contain the known line ${known}`;
      this.#problems.add('head_not_reached', message, last?.file ?? null, last?.line ?? null);
      return;
    }
    // The end of a file that has expired is named, with its hash, in the record of that.
    if (this.#expiry.signature(isSignedLog) !== null) return;
    const message = `the known line ${known} was in a file that has expired, so that nothing can be said of it: give a later head`;
    this.#problems.add('head_expired', message);
  }
}
