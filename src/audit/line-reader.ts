import { openRegularFile } from './regular-file.js';

/** One line of a file. */
export interface FileLine {
  /** Without the newline. Valid until the next batch is asked for. */
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly number: number;
  /** Offset of the byte after the line and its newline. */
  readonly endOffset: number;
  /** False where no newline ends it, or where it was too long and `bytes` is only its beginning. */
  readonly complete: boolean;
}

const CHUNK_BYTES = 128 * 1024;
/** Far above the longest line the log can write. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Cuts pieces of a file into its lines. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #endOffset = 0;
  #number = 0;
  #isOversized = false;

  /** The lines that end in this piece. */
  push(piece: Buffer): FileLine[] {
    const lines: FileLine[] = [];
    const buffer = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const base = this.#endOffset - this.#rest.length;
    let from = 0;
    for (let at = buffer.indexOf(NEWLINE, this.#rest.length); at !== -1; at = buffer.indexOf(NEWLINE, from)) {
      this.#number += 1;
      const bytes = buffer.subarray(from, at);
      lines.push({ bytes, number: this.#number, endOffset: base + at + 1, complete: !this.#isOversized });
      this.#isOversized = false;
      from = at + 1;
    }
    this.#endOffset = base + buffer.length;
    this.#rest = buffer.subarray(from);
    if (this.#rest.length > MAX_LINE_BYTES) {
      this.#isOversized = true;
      this.#rest = this.#rest.subarray(0, 1);
    }
    return lines;
  }

  /** What no newline ends; empty where all lines are ended. */
  end(): FileLine[] {
    if (this.#rest.length === 0) return [];
    return [{ bytes: this.#rest, number: this.#number + 1, endOffset: this.#endOffset, complete: false }];
  }
}

/**
 * Reads a file line by line in constant memory; gives the lines of each piece read together.
 *
 * @throws NotRegularFileError, or the operating system's error
 */
export async function* readLineBatches(
  path: string,
  links: 'follow' | 'refuse' = 'follow',
): AsyncGenerator<FileLine[]> {
  const splitter = new LineSplitter();
  const handle = await openRegularFile(path, links);
  const pieces = handle.createReadStream({ highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  for await (const piece of pieces) {
    const lines = splitter.push(piece);
    if (lines.length > 0) yield lines;
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}
