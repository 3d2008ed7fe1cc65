import { join } from 'node:path';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- the release line that is required has it; an empty database and one transaction are all that is used
import { DatabaseSync } from 'node:sqlite';
import { AuditFaultError } from './faults.js';

const LOCK_FILE = 'audit.lock';

/** The right to write into a directory. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the exclusive right to write the log of a directory; the operating system takes it back when the process ends,
 * however it ends. It is an open exclusive transaction on an empty SQLite database, so it holds between containers that
 * share a local file system, where process ids mean nothing.
 *
 * @throws AuditUnavailableError when another process has it, or the directory cannot be written.
 */
export function lockDirectory(directory: string): DirectoryLock {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw new AuditFaultError(isBusy(error) ? 'locked' : 'write_failed', error);
  }
  const held = database;
  return { release: () => held.close() };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
