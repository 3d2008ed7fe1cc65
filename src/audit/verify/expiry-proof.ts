import type { ChainLink } from '../chain.js';
import type { LogLine } from '../log-line.js';
import type { CheckpointStanding } from './checkpoint-check.js';
import type { ExpirySignature } from './report.js';

/**
 * Looks for the record that a file which ended with a given line was deleted: an `audit_files_expired` event that names
 * it, with a checkpoint directly behind it; only further such events may stand between.
 *
 * THREAT: whoever deletes the oldest files could claim that they were past their retention. A process that starts takes
 * over lines that it did not write, and signs them later; but its first line is never a checkpoint, so that only the
 * process that wrote an expiry can have put a checkpoint directly behind it.
 */
export class ExpiryProof {
  /** Whether an expiry names the line, and nothing but other expiries stands behind it so far. */
  #isBatchOpen = false;
  #best: ExpirySignature | null = null;
  /** `seq` of the checkpoint that proves the best so far. */
  #provenAt = 0;
  isClaimed = false;

  accept(event: LogLine, wanted: ChainLink, standing: CheckpointStanding): void {
    if (event.event_type === 'audit_files_expired') {
      this.#isBatchOpen ||= isExpiryOf(event, wanted);
      this.isClaimed ||= this.#isBatchOpen;
      return;
    }
    if (this.#isBatchOpen) this.#prove(standing, event.seq);
    this.#isBatchOpen = false;
    if (event.event_type === 'audit_opened') this.#forgetTakenOver(event);
  }

  /** The best that was found; a record without a signature is worth nothing in a log that has any. */
  signature(isSignedLog: boolean): ExpirySignature | null {
    return this.#best === 'unsigned' && isSignedLog ? null : this.#best;
  }

  /** Whether all that was found is a checkpoint without a signature. */
  get isUnsigned(): boolean {
    return this.#best === 'unsigned';
  }

  #prove(standing: CheckpointStanding, seq: number): void {
    const best = this.#best;
    if (standing === 'signed') this.#best = 'checked';
    if (standing === 'not_checked' && best !== 'checked') this.#best = 'not_checked';
    if (standing === 'unsigned') this.#best ??= 'unsigned';
    if (this.#best !== best) this.#provenAt = seq;
  }

  /**
   * The service deletes nothing before the checkpoint over an expiry is the known head, so that no start takes over an
   * expiry of its own: one among such lines counts only where its signature was checked.
   */
  #forgetTakenOver({ taken_over_first_seq: first, taken_over_last_seq: last }: LogLine): void {
    if (this.#best === 'checked' || typeof first !== 'number' || typeof last !== 'number') return;
    if (first <= this.#provenAt && this.#provenAt <= last) this.#best = null;
  }
}

function isExpiryOf(event: LogLine, wanted: ChainLink): boolean {
  const { last_seq: seq, last_hash: hash, last_timestamp: timestamp } = event;
  // Both are ISO 8601 of one length, which sort as the times they name.
  const isLater = typeof timestamp === 'string' && event.timestamp >= timestamp;
  return seq === wanted.seq && hash === wanted.hash && isLater;
}
