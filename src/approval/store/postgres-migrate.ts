import type pg from 'pg';
import { StoreError } from '../../domain/errors.js';
import { pendingMigrations, postgresMigrations } from './migrations.js';

/** Names this program's schema changes among all advisory locks of the database. */
const MIGRATION_LOCK = 7_215_400_218;

/**
 * Brings the schema up to date. Runs in a transaction, under a lock that makes a second process wait and then find
 * nothing left to do.
 *
 * @throws StoreError where the schema is newer than this program
 */
export async function migratePostgres(client: pg.ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await client.query(
    `CREATE TABLE IF NOT EXISTS approval_migrations (
       version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`,
  );
  const found = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM approval_migrations',
  );
  const missing = pendingMigrations(postgresMigrations, found.rows[0]?.version ?? 0);
  if (missing === null) throw new StoreError('the approval database was made by a newer version');
  for (const { version, name, sql } of missing) {
    await client.query(sql);
    await client.query('INSERT INTO approval_migrations (version, name) VALUES ($1, $2)', [version, name]);
  }
}
