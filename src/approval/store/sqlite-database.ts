import { dirname } from 'node:path';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- a release candidate in Node 24, the oldest supported; the contract suite covers what is used
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../domain/errors.js';
import { pendingMigrations, sqliteMigrations } from './migrations.js';

/** Where the database is, and its bounds. */
export interface SqliteStoreOptions {
  /** The database file; made where it or its folder is missing, readable by its owner alone. */
  readonly path: string;
  /** How long an operation waits for another process's lock; the whole process waits with it. */
  readonly busyTimeoutMs?: number;
  /** How large the file may grow; beyond it nothing is filed until something is pruned. */
  readonly maxBytes?: number;
}

const DEFAULT_BUSY_TIMEOUT_MS = 1_000;
const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;
const PAGE_BYTES = 4_096;

function createOwnerOnly(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function migrate(database: DatabaseSync): void {
  database.exec('BEGIN EXCLUSIVE');
  database.exec(
    'CREATE TABLE IF NOT EXISTS approval_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  );
  const found = database
    .prepare('SELECT coalesce(max(version), 0) AS version FROM approval_migrations')
    .get();
  const missing = pendingMigrations(sqliteMigrations, Number(found?.version));
  if (missing === null) throw new StoreError('the approval database was made by a newer version');
  for (const { version, name, sql } of missing) {
    database.exec(sql);
    database.prepare('INSERT INTO approval_migrations (version, name) VALUES (?, ?)').run(version, name);
  }
  database.exec('COMMIT');
}

/** Makes the folder of a new file where only it is missing; what else is wrong shows when the file is opened. */
function makeFolderOf(path: string): void {
  try {
    // Not recursive: Node's own way of making several levels never returns under /proc.
    mkdirSync(dirname(path), { mode: 0o700 });
  } catch {
    return;
  }
}

/** One attempt to open the database. @throws StoreError */
function openOnce(options: SqliteStoreOptions): DatabaseSync {
  const { path, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = options;
  let database: DatabaseSync | null = null;
  makeFolderOf(path);
  try {
    createOwnerOnly(path);
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    migrate(database);
    database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('the approval database cannot be opened', { cause });
  }
}

/** Of processes that open a new file together, SQLite turns some away while one makes it ready. */
const OPEN_ATTEMPTS = 3;

/**
 * Opens the database, brings its schema up to date under an exclusive lock, and makes every commit survive a power loss.
 *
 * @throws StoreError
 */
export function openDatabase(options: SqliteStoreOptions): DatabaseSync {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openOnce(options);
    } catch (error) {
      if (attempt === OPEN_ATTEMPTS) throw error;
    }
  }
}

/** What identifies the file at a path; a file that was replaced is another. */
export function fileIdentity(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}
