import type { ChainLink } from '../chain.js';
import type { CheckpointStanding } from './checkpoint-check.js';
import type { PlacedLine } from './place.js';
import type { ExpirySignature, ProblemList } from './report.js';

/**
 * Checks that files which are not there were deleted on record: by an `audit_files_expired` event that names the line
 * they ended with, and a checkpoint directly behind it.
 *
 * THREAT: whoever deletes the oldest files could claim that they were past their retention. A process that starts takes
 * over lines that it did not write, and signs them later; but its first line is never a checkpoint, so that only the
 * process that wrote an expiry can have put a checkpoint directly behind it.
 */
export class GapCheck {
  readonly #problems: ProblemList;
  /** Whether an expiry names what is missing, and nothing but other expiries stands behind it so far. */
  #isBatchOpen = false;
  #isClaimed = false;
  #proof: ExpirySignature | null = null;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  accept({ event }: PlacedLine, missing: ChainLink | null, standing: CheckpointStanding): void {
    if (missing === null) return;
    if (event.event_type === 'audit_files_expired') {
      this.#isBatchOpen ||= isExpiryOf(event, missing);
      this.#isClaimed ||= this.#isBatchOpen;
      return;
    }
    if (this.#isBatchOpen) this.#prove(standing);
    this.#isBatchOpen = false;
  }

  /** How well it is proven that all that is missing was deleted on record; null where nothing is, or it is not. */
  finish(missing: ChainLink | null, firstFile: string | null, isSignedLog: boolean): ExpirySignature | null {
    if (missing === null) return null;
    const isProven = this.#proof !== null && (this.#proof !== 'unsigned' || !isSignedLog);
    if (isProven) return this.#proof;
    this.#problems.add(
      'missing_files',
      `lines 1 to ${missing.seq} are missing: ${this.#describe()}`,
      firstFile,
    );
    return null;
  }

  #prove(standing: CheckpointStanding): void {
    if (standing === 'signed') this.#proof = 'checked';
    if (standing === 'not_checked' && this.#proof !== 'checked') this.#proof = 'not_checked';
    if (standing === 'unsigned') this.#proof ??= 'unsigned';
  }

  #describe(): string {
    if (this.#proof === 'unsigned') {
      return 'the checkpoint behind their expiry is not signed, although the log is';
    }
    return this.#isClaimed ? 'no checkpoint that counts stands directly behind their expiry' : 'unexplained';
  }
}

function isExpiryOf(event: PlacedLine['event'], missing: ChainLink): boolean {
  const { last_seq: seq, last_hash: hash, last_timestamp: timestamp } = event;
  // Both are ISO 8601 of one length, which sort as the times they name.
  const isLater = typeof timestamp === 'string' && event.timestamp >= timestamp;
  return seq === missing.seq && hash === missing.hash && isLater;
}
