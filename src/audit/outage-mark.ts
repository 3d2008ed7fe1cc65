import fs from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const MARK_FILE = 'audit-outage';

/** What the log remembers of an outage while it lasts. */
export interface OutageMark {
  /** The fault; `unknown` where the mark cannot be read. */
  readonly fault: string;
  readonly system_code: string | null;
  /** UTC, ISO 8601; null where the mark cannot be read. */
  readonly faulted_at: string | null;
  /** `SEQ:HASH` of the last acknowledged line; null where the mark cannot be read or does not say. */
  readonly acknowledged: string | null;
}

const markSchema = z.strictObject({
  fault: z.string().max(64),
  system_code: z.string().max(64).nullable(),
  faulted_at: z.iso.datetime(),
  acknowledged: z.string().max(80).nullable().default(null),
});

function parseMark(text: string): OutageMark {
  try {
    return markSchema.parse(JSON.parse(text));
  } catch {
    return { fault: 'unknown', system_code: null, faulted_at: null, acknowledged: null };
  }
}

/**
 * Keeps in the state directory that the log cannot be written, so that an outage which ends with the process comes on
 * record at the next start. Blocks: an outage begins rarely, and its mark must be there before anyone is told.
 *
 * THREAT: whoever replaces the log under the process could stop the process then, and have the next one take over what
 * they put there.
 */
export class OutageMarker {
  readonly #directory: string;
  readonly #path: string;

  constructor(stateDirectory: string) {
    this.#directory = stateDirectory;
    this.#path = join(stateDirectory, MARK_FILE);
  }

  /** The mark that a process left; null where none did. @throws the operating system's error */
  read(): OutageMark | null {
    try {
      return parseMark(fs.readFileSync(this.#path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** @throws the operating system's error */
  set(mark: OutageMark): void {
    const file = fs.openSync(`${this.#path}.new`, 'w', 0o600);
    try {
      fs.writeSync(file, `${JSON.stringify(mark)}\n`);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(`${this.#path}.new`, this.#path);
    this.#syncDirectory();
  }

  /** @throws the operating system's error */
  clear(): void {
    fs.rmSync(this.#path, { force: true });
    this.#syncDirectory();
  }

  #syncDirectory(): void {
    const directory = fs.openSync(this.#directory, 'r');
    try {
      fs.fsyncSync(directory);
    } finally {
      fs.closeSync(directory);
    }
  }
}
