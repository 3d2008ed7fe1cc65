import type { ChainLink } from '../chain.js';

/** What verification can find wrong. */
export type ProblemCode =
  | 'unreadable_file'
  | 'empty_log'
  | 'unparsable_line'
  | 'unterminated_line'
  | 'seq_gap'
  | 'seq_repeat'
  | 'broken_link'
  | 'bad_signature'
  | 'unknown_key'
  | 'unsigned_checkpoint'
  | 'no_signed_checkpoint'
  | 'checkpoint_mismatch'
  | 'missing_files'
  | 'head_mismatch'
  | 'head_not_reached'
  | 'head_expired';

/** What stands behind the record of an expiry: a signature that was checked, one that was not, or none at all. */
export type ExpirySignature = 'checked' | 'not_checked' | 'unsigned';

/** One fault, where it is, and what was expected there. */
export interface Problem {
  readonly code: ProblemCode;
  /** Path as it was given or found; null where the fault is the log's as a whole. */
  readonly file: string | null;
  /** Counted from 1; null where the fault is the file's as a whole. */
  readonly line: number | null;
  readonly message: string;
}

/** What is no fault, and yet nothing that the log proves. */
export interface Note {
  /**
   * Lines that a start found behind the last one that vouches for those before it; a process that did not close, behind
   * whose last known head lines may be missing; or an operator's acceptance.
   */
  readonly code: 'taken_over' | 'not_closed' | 'accepted_on_record';
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly first_seq: number;
  readonly last_seq: number;
}

/** What verification says of a log. */
export interface VerificationReport {
  /** True only where nothing is wrong. */
  readonly whole: boolean;
  /** At most 100; `problem_count` is exact. */
  readonly problems: readonly Problem[];
  readonly problem_count: number;
  /** The newest 100; `note_count` counts the others too. None of them makes a log less than whole. */
  readonly notes: readonly Note[];
  readonly note_count: number;
  readonly files: readonly string[];
  /** Tails that a start set aside; they hold nothing that was acknowledged. */
  readonly partial_files: readonly string[];
  readonly event_count: number;
  readonly byte_count: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly first_timestamp: string | null;
  readonly last_timestamp: string | null;
  /** The last line's link: what to give as `--expect-head` the next time. */
  readonly head: ChainLink | null;
  readonly checkpoint_count: number;
  readonly signatures: 'checked' | 'not_checked';
  /** Lines that no checkpoint (with a key: no checkpoint with a good signature) stands over. */
  readonly lines_after_last_checkpoint: number;
  /** The last line that was deleted on record, past its retention; null where the log begins at 1. */
  readonly expired_through: ChainLink | null;
  /** What stands behind the record of that expiry; null where `expired_through` is. */
  readonly expiry_signature: ExpirySignature | null;
}

const MAX_PROBLEMS = 100;

/** Collects faults in bounded memory. */
export class ProblemList {
  readonly list: Problem[] = [];
  count = 0;

  add(code: ProblemCode, message: string, file: string | null = null, line: number | null = null): void {
    this.count += 1;
    if (this.list.length < MAX_PROBLEMS) this.list.push({ code, file, line, message });
  }
}
