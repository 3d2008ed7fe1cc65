import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { nodeFileSystem, type AuditFile, type AuditFileSystem } from '../../src/audit/file-system.js';

export type FaultyOperation =
  | 'open'
  | 'append'
  | 'blockingAppend'
  | 'sync'
  | 'truncate'
  | 'rename'
  | 'remove'
  | 'syncDirectory'
  | 'identify';

/** What the next call of an operation does: nothing special (null), fail with this code, or (append) take only so many bytes. */
export type Fault = string | null | { readonly takes: number; readonly code?: string };

interface Inode {
  /** What a loss of power leaves of the file's content. */
  durable: Buffer;
}

/**
 * The real file system with every operation made to fail at will, and a memory of what would survive a loss of power:
 * the content of each file as of its last sync, under the names of the directory's last sync.
 */
export class FaultFileSystem implements AuditFileSystem {
  readonly #planned = new Map<FaultyOperation, Fault[]>();
  readonly #standing = new Map<FaultyOperation, string>();
  readonly #inodes = new Map<number, Inode>();
  #names = new Map<string, number>();
  #durableNames = new Map<string, number>();
  /** Bytes of the last append that no sync has covered. */
  lastAppend = Buffer.alloc(0);
  readonly #awaited: { operation: FaultyOperation; times: number; resolve: () => void }[] = [];

  /** Makes the next calls of an operation fail, one each. */
  failNext(operation: FaultyOperation, ...faults: readonly Fault[]): void {
    this.#planned.set(operation, [...(this.#planned.get(operation) ?? []), ...faults]);
  }

  /** Makes every call of an operation fail until told otherwise. */
  failAlways(operation: FaultyOperation, code: string | null): void {
    if (code === null) this.#standing.delete(operation);
    else this.#standing.set(operation, code);
  }

  /** Resolves when an operation has been called so many times from now on. */
  reached(operation: FaultyOperation, times: number): Promise<void> {
    return new Promise((resolve) => this.#awaited.push({ operation, times, resolve }));
  }

  /** What a loss of power leaves: names and their contents. */
  survivors(): Map<string, Buffer> {
    return new Map(
      [...this.#durableNames].map(([name, inode]) => [
        name,
        this.#inodes.get(inode)?.durable ?? Buffer.alloc(0),
      ]),
    );
  }

  async open(path: string, how: 'create' | 'existing'): Promise<AuditFile> {
    this.#meet('open');
    const file = await nodeFileSystem.open(path, how);
    const { inode } = file.identity();
    if (how === 'create' || !this.#inodes.has(inode)) {
      this.#inodes.set(inode, { durable: how === 'create' ? Buffer.alloc(0) : readFileSync(path) });
    }
    this.#names.set(basename(path), inode);
    return this.#wrap(file, path);
  }

  identify(path: string) {
    this.#meet('identify');
    return nodeFileSystem.identify(path);
  }

  makeDirectory(path: string): void {
    nodeFileSystem.makeDirectory(path);
  }

  list(directory: string): Promise<string[]> {
    return nodeFileSystem.list(directory);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#meet('rename');
    await nodeFileSystem.rename(from, to);
    const inode = this.#names.get(basename(from));
    this.#names.delete(basename(from));
    if (inode !== undefined) this.#names.set(basename(to), inode);
  }

  async remove(path: string): Promise<void> {
    this.#meet('remove');
    await nodeFileSystem.remove(path);
    this.#names.delete(basename(path));
  }

  async syncDirectory(path: string): Promise<void> {
    this.#meet('syncDirectory');
    await nodeFileSystem.syncDirectory(path);
    this.#durableNames = new Map(this.#names);
  }

  #wrap(file: AuditFile, path: string): AuditFile {
    const inode = this.#inodes.get(file.identity().inode)!;
    const append = (bytes: Buffer, write: (part: Buffer) => number | Promise<number>) => {
      const fault = this.#take('append');
      if (typeof fault === 'string') throw systemError(fault);
      const part = fault === undefined ? bytes : bytes.subarray(0, fault.takes);
      const taken = write(part);
      if (fault?.code !== undefined) throw systemError(fault.code);
      this.lastAppend = Buffer.from(bytes);
      return taken;
    };
    return {
      appendNow: (bytes) => {
        this.#meet('blockingAppend');
        return append(bytes, (part) => file.appendNow(part)) as number;
      },
      append: async (bytes) => append(bytes, (part) => file.append(part)),
      sync: async () => {
        this.#meet('sync');
        await file.sync();
        inode.durable = readFileSync(path);
      },
      truncate: async (sizeBytes) => {
        this.#meet('truncate');
        await file.truncate(sizeBytes);
      },
      identity: () => file.identity(),
      close: () => file.close(),
    };
  }

  #meet(operation: FaultyOperation): void {
    const fault = this.#take(operation);
    if (typeof fault === 'string') throw systemError(fault);
  }

  #take(operation: FaultyOperation): Exclude<Fault, null> | undefined {
    for (const waiter of this.#awaited) {
      if (waiter.operation === operation && (waiter.times -= 1) === 0) waiter.resolve();
    }
    return this.#planned.get(operation)?.shift() ?? this.#standing.get(operation);
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`injected ${code}`), { code });
}
