import type pg from 'pg';
import {
  EXPIRY_TRANSITION,
  rowOf,
  type ApprovalFiling,
  type ApprovalListing,
  type ApprovalRow,
  type ApprovalStore,
  type ApprovalTransition,
  type FilingResult,
  type TransitionResult,
} from './approval-store.js';
import { createPostgresClient, type PostgresStoreOptions } from './postgres-client.js';
import { migratePostgres } from './postgres-migrate.js';
import { COLUMNS, columnsOf, parseRow } from './row-codec.js';

const OPEN = `status IN ('pending', 'approved')`;
const EXPIRE = `UPDATE approvals SET status = 'expired', changed_at = $1, transition_id = '${EXPIRY_TRANSITION}'`;

const SQL = {
  get: 'SELECT * FROM approvals WHERE approval_id = $1',
  /** Filings of one principal take turns, so that its cap and its fingerprints are decided one after another. */
  lockPrincipal: `SELECT pg_advisory_xact_lock(hashtextextended('approvals of ' || $1, 0))`,
  insert: `INSERT INTO approvals (${COLUMNS.join(', ')})
    VALUES (${COLUMNS.map((column, index) => (column === 'recorded' ? `$${index + 1}::int = 1` : `$${index + 1}`)).join(', ')})`,
  open: `SELECT * FROM approvals WHERE fingerprint = $1 AND ${OPEN}`,
  denied: `SELECT * FROM approvals WHERE fingerprint = $1 AND status = 'denied' AND changed_at >= $2
    ORDER BY changed_at DESC LIMIT 1`,
  countAgainstCap: `SELECT (
    (SELECT count(*) FROM approvals WHERE principal_id = $1 AND status = 'pending' AND expires_at > $2) +
    (SELECT count(*) FROM approvals WHERE principal_id = $1 AND status = 'denied' AND changed_at >= $3))::int AS counted`,
  expireFingerprint: `${EXPIRE}, recorded = true
    WHERE fingerprint = $2 AND ${OPEN} AND recorded AND expires_at <= $1 RETURNING *`,
  /** `SKIP LOCKED`: what another process is expiring or deciding is that one's to report. */
  expireDue: `${EXPIRE}, recorded = false WHERE approval_id IN (SELECT approval_id FROM approvals
    WHERE ${OPEN} AND recorded AND expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING *`,
  transition: `UPDATE approvals SET status = $2, changed_at = $3, transition_id = $4, recorded = $5,
      consumed_at = CASE WHEN $2 = 'consumed' THEN $3 ELSE consumed_at END,
      decided_at = CASE WHEN $6::text IS NULL THEN decided_at ELSE $3 END,
      approver_id = coalesce($6, approver_id),
      decision_reason = coalesce($7, decision_reason)
    WHERE approval_id = $1 AND recorded AND status = ANY($8::text[])
      AND (expires_at <= $3) = ($2 = 'expired')
    RETURNING *`,
  markRecorded:
    'UPDATE approvals SET recorded = true WHERE approval_id = $1 AND transition_id = $2 AND NOT recorded',
  unrecorded: 'SELECT * FROM approvals WHERE NOT recorded AND changed_at < $1 ORDER BY changed_at LIMIT $2',
  prune: `DELETE FROM approvals WHERE approval_id IN (SELECT approval_id FROM approvals
    WHERE status IN ('denied', 'expired', 'revoked', 'consumed') AND recorded AND changed_at < $1 LIMIT $2)`,
  check: 'SELECT count(*) FROM approval_migrations',
};

async function rows(client: pg.ClientBase, sql: string, values: unknown[]): Promise<readonly ApprovalRow[]> {
  const result = await client.query<Record<string, unknown>>(sql, values);
  return result.rows.map(parseRow);
}

async function firstRow(client: pg.ClientBase, sql: string, values: unknown[]): Promise<ApprovalRow | null> {
  return (await rows(client, sql, values))[0] ?? null;
}

/** An open request is the answer to a filing; after an uncertain commit it may be the one that the filing had made. */
function answerOpen(filing: ApprovalFiling, row: ApprovalRow, expired: ApprovalRow | null): FilingResult {
  return { expired, outcome: row.approval_id === filing.approval_id ? 'filed' : 'open', row };
}

async function file(client: pg.ClientBase, filing: ApprovalFiling): Promise<FilingResult> {
  const { fingerprint, created_at: at, action } = filing;
  // Asking again for what waits already is the common case, and takes no turn.
  const waiting = await firstRow(client, SQL.open, [fingerprint]);
  if (waiting !== null && waiting.expires_at > at) return answerOpen(filing, waiting, null);
  await client.query(SQL.lockPrincipal, [action.principal.id]);
  const expired = await firstRow(client, SQL.expireFingerprint, [at, fingerprint]);
  const open = await firstRow(client, SQL.open, [fingerprint]);
  if (open !== null) return answerOpen(filing, open, expired);
  const denial = await firstRow(client, SQL.denied, [fingerprint, filing.denied_since]);
  if (denial !== null) return { expired, outcome: 'denied_recently', row: denial };
  const { rows: counts } = await client.query<{ counted: number }>(SQL.countAgainstCap, [
    action.principal.id,
    at,
    filing.denied_since,
  ]);
  if (!((counts[0]?.counted ?? Number.NaN) < filing.pending_cap))
    return { expired, outcome: 'too_many_pending' };
  const row = rowOf(filing);
  await client.query(SQL.insert, columnsOf(row));
  return { expired, outcome: 'filed', row };
}

async function transition(client: pg.ClientBase, change: ApprovalTransition): Promise<TransitionResult> {
  const changed = await firstRow(client, SQL.transition, [
    change.approval_id,
    change.to,
    change.at,
    change.transition_id,
    change.recorded,
    change.decision?.approver_id ?? null,
    change.decision?.reason ?? null,
    change.from,
  ]);
  if (changed !== null) return { ok: true, row: changed };
  const row = await firstRow(client, SQL.get, [change.approval_id]);
  return row?.status === change.to && row.transition_id === change.transition_id
    ? { ok: true, row }
    : { ok: false, row };
}

/** The statement of a list: only the filters that are set, so that each is served by an index. */
function listStatement({ status, tenants, after, limit }: ApprovalListing): {
  text: string;
  values: unknown[];
} {
  const values: unknown[] = [limit];
  const filters: string[] = [];
  const add = (filter: (...places: string[]) => string, ...given: unknown[]): void => {
    filters.push(filter(...given.map((value) => `$${values.push(value)}`)));
  };
  if (status !== null) add((place) => `status = ${place}`, status);
  if (tenants !== null) add((place) => `tenant_id = ANY(${place}::text[])`, tenants);
  if (after !== null) {
    add(
      (time, id) => `(created_at, approval_id) < (${time}::bigint, ${id}::text)`,
      after.created_at,
      after.approval_id,
    );
  }
  const where = filters.length === 0 ? '' : `WHERE ${filters.join(' AND ')}`;
  return {
    text: `SELECT * FROM approvals ${where} ORDER BY created_at DESC, approval_id DESC LIMIT $1`,
    values,
  };
}

/**
 * Connects to a store in PostgreSQL, for any number of processes, and brings its schema up to date.
 *
 * Every commit is flushed before it is acknowledged (`synchronous_commit = on`). Work that fails in passing (a
 * serialization failure, a server that restarts) is repeated for about two seconds; ids make the repeats harmless.
 *
 * @throws StoreError where the database cannot be reached or its schema is newer than this program
 */
export async function createPostgresApprovalStore(options: PostgresStoreOptions): Promise<ApprovalStore> {
  const client = createPostgresClient(options);
  try {
    await client.transact(migratePostgres);
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    file: (filing) => client.transact((connection) => file(connection, filing)),
    get: (approvalId) => client.run((connection) => firstRow(connection, SQL.get, [approvalId])),
    transition: (change) => client.run((connection) => transition(connection, change)),
    expireDue: (at, limit) => client.run((connection) => rows(connection, SQL.expireDue, [at, limit])),
    list: (listing) => {
      const { text, values } = listStatement(listing);
      return client.run((connection) => rows(connection, text, values));
    },
    markRecorded: (approvalId, transitionId) =>
      client.run(async (connection) => {
        await connection.query(SQL.markRecorded, [approvalId, transitionId]);
      }),
    unrecorded: (before, limit) =>
      client.run((connection) => rows(connection, SQL.unrecorded, [before, limit])),
    prune: (before, limit) =>
      client.run(async (connection) => (await connection.query(SQL.prune, [before, limit])).rowCount ?? 0),
    check: () =>
      client.run(async (connection) => {
        await connection.query(SQL.check);
      }),
    close: () => client.close(),
  };
}
