import type { KeyObject } from 'node:crypto';
import { hashLine, type ChainLink } from '../chain.js';
import { readLineBatches, type FileLine } from '../line-reader.js';
import { checkLogLine, type LogLine } from '../log-line.js';
import { findLogPaths, type LogPaths } from '../log-paths.js';
import { systemCodeOf } from '../faults.js';
import { CheckpointCheck } from './checkpoint-check.js';
import { GapCheck } from './gap-check.js';
import { HeadCheck } from './head-check.js';
import { LinkCheck } from './link-check.js';
import { ProblemList, type VerificationReport } from './report.js';

export interface VerifyOptions {
  /** Files, or directories with a log in them. */
  readonly paths: readonly string[];
  /** Ed25519; without one signatures are not checked. */
  readonly publicKeys: readonly KeyObject[];
  /** A line that the log once contained. */
  readonly expectHead: ChainLink | null;
  readonly onProgress?: (bytesRead: number, byteCount: number) => void;
}

/** Verifies a log from its files alone, in constant memory. Never throws: what cannot be read is a problem. */
export async function verifyLog(options: VerifyOptions): Promise<VerificationReport> {
  const verification = new Verification(options);
  let found: LogPaths = { files: [], partials: [], byteCount: 0 };
  try {
    found = await findLogPaths(options.paths);
  } catch (error) {
    verification.problems.add(
      'unreadable_file',
      `a path cannot be read (${systemCodeOf(error) ?? 'unknown'})`,
    );
  }
  let bytesBefore = 0;
  for (const file of found.files) {
    bytesBefore += await verification.readFile(file, (bytesRead) =>
      options.onProgress?.(bytesBefore + bytesRead, found.byteCount),
    );
  }
  return verification.finish(found);
}

/** The checks, and what the report says besides them. */
class Verification {
  readonly problems = new ProblemList();
  readonly #links = new LinkCheck(this.problems);
  readonly #gap = new GapCheck(this.problems);
  readonly #checkpoints: CheckpointCheck;
  readonly #head: HeadCheck;
  readonly #keyCount: number;
  #first: LogLine | null = null;
  #last: LogLine | null = null;
  #lastPlace: { file: string; line: number } | null = null;
  #eventCount = 0;

  constructor(options: VerifyOptions) {
    this.#checkpoints = new CheckpointCheck(this.problems, options.publicKeys);
    this.#head = new HeadCheck(this.problems, options.expectHead);
    this.#keyCount = options.publicKeys.length;
  }

  /** Gives the bytes read. */
  async readFile(file: string, onProgress: (bytesRead: number) => void): Promise<number> {
    let bytesRead = 0;
    try {
      for await (const lines of readLineBatches(file)) {
        for (const line of lines) {
          this.#readLine(file, line);
          bytesRead = line.endOffset;
        }
        onProgress(bytesRead);
      }
    } catch (error) {
      this.problems.add('unreadable_file', `cannot be read (${systemCodeOf(error) ?? 'unknown'})`, file);
    }
    return bytesRead;
  }

  finish(found: LogPaths): VerificationReport {
    if (this.#eventCount === 0) this.problems.add('empty_log', 'there is no event to verify');
    const missing = this.#links.missing;
    const isExplained = this.#gap.finish(missing, found.files[0] ?? null);
    this.#checkpoints.finish();
    this.#head.finish(this.#lastPlace);
    return {
      whole: this.problems.count === 0,
      problems: this.problems.list,
      problem_count: this.problems.count,
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
      expired_through: isExplained ? missing : null,
    };
  }

  #readLine(file: string, { bytes, number, complete }: FileLine): void {
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
    this.#head.accept(placed);
    const counts = this.#checkpoints.accept(placed);
    this.#gap.accept(placed, this.#links.missing, counts);
  }
}
