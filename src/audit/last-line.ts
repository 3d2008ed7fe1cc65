import { openRegularFile } from './regular-file.js';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The last line within the first `sizeBytes` of a file, without its newline; null where those bytes hold no line that
 * ends with one. Reads backwards, no further than that line.
 */
export async function readLastLine(path: string, sizeBytes: number): Promise<Buffer | null> {
  const handle = await openRegularFile(path, 'refuse');
  try {
    let tail = Buffer.alloc(0);
    let start = sizeBytes;
    while (start > 0) {
      const length = Math.min(CHUNK_BYTES, start);
      start -= length;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      if (bytesRead < length) return null;
      tail = Buffer.concat([buffer, tail]);
      if (tail.at(-1) !== NEWLINE) return null;
      const previous = tail.lastIndexOf(NEWLINE, -2);
      if (previous !== -1 && tail.length > 1) return tail.subarray(previous + 1, -1);
    }
    return tail.length > 1 ? tail.subarray(0, -1) : null;
  } finally {
    await handle.close();
  }
}
