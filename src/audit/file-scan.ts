import { hashLine, isSameLink, type ChainLink } from './chain.js';
import { readLineBatches, type FileLine } from './line-reader.js';
import { checkLogLine, type LogLine } from './log-line.js';

/** Lines by which it is known that everything before them is the service's. */
export interface Vouchers {
  /** The checkpoint that the state directory knows; null where it knows none. */
  readonly known: ChainLink | null;
  /** Whether a checkpoint, which is behind the known one, vouches by itself. */
  readonly isVouched: (line: Buffer) => boolean;
}

/** The line at which a file can be continued, and what was seen up to it. */
export interface ScannedEnd {
  readonly link: ChainLink;
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
  /** Whole lines behind the end, which something that is no line separates from it. */
  readonly completeLinesBehind: number;
  /** The last line that vouches for what stands before it. */
  readonly vouched: ChainLink | null;
  /** The first line behind that one which does not follow the line before it, although both are whole; from 1. */
  readonly damagedLine: number | null;
  readonly hasKnown: boolean;
}

/** Reads a log file for its end: the last line that is an event and can be continued. */
export async function scanLogFile(path: string, vouchers: Vouchers): Promise<FileScan> {
  const scanner = new FileScanner(vouchers);
  for await (const lines of readLineBatches(path, 'refuse')) {
    for (const line of lines) scanner.accept(line);
  }
  return scanner;
}

/**
 * What a torn write leaves is an end without a newline, or bytes that are no line: that, and every line behind it, is
 * no part of the log, unless a later line vouches for them. A whole line that does not follow the whole line before it
 * is damage: it stays where it is, for verification to report.
 */
class FileScanner implements FileScan {
  readonly #vouchers: Vouchers;
  /** The whole line before; null before the first. */
  #previous: ChainLink | null = null;
  /** Whether bytes that are no line stand behind the last line that vouches for those before it. */
  #isTorn = false;
  sizeBytes = 0;
  first: LogLine | null = null;
  end: ScannedEnd | null = null;
  completeLinesBehind = 0;
  vouched: ChainLink | null = null;
  damagedLine: number | null = null;
  hasKnown = false;

  constructor(vouchers: Vouchers) {
    this.#vouchers = vouchers;
  }

  accept(line: FileLine): void {
    this.sizeBytes = line.endOffset;
    const event = line.complete ? checkLogLine(line.bytes) : null;
    const previous = this.#previous;
    if (event === null) {
      this.#isTorn = true;
      return;
    }
    const link = { seq: event.seq, hash: hashLine(line.bytes) };
    this.#previous = link;
    if (line.number === 1) this.first = event;
    if (this.#isKnown(link)) {
      this.hasKnown = true;
      this.#continueAt(line, event, link, true);
    } else if (this.#isTorn) {
      if (this.#isLater(event) && this.#isVouched(line, event)) this.#continueAt(line, event, link, true);
      else this.completeLinesBehind += 1;
    } else if (previous === null || follows(event, previous)) {
      this.#continueAt(line, event, link, this.#isVouched(line, event));
    } else {
      this.damagedLine ??= line.number;
      if (event.seq === previous.seq + 1) this.#continueAt(line, event, link, false);
      else this.completeLinesBehind += 1;
    }
  }

  #continueAt(line: FileLine, event: LogLine, link: ChainLink, isVouched: boolean): void {
    const isCheckpoint = event.event_type === 'audit_checkpoint';
    this.end = {
      link,
      endOffset: line.endOffset,
      checkpoint: isCheckpoint ? link : (this.end?.checkpoint ?? null),
      eventsSinceCheckpoint: isCheckpoint ? 0 : (this.end?.eventsSinceCheckpoint ?? 0) + 1,
    };
    this.completeLinesBehind = 0;
    if (!isVouched) return;
    this.vouched = link;
    this.damagedLine = null;
    this.#isTorn = false;
  }

  /** THREAT: a copy of the known line, put at the end, would vouch for what was put before it: only the first counts. */
  #isKnown(link: ChainLink): boolean {
    const { known } = this.#vouchers;
    return known !== null && !this.hasKnown && isSameLink(link, known);
  }

  /** THREAT: a copy of an older checkpoint, put behind noise, would have the chain continued further back. */
  #isLater(event: LogLine): boolean {
    return event.seq > (this.end?.link.seq ?? 0);
  }

  #isVouched(line: FileLine, event: LogLine): boolean {
    const { known, isVouched } = this.#vouchers;
    if (event.event_type !== 'audit_checkpoint' || event.seq <= (known?.seq ?? 0)) return false;
    return isVouched(line.bytes);
  }
}

/** Whether a line is the next one of the chain behind another. */
export function follows(event: LogLine, previous: ChainLink): boolean {
  return event.seq === previous.seq + 1 && event.prev_hash === previous.hash;
}
