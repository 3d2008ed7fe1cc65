import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLink, formatLink, type ChainLink } from './chain.js';
import { nodeFileSystem } from './file-system.js';

const HEAD_FILE = 'audit-head';

/** What the state directory says of the log: nothing, its newest checkpoint, or something unreadable. */
export type KnownHead =
  | { readonly state: 'none' }
  | { readonly state: 'known'; readonly link: ChainLink }
  | { readonly state: 'damaged' };

/** Reads the newest checkpoint that the state directory knows of. */
export async function readHead(stateDirectory: string): Promise<KnownHead> {
  let text: string;
  try {
    text = await readFile(join(stateDirectory, HEAD_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'none' };
    throw error;
  }
  const link = checkLink(text);
  return link === null ? { state: 'damaged' } : { state: 'known', link };
}

/** Where the head is kept, and how often it may be written. */
export interface HeadKeeperOptions {
  readonly stateDirectory: string;
  /** Makes the log itself survive a loss of power first: the head must never be ahead of it. */
  readonly syncLog: () => Promise<void>;
  /** The head cannot be kept; the log goes on, and the last one kept still holds. */
  readonly onFailure: (error: unknown) => void;
  /** Shortest time between two writes, so that a busy log does not live on syncing. */
  readonly intervalMilliseconds: number;
}

/** Keeps the newest checkpoint in the state directory; of several that come close together, the last. */
export class HeadKeeper {
  readonly #options: HeadKeeperOptions;
  #wanted: ChainLink | null = null;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HeadKeeperOptions) {
    this.#options = options;
  }

  update(link: ChainLink): void {
    this.#wanted = link;
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.intervalMilliseconds).unref();
  }

  /** Resolves when the newest checkpoint is kept, or keeping it has failed. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#writing;
    const link = this.#wanted;
    if (link === null) return;
    this.#wanted = null;
    this.#writing = this.#write(link)
      .catch((error: unknown) => this.#options.onFailure(error))
      .finally(() => (this.#writing = null));
    await this.#writing;
  }

  async #write(link: ChainLink): Promise<void> {
    const { stateDirectory, syncLog } = this.#options;
    await syncLog();
    const path = join(stateDirectory, HEAD_FILE);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(`${formatLink(link)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await nodeFileSystem.syncDirectory(stateDirectory);
  }
}
