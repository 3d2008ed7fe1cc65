import { join } from 'node:path';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- the release line that is required has it; an empty database and one transaction are all that is used
import { DatabaseSync } from 'node:sqlite';
import { AuditFaultError, type AuditFaultCode } from './faults.js';

/** What there is to lock. One directory may be both, so each has a file of its own. */
const LOCKS = {
  log: { file: 'audit.lock', busy: 'locked', failed: 'log_directory_failed' },
  state: { file: 'audit-head.lock', busy: 'state_locked', failed: 'state_directory_failed' },
} as const satisfies Record<string, { file: string; busy: AuditFaultCode; failed: AuditFaultCode }>;

/** The right to write into a directory. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the exclusive right to write the log, or to keep the head, of a directory; the operating system takes it back when the process ends,
 * however it ends. It is an open exclusive transaction on an empty SQLite database, so it holds between containers that
 * share a local file system, where process ids mean nothing.
 *
 * @throws AuditUnavailableError when another process has it, or the directory cannot be written.
 */
export function lockDirectory(directory: string, what: keyof typeof LOCKS): DirectoryLock {
  const { file, busy, failed } = LOCKS[what];
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(directory, file), { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw new AuditFaultError(isBusy(error) ? busy : failed, error);
  }
  const held = database;
  return { release: () => held.close() };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
