import fs from 'node:fs';
import { open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { makeDirectory } from './make-directory.js';
import { NotRegularFileError } from './regular-file.js';

/** What tells one file from another at the same path, and how long it is. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
}

/** An open log file. Every write appends. All methods throw the operating system's error. */
export interface AuditFile {
  /** Hands bytes to the operating system now, and returns how many it took. Blocks. */
  appendNow(bytes: Buffer): number;
  /** Hands bytes to the operating system, and returns how many it took. */
  append(bytes: Buffer): Promise<number>;
  /** Resolves when the data, and the metadata needed to find it, would survive a loss of power. */
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  identity(): FileIdentity;
  close(): Promise<void>;
}

/** What the writer needs of a file system. Passed in, so that tests can make every part of it fail. */
export interface AuditFileSystem {
  /** Opens a file for appending, mode 0600. `create` demands that it is new. */
  open(path: string, how: 'create' | 'existing'): Promise<AuditFile>;
  /** Null where there is no file. Blocks, since it stands before every write. */
  identify(path: string): FileIdentity | null;
  /** Makes a directory, mode 0700, and those above it that are missing. Blocks. */
  makeDirectory(path: string): void;
  list(directory: string): Promise<string[]>;
  /** Never replaces a file: the target must not exist. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes creations, renames and removals in a directory survive a loss of power. */
  syncDirectory(path: string): Promise<void>;
}

const FILE_MODE = 0o600;

function toIdentity(stats: fs.Stats): FileIdentity {
  return { device: stats.dev, inode: stats.ino, sizeBytes: stats.size };
}

function wrapHandle(handle: FileHandle): AuditFile {
  return {
    appendNow: (bytes) => fs.writeSync(handle.fd, bytes),
    append: async (bytes) => (await handle.write(bytes)).bytesWritten,
    sync: () => handle.datasync(),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    identity: () => toIdentity(fs.fstatSync(handle.fd)),
    close: () => handle.close(),
  };
}

/** The machine's file system. */
export const nodeFileSystem: AuditFileSystem = {
  async open(path, how) {
    const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
    const creation = how === 'create' ? O_CREAT | O_EXCL : 0;
    const handle = await open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | creation, FILE_MODE);
    if (!(await handle.stat()).isFile()) {
      await handle.close();
      throw new NotRegularFileError(path);
    }
    await handle.chmod(FILE_MODE);
    return wrapHandle(handle);
  },
  identify(path) {
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? null : toIdentity(stats);
  },
  makeDirectory,
  list: (directory) => readdir(directory),
  async rename(from, to) {
    if (fs.existsSync(to)) throw Object.assign(new Error('target exists'), { code: 'EEXIST' });
    await rename(from, to);
  },
  remove: (path) => unlink(path),
  async syncDirectory(path) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
