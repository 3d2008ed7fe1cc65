import { createReadStream } from 'node:fs';

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

const CHUNK_BYTES = 1024 * 1024;
/** Far above the longest line the log can write. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads a file line by line in constant memory; gives the lines of each piece read together. */
export async function* readLineBatches(path: string, startOffset = 0): AsyncGenerator<FileLine[]> {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES, start: startOffset });
  let rest: Buffer = Buffer.alloc(0);
  let restEnd = startOffset;
  let number = 0;
  let oversized = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines: FileLine[] = [];
    const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const base = restEnd - rest.length;
    let from = 0;
    let at = buffer.indexOf(NEWLINE, rest.length);
    for (; at !== -1; at = buffer.indexOf(NEWLINE, from)) {
      number += 1;
      lines.push({
        bytes: buffer.subarray(from, at),
        number,
        endOffset: base + at + 1,
        complete: !oversized,
      });
      oversized = false;
      from = at + 1;
    }
    restEnd = base + buffer.length;
    rest = buffer.subarray(from);
    if (rest.length > MAX_LINE_BYTES) {
      oversized = true;
      rest = rest.subarray(0, 1);
    }
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [{ bytes: rest, number: number + 1, endOffset: restEnd, complete: false }];
}
