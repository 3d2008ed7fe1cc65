import type { ChainLink } from '../chain.js';
import type { PlacedLine } from './place.js';
import type { ProblemList } from './report.js';

/**
 * Checks that files which are not there were deleted on record: by an `audit_files_expired` event that names the line
 * they ended with, and a checkpoint over it.
 *
 * THREAT: whoever deletes the oldest files could claim that they were past their retention.
 */
export class GapCheck {
  readonly #problems: ProblemList;
  #state: 'unexplained' | 'claimed' | 'proven' = 'unexplained';

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** `counts` says whether the line is a checkpoint that stands for everything before it. */
  accept({ event }: PlacedLine, missing: ChainLink | null, counts: boolean): void {
    if (missing === null || this.#state === 'proven') return;
    if (counts) {
      if (this.#state === 'claimed') this.#state = 'proven';
      return;
    }
    if (
      event.event_type === 'audit_files_expired' &&
      event['last_seq'] === missing.seq &&
      event['last_hash'] === missing.hash
    ) {
      this.#state = 'claimed';
    }
  }

  /** Whether all that is missing was deleted on record. */
  finish(missing: ChainLink | null, firstFile: string | null): boolean {
    if (missing === null) return false;
    if (this.#state === 'proven') return true;
    const why =
      this.#state === 'claimed' ? 'no checkpoint that counts stands over their expiry' : 'unexplained';
    this.#problems.add('missing_files', `lines 1 to ${missing.seq} are missing: ${why}`, firstFile);
    return false;
  }
}
