import { formatLink, isSameLink, type ChainLink } from '../chain.js';
import { linkOf, type PlacedLine } from './place.js';
import type { ProblemList } from './report.js';

/** Checks that the log contains a line that the caller knows it once contained. */
export class HeadCheck {
  readonly #problems: ProblemList;
  readonly #expected: ChainLink | null;
  #seen = false;

  constructor(problems: ProblemList, expected: ChainLink | null) {
    this.#problems = problems;
    this.#expected = expected;
  }

  accept(placed: PlacedLine): void {
    const expected = this.#expected;
    if (expected === null || placed.event.seq !== expected.seq) return;
    const { file, line } = placed;
    if (isSameLink(linkOf(placed), expected)) this.#seen = true;
    else this.#problems.add('head_mismatch', `is not the known line ${formatLink(expected)}`, file, line);
  }

  finish(last: { readonly file: string; readonly line: number } | null): void {
    const expected = this.#expected;
    if (expected === null || this.#seen) return;
    const message = `the log does not contain the known line ${formatLink(expected)}`;
    this.#problems.add('head_not_reached', message, last?.file ?? null, last?.line ?? null);
  }
}
