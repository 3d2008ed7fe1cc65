import { stat, type FileHandle } from 'node:fs/promises';
import { checkLogLine, type LogLine } from '../log-line.js';
import { MAX_LINE_BYTES } from '../line-reader.js';
import { openRegularFile } from '../regular-file.js';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** Lines of a file that were read together. */
export interface GrownLines {
  readonly events: readonly LogLine[];
  /** Numbers of the lines that are no events, from 1. */
  readonly unreadable: readonly number[];
}

/** A log file that is read while it grows. */
export class GrowingFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #offset = 0;
  #lineCount = 0;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Null where there is no such file. */
  static async open(path: string): Promise<GrowingFile | null> {
    try {
      return new GrowingFile(path, await openRegularFile(path, 'follow'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** The lines that came since the last read, as far as one piece reaches; null at the end of the file. */
  async read(): Promise<GrownLines | null> {
    const { buffer, bytesRead } = await this.#handle.read(
      Buffer.alloc(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      this.#offset,
    );
    if (bytesRead === 0) return null;
    this.#offset += bytesRead;
    const piece = Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)]);
    const end = piece.lastIndexOf(NEWLINE) + 1;
    this.#rest = piece.subarray(piece.length - end > MAX_LINE_BYTES ? piece.length : end);
    return this.#parse(piece.subarray(0, end).toString());
  }

  /** Each line ends with its newline, so that nothing stands behind the last. */
  #parse(text: string): GrownLines {
    const events: LogLine[] = [];
    const unreadable: number[] = [];
    for (const line of text.split('\n').slice(0, -1)) {
      this.#lineCount += 1;
      const event = checkLogLine(line);
      if (event === null) unreadable.push(this.#lineCount);
      else events.push(event);
    }
    return { events, unreadable };
  }

  /** Whether it is still the file at this path. */
  async isAt(path: string): Promise<boolean> {
    const { ino, dev } = await this.#handle.stat();
    const there = await stat(path).catch(() => null);
    return there?.ino === ino && there.dev === dev;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
