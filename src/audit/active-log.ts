import { join } from 'node:path';
import type { ChainLink } from './chain.js';
import { hashLine } from './chain.js';
import { AuditFaultError } from './faults.js';
import type { AuditFile, AuditFileSystem, FileIdentity } from './file-system.js';
import { readLastLine } from './last-line.js';
import { ACTIVE_FILE, archiveName } from './log-files.js';

const DAY_MILLISECONDS = 86_400_000;

/** When a line counts as written: once the operating system has it, or once the disk has. */
export type Durability = 'os' | 'disk';

/** Lines that are written, synced and acknowledged together. */
export interface LineBlock {
  readonly bytes: Buffer;
  readonly firstSeq: number;
  /** Time of the first line. */
  readonly epochMilliseconds: number;
}

/** What the active file holds when it is opened; null where it is not there. */
export interface ActiveContent {
  readonly sizeBytes: number;
  readonly firstSeq: number;
  readonly startedMilliseconds: number;
}

/** Where the file is, how safe a line must be, and when a new file is begun. */
export interface ActiveLogOptions {
  readonly fileSystem: AuditFileSystem;
  readonly directory: string;
  readonly durability: Durability;
  readonly rotateBytes: number;
}

function utcDay(epochMilliseconds: number): number {
  return Math.floor(epochMilliseconds / DAY_MILLISECONDS);
}

/**
 * The file at the end of the log: takes blocks of lines whole or not at all, and rotates by size and by UTC day.
 *
 * Every method that fails leaves the log in need of `repair`.
 */
export class ActiveLog {
  readonly #options: ActiveLogOptions;
  readonly #path: string;
  #file: AuditFile | null = null;
  #identity: FileIdentity | null = null;
  /** Bytes up to the end of the last acknowledged line. */
  #sizeBytes = 0;
  /** Bytes after that which a write of ours may have left. */
  #attemptedBytes = 0;
  #firstSeq = 0;
  #startedMilliseconds = 0;
  #directoryDirty = false;
  #distrusted = false;

  constructor(options: ActiveLogOptions) {
    this.#options = options;
    this.#path = join(options.directory, ACTIVE_FILE);
  }

  async open(content: ActiveContent | null): Promise<void> {
    if (content === null) return this.#create();
    this.#file = await this.#options.fileSystem.open(this.#path, 'existing');
    this.#identity = this.#file.identity();
    this.#sizeBytes = content.sizeBytes;
    this.#firstSeq = content.firstSeq;
    this.#startedMilliseconds = content.startedMilliseconds;
  }

  /** Whether a block belongs in a new file. A clock that steps back starts none. */
  isRotationDue(block: LineBlock): boolean {
    if (this.#sizeBytes === 0) return false;
    return (
      this.#sizeBytes + block.bytes.length > this.#options.rotateBytes ||
      utcDay(block.epochMilliseconds) > utcDay(this.#startedMilliseconds)
    );
  }

  /** Gives the file, all of it on disk, the name of its first line, and begins a new one. */
  async rotate(): Promise<void> {
    const file = this.#checkInPlace();
    if (this.#options.durability === 'os') await this.#guard('sync_failed', () => file.sync());
    await this.#guard('write_failed', () => this.#setAside());
    await this.#create();
  }

  /** Appends a block, in durability `os` before it returns. */
  append(block: LineBlock): Promise<void> | undefined {
    const file = this.#checkInPlace();
    this.#attemptedBytes = block.bytes.length;
    if (this.#options.durability === 'disk') return this.#appendToDisk(file, block);
    let taken: number;
    try {
      taken = file.appendNow(block.bytes);
      // A short write says nothing of its cause: the rest meets it, or is taken.
      if (taken < block.bytes.length) taken += file.appendNow(block.bytes.subarray(taken));
    } catch (error) {
      throw new AuditFaultError('write_failed', error);
    }
    this.#accept(taken, block);
    return undefined;
  }

  /**
   * Brings the file back to its last acknowledged byte, which must end the line `head`. After a failed sync the file is
   * set aside and a new one begun: what the system says of unsynced pages after that cannot be relied on.
   */
  async repair(head: ChainLink): Promise<void> {
    await this.close();
    if (this.#identity === null) return this.#create();
    const found = this.#options.fileSystem.identify(this.#path);
    const ownBytes = this.#sizeBytes + this.#attemptedBytes;
    if (
      !isSameFile(found, this.#identity) ||
      found.sizeBytes < this.#sizeBytes ||
      found.sizeBytes > ownBytes
    ) {
      throw new AuditFaultError('log_replaced');
    }
    await this.#guard('write_failed', async () => {
      this.#file = await this.#options.fileSystem.open(this.#path, 'existing');
      if (found.sizeBytes > this.#sizeBytes) await this.#file.truncate(this.#sizeBytes);
      if (this.#directoryDirty) await this.#syncDirectory();
    });
    await this.#checkTail(head);
    if (!this.#distrusted) return;
    await this.#guard('sync_failed', () => this.#setAside());
    await this.#create();
  }

  /** Makes everything acknowledged so far survive a loss of power. */
  async sync(): Promise<void> {
    const file = this.#file;
    try {
      await file?.sync();
    } catch (error) {
      // A file that was rotated out meanwhile has been synced for that.
      if (file === this.#file) throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    // A descriptor that cannot be closed is gone either way.
    await file?.close().catch(() => undefined);
  }

  async #appendToDisk(file: AuditFile, block: LineBlock): Promise<void> {
    let taken = await this.#guard('write_failed', () => file.append(block.bytes));
    if (taken < block.bytes.length)
      taken += await this.#guard('write_failed', () => file.append(block.bytes.subarray(taken)));
    if (taken === block.bytes.length) {
      await this.#guard('sync_failed', () => file.sync()).catch((error: unknown) => {
        this.#distrusted = true;
        throw error;
      });
    }
    this.#accept(taken, block);
  }

  #accept(taken: number, block: LineBlock): void {
    if (taken !== block.bytes.length) throw new AuditFaultError('write_failed');
    if (this.#sizeBytes === 0) {
      this.#firstSeq = block.firstSeq;
      this.#startedMilliseconds = block.epochMilliseconds;
    }
    this.#sizeBytes += taken;
    this.#attemptedBytes = 0;
  }

  /** THREAT: a log that was deleted or replaced under the process would swallow every further line. */
  #checkInPlace(): AuditFile {
    const found = this.#guardNow(() => this.#options.fileSystem.identify(this.#path));
    if (this.#file === null || this.#identity === null) throw new AuditFaultError('write_failed');
    if (!isSameFile(found, this.#identity) || found.sizeBytes !== this.#sizeBytes) {
      throw new AuditFaultError('log_replaced');
    }
    return this.#file;
  }

  async #checkTail(head: ChainLink): Promise<void> {
    if (this.#sizeBytes === 0) return;
    const line = await this.#guard('write_failed', () => readLastLine(this.#path, this.#sizeBytes));
    if (line === null || hashLine(line) !== head.hash) throw new AuditFaultError('log_replaced');
  }

  async #setAside(): Promise<void> {
    const { fileSystem, directory } = this.#options;
    if (this.#sizeBytes === 0) await fileSystem.remove(this.#path);
    else await fileSystem.rename(this.#path, join(directory, archiveName(this.#firstSeq)));
    this.#identity = null;
    this.#directoryDirty = true;
    this.#distrusted = false;
    await this.close();
  }

  async #create(): Promise<void> {
    await this.#guard('write_failed', async () => {
      this.#directoryDirty = true;
      this.#file = await this.#options.fileSystem.open(this.#path, 'create');
      this.#identity = this.#file.identity();
      this.#sizeBytes = 0;
      await this.#syncDirectory();
    });
  }

  async #syncDirectory(): Promise<void> {
    await this.#options.fileSystem.syncDirectory(this.#options.directory);
    this.#directoryDirty = false;
  }

  async #guard<T>(fault: 'write_failed' | 'sync_failed', action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw error instanceof AuditFaultError ? error : new AuditFaultError(fault, error);
    }
  }

  #guardNow<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new AuditFaultError('write_failed', error);
    }
  }
}

function isSameFile(found: FileIdentity | null, expected: FileIdentity): found is FileIdentity {
  return found?.device === expected.device && found.inode === expected.inode;
}
