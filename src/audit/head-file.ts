import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLink, formatLink, type ChainLink } from './chain.js';
import { nodeFileSystem } from './file-system.js';

const HEAD_FILE = 'audit-head';
const CLOSED = ' closed';

/** The newest checkpoint that is kept outside the log, and whether the log was closed in order behind it. */
export interface KeptHead {
  readonly link: ChainLink;
  /** True: the log ends with this line, and nothing may stand behind it. False: a process writes it, or was killed. */
  readonly isClosed: boolean;
}

/** What the state directory says of the log: nothing, its newest checkpoint, or something unreadable. */
export type KnownHead =
  { readonly state: 'none' } | ({ readonly state: 'known' } & KeptHead) | { readonly state: 'damaged' };

/** Parses what a head file holds: `SEQ:HASH`, and ` closed` behind it where the log was closed; null for anything else. */
export function checkHeadText(text: string): KeptHead | null {
  const trimmed = text.trim();
  const isClosed = trimmed.endsWith(CLOSED);
  const link = checkLink(isClosed ? trimmed.slice(0, -CLOSED.length) : trimmed);
  return link === null ? null : { link, isClosed };
}

/** Reads the newest checkpoint that the state directory knows of. */
export async function readHead(stateDirectory: string): Promise<KnownHead> {
  let text: string;
  try {
    text = await readFile(join(stateDirectory, HEAD_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'none' };
    throw error;
  }
  const head = checkHeadText(text);
  return head === null ? { state: 'damaged' } : { state: 'known', ...head };
}

/** Puts a head in the place of the one before it; resolves when it would survive a loss of power. */
export async function writeHead(stateDirectory: string, { link, isClosed }: KeptHead): Promise<void> {
  const path = join(stateDirectory, HEAD_FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${formatLink(link)}${isClosed ? CLOSED : ''}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await nodeFileSystem.syncDirectory(stateDirectory);
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

/**
 * Keeps the newest checkpoint in the state directory; of several that come close together, the last. One that cannot be
 * kept is tried again after the same interval.
 */
export class HeadKeeper {
  readonly #options: HeadKeeperOptions;
  #wanted: KeptHead | null = null;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isFailing = false;
  #isStopped = false;

  constructor(options: HeadKeeperOptions) {
    this.#options = options;
  }

  update(link: ChainLink): void {
    this.#wanted = { link, isClosed: false };
    this.#schedule();
  }

  /** Keeps the last line of a log that was closed in order. */
  close(link: ChainLink): Promise<void> {
    this.#wanted = { link, isClosed: true };
    return this.flush();
  }

  /** Resolves when the newest checkpoint is kept, or keeping it has failed. */
  async flush(): Promise<void> {
    this.#cancel();
    while (this.#writing !== null) await this.#writing;
    const head = this.#wanted;
    if (head === null) return;
    this.#wanted = null;
    this.#writing = this.#write(head)
      .catch((error: unknown) => this.#retryLater(head, error))
      .finally(() => (this.#writing = null));
    await this.#writing;
  }

  /**
   * Tries a last time.
   *
   * INVARIANT: nothing is written after it resolves, when the state directory may belong to another process.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.flush();
    this.#cancel();
  }

  async #write(head: KeptHead): Promise<void> {
    await this.#options.syncLog();
    await writeHead(this.#options.stateDirectory, head);
    this.#isFailing = false;
  }

  /** Says so once, however long it lasts. */
  #retryLater(head: KeptHead, error: unknown): void {
    if (!this.#isFailing) this.#options.onFailure(error);
    this.#isFailing = true;
    this.#wanted ??= head;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.intervalMilliseconds).unref();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
