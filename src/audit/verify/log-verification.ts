import type { KeyObject } from 'node:crypto';
import { hashLine, type ChainLink } from '../chain.js';
import type { FileLine } from '../line-reader.js';
import { checkLogLine, type LogLine } from '../log-line.js';
import type { LogPaths } from '../log-paths.js';
import { CheckpointCheck } from './checkpoint-check.js';
import { GapCheck } from './gap-check.js';
import { HeadCheck } from './head-check.js';
import { LinkCheck } from './link-check.js';
import { NoteList } from './note-list.js';
import { ProblemList, type VerificationReport } from './report.js';

/** All checks of a log, line by line, and what the report says besides. */
export class LogVerification {
  readonly problems = new ProblemList();
  readonly #links = new LinkCheck(this.problems);
  readonly #gap = new GapCheck(this.problems);
  readonly #checkpoints: CheckpointCheck;
  readonly #head: HeadCheck;
  readonly #notes = new NoteList();
  readonly #keyCount: number;
  #first: LogLine | null = null;
  #last: LogLine | null = null;
  #lastPlace: { file: string; line: number } | null = null;
  #eventCount = 0;

  constructor(publicKeys: readonly KeyObject[], expectHead: ChainLink | null) {
    this.#checkpoints = new CheckpointCheck(this.problems, publicKeys);
    this.#head = new HeadCheck(this.problems, expectHead);
    this.#keyCount = publicKeys.length;
  }

  /** Takes the next line of the log. */
  accept(file: string, { bytes, number, complete }: FileLine): void {
    if (!complete) {
      this.problems.add('unterminated_line', 'the line is not ended by a newline', file, number);
      return;
    }
    const event = checkLogLine(bytes);
    if (event === null) {
      this.problems.add('unparsable_line', 'the line is not an event', file, number);
      return;
    }
    const placed = { event, bytes, hash: hashLine(bytes), file, line: number };
    this.#eventCount += 1;
    this.#first ??= event;
    this.#last = event;
    this.#lastPlace = { file, line: number };
    this.#links.accept(placed);
    const standing = this.#checkpoints.accept(placed);
    this.#notes.accept(placed, this.#checkpoints.linesAfter === 0);
    this.#head.accept(placed, standing);
    this.#gap.accept(placed, this.#links.missing, standing);
  }

  /** What only the end of the log shows, and the report. */
  finish(found: LogPaths): VerificationReport {
    if (this.#eventCount === 0) this.problems.add('empty_log', 'there is no event to verify');
    const missing = this.#links.missing;
    const isSignedLog = this.#checkpoints.hasSignature;
    const expirySignature = this.#gap.finish(missing, found.files[0] ?? null, isSignedLog);
    const expiredThrough = expirySignature === null ? null : missing;
    this.#checkpoints.finish();
    this.#head.finish({ last: this.#lastPlace, expiredThrough, isSignedLog });
    return {
      whole: this.problems.count === 0,
      problems: this.problems.list,
      problem_count: this.problems.count,
      notes: this.#notes.list,
      note_count: this.#notes.count,
      files: found.files,
      partial_files: found.partials,
      event_count: this.#eventCount,
      byte_count: found.byteCount,
      first_seq: this.#first?.seq ?? null,
      last_seq: this.#last?.seq ?? null,
      first_timestamp: this.#first?.timestamp ?? null,
      last_timestamp: this.#last?.timestamp ?? null,
      head: this.#links.head,
      checkpoint_count: this.#checkpoints.count,
      signatures: this.#keyCount > 0 ? 'checked' : 'not_checked',
      lines_after_last_checkpoint: this.#checkpoints.linesAfter,
      expired_through: expiredThrough,
      expiry_signature: expirySignature,
    };
  }
}
