// eslint-disable-next-line n/no-unsupported-features/node-builtins -- a type; see sqlite-database.ts
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreError } from '../../domain/errors.js';
import {
  rowOf,
  type ApprovalFiling,
  type ApprovalListing,
  type ApprovalRow,
  type ApprovalStore,
  type ApprovalTransition,
  type FilingResult,
  type TransitionResult,
} from './approval-store.js';
import { columnsOf, parseRow } from './row-codec.js';
import { prepareList, prepareStatements, type Statements } from './sqlite-statements.js';
import { fileIdentity, openDatabase, type SqliteStoreOptions } from './sqlite-database.js';

/** Before the first row of any list: later than every time, after every id. */
const LIST_START = { created_at: Number.MAX_SAFE_INTEGER, approval_id: '\u{10FFFF}' };

function file(statements: Statements, filing: ApprovalFiling): FilingResult {
  const { fingerprint, created_at: at, denied_since, pending_cap, action } = filing;
  const due = statements.expireFingerprint.get({ at, recorded: 1, fingerprint });
  const expired = due === undefined ? null : parseRow(due);
  const open = statements.open.get(fingerprint);
  if (open !== undefined) {
    const row = parseRow(open);
    return { expired, outcome: row.approval_id === filing.approval_id ? 'filed' : 'open', row };
  }
  const denial = statements.denied.get(fingerprint, denied_since);
  if (denial !== undefined) return { expired, outcome: 'denied_recently', row: parseRow(denial) };
  const counted = statements.countAgainstCap.get({ principal: action.principal.id, at, denied_since });
  if (!(Number(counted?.counted) < pending_cap)) return { expired, outcome: 'too_many_pending' };
  const row = rowOf(filing);
  statements.insert.run(...columnsOf(row));
  return { expired, outcome: 'filed', row };
}

function transition(statements: Statements, change: ApprovalTransition): TransitionResult {
  const changed = statements.transition.get({
    approval_id: change.approval_id,
    from: JSON.stringify(change.from),
    to: change.to,
    at: change.at,
    transition_id: change.transition_id,
    recorded: change.recorded ? 1 : 0,
    approver_id: change.decision?.approver_id ?? null,
    reason: change.decision?.reason ?? null,
  });
  if (changed !== undefined) return { ok: true, row: parseRow(changed) };
  const found = statements.get.get(change.approval_id);
  if (found === undefined) return { ok: false, row: null };
  const row = parseRow(found);
  return { ok: row.status === change.to && row.transition_id === change.transition_id, row };
}

function list(statement: StatementSync, listing: ApprovalListing): readonly ApprovalRow[] {
  const { created_at, approval_id } = listing.after ?? LIST_START;
  const rows = statement.all({
    ...(listing.status === null ? {} : { status: listing.status }),
    ...(listing.tenants === null ? {} : { tenants: JSON.stringify(listing.tenants) }),
    created_at,
    after_id: approval_id,
    limit: listing.limit,
  });
  return rows.map(parseRow);
}

/** Runs a body as one transaction that takes the write lock at once; a fault undoes all of it. */
function inTransaction<T>(database: DatabaseSync, body: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Opens a store in a SQLite file: durable, for one process (several on one machine are safe, but wait for each other).
 *
 * @throws StoreError where the file cannot be opened or its schema is newer than this program
 */
export function createSqliteApprovalStore(options: SqliteStoreOptions): ApprovalStore {
  const database = openDatabase(options);
  const identity = fileIdentity(options.path);
  const statements = prepareStatements(database);
  const listStatement = prepareList(database);

  /** INVARIANT: every fault of the database is a StoreError; none is an answer. */
  function answer<T>(body: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        resolve(body());
      } catch (cause) {
        reject(
          cause instanceof StoreError ? cause : new StoreError('the approval database failed', { cause }),
        );
      }
    });
  }
  const all = (rows: Record<string, unknown>[]): readonly ApprovalRow[] => rows.map(parseRow);

  return {
    file: (filing) => answer(() => inTransaction(database, () => file(statements, filing))),
    get: (approvalId) =>
      answer(() => {
        const found = statements.get.get(approvalId);
        return found === undefined ? null : parseRow(found);
      }),
    transition: (change) => answer(() => inTransaction(database, () => transition(statements, change))),
    expireDue: (at, limit) =>
      answer(() => {
        if (statements.anyDue.get(at) === undefined) return [];
        return all(statements.expireDue.all({ at, recorded: 0, limit }));
      }),
    list: (listing) => answer(() => list(listStatement(listing), listing)),
    markRecorded: (approvalId, transitionId) =>
      answer(() => void statements.markRecorded.run(approvalId, transitionId)),
    unrecorded: (before, limit) => answer(() => all(statements.unrecorded.all(before, limit))),
    prune: (before, limit) => answer(() => Number(statements.prune.run(before, limit).changes)),
    check: () =>
      answer(() => {
        statements.check.get();
        if (fileIdentity(options.path) !== identity)
          throw new StoreError('the approval database was replaced');
      }),
    close: () =>
      answer(() => {
        if (database.isOpen) database.close();
      }),
  };
}
