import type { ChainLink } from '../chain.js';
import type { CheckpointStanding } from './checkpoint-check.js';
import { ExpiryProof } from './expiry-proof.js';
import type { PlacedLine } from './place.js';
import type { ExpirySignature, ProblemList } from './report.js';

/** Checks that files which are not there were deleted on record. */
export class GapCheck {
  readonly #problems: ProblemList;
  readonly #proof = new ExpiryProof();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  accept({ event }: PlacedLine, missing: ChainLink | null, standing: CheckpointStanding): void {
    if (missing !== null) this.#proof.accept(event, missing, standing);
  }

  /** How well it is proven that all that is missing was deleted on record; null where nothing is, or it is not. */
  finish(missing: ChainLink | null, firstFile: string | null, isSignedLog: boolean): ExpirySignature | null {
    if (missing === null) return null;
    const signature = this.#proof.signature(isSignedLog);
    if (signature === null) {
      const message = `lines 1 to ${missing.seq} are missing: ${this.#describe()}`;
      this.#problems.add('missing_files', message, firstFile);
    }
    return signature;
  }

  #describe(): string {
    if (this.#proof.isUnsigned) {
      return 'the checkpoint behind their expiry is not signed, although the log is';
    }
    return this.#proof.isClaimed
      ? 'no checkpoint that counts stands directly behind their expiry'
      : 'unexplained';
  }
}
