import { hashLine, type ChainLink } from './chain.js';
import { readLineBatches, type FileLine } from './line-reader.js';
import { checkLogLine, type LogLine } from './log-line.js';

/** The line at which a file can be continued, and what was seen up to it. */
export interface ScannedEnd {
  readonly link: ChainLink;
  readonly line: LogLine;
  /** Offset after its newline. */
  readonly endOffset: number;
  /** The last checkpoint at or before it. */
  readonly checkpoint: ChainLink | null;
  readonly eventsSinceCheckpoint: number;
}

/** What reading a log file from its start shows. */
export interface FileScan {
  readonly sizeBytes: number;
  readonly first: LogLine | null;
  /** Null where no line of the file can be continued. */
  readonly end: ScannedEnd | null;
  readonly hasSought: boolean;
}

/**
 * Reads a log file for its end: the last line that is an event and names its predecessor rightly.
 *
 * Damage in the middle is not this function's to judge: lines after it that follow each other count, so that nothing
 * but a tail is ever set aside, and verification reports the rest.
 */
export async function scanLogFile(path: string, sought: ChainLink | null): Promise<FileScan> {
  let previousHash: string | null = null;
  let sizeBytes = 0;
  let first: LogLine | null = null;
  let end: ScannedEnd | null = null;
  let hasSought = false;
  for await (const lines of readLineBatches(path)) {
    for (const line of lines) {
      sizeBytes = line.endOffset;
      const event: LogLine | null = line.complete ? checkLogLine(line.bytes) : null;
      const hash = hashLine(line.bytes);
      if (event !== null) {
        if (line.number === 1) first = event;
        if (previousHash === null || event.prev_hash === previousHash)
          end = continueWith(end, event, hash, line);
        hasSought ||= event.seq === sought?.seq && hash === sought.hash;
      }
      previousHash = hash;
    }
  }
  return { sizeBytes, first, end, hasSought };
}

function continueWith(end: ScannedEnd | null, event: LogLine, hash: string, line: FileLine): ScannedEnd {
  const link = { seq: event.seq, hash };
  const isCheckpoint = event.event_type === 'audit_checkpoint';
  return {
    link,
    line: event,
    endOffset: line.endOffset,
    checkpoint: isCheckpoint ? link : (end?.checkpoint ?? null),
    eventsSinceCheckpoint: isCheckpoint ? 0 : (end?.eventsSinceCheckpoint ?? 0) + 1,
  };
}
