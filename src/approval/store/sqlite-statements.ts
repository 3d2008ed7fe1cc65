// eslint-disable-next-line n/no-unsupported-features/node-builtins -- types; see sqlite-database.ts
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { EXPIRY_TRANSITION, type ApprovalListing } from './approval-store.js';
import { COLUMNS } from './row-codec.js';

const OPEN = `status IN ('pending', 'approved')`;
const EXPIRE = `UPDATE approvals SET status = 'expired', changed_at = :at, transition_id = '${EXPIRY_TRANSITION}',
  recorded = :recorded`;

const SQL = {
  get: 'SELECT * FROM approvals WHERE approval_id = ?',
  insert: `INSERT INTO approvals (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  open: `SELECT * FROM approvals WHERE fingerprint = ? AND ${OPEN}`,
  denied: `SELECT * FROM approvals WHERE fingerprint = ? AND status = 'denied' AND changed_at >= ?
       ORDER BY changed_at DESC LIMIT 1`,
  countAgainstCap: `SELECT
         (SELECT count(*) FROM approvals WHERE principal_id = :principal AND status = 'pending' AND expires_at > :at) +
         (SELECT count(*) FROM approvals WHERE principal_id = :principal AND status = 'denied' AND changed_at >= :denied_since)
         AS counted`,
  expireFingerprint: `${EXPIRE} WHERE fingerprint = :fingerprint AND ${OPEN} AND recorded = 1 AND expires_at <= :at RETURNING *`,
  /** A look before the leap: reading waits for nobody, writing may have to. */
  anyDue: `SELECT 1 FROM approvals WHERE ${OPEN} AND recorded = 1 AND expires_at <= ? LIMIT 1`,
  expireDue: `${EXPIRE} WHERE approval_id IN (SELECT approval_id FROM approvals
         WHERE ${OPEN} AND recorded = 1 AND expires_at <= :at ORDER BY expires_at LIMIT :limit) RETURNING *`,
  transition: `UPDATE approvals SET status = :to, changed_at = :at, transition_id = :transition_id, recorded = :recorded,
         consumed_at = CASE :to WHEN 'consumed' THEN :at ELSE consumed_at END,
         decided_at = CASE WHEN :approver_id IS NULL THEN decided_at ELSE :at END,
         approver_id = coalesce(:approver_id, approver_id),
         decision_reason = coalesce(:reason, decision_reason)
       WHERE approval_id = :approval_id AND recorded = 1
         AND status IN (SELECT value FROM json_each(:from))
         AND (expires_at <= :at) = (:to = 'expired')
       RETURNING *`,
  markRecorded:
    'UPDATE approvals SET recorded = 1 WHERE approval_id = ? AND transition_id = ? AND recorded = 0',
  unrecorded: 'SELECT * FROM approvals WHERE recorded = 0 AND changed_at < ? ORDER BY changed_at LIMIT ?',
  prune: `DELETE FROM approvals WHERE approval_id IN (SELECT approval_id FROM approvals
         WHERE NOT ${OPEN} AND recorded = 1 AND changed_at < ? LIMIT ?)`,
  check: 'SELECT count(*) FROM approval_migrations',
};

/** Every statement of the store but the lists. */
export type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

/** Prepares the statements once, so that a misspelt one fails at start. */
export function prepareStatements(database: DatabaseSync): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(prepared) as Statements;
}

/** One statement for each set of filters, so that each is served by an index. */
export function prepareList(database: DatabaseSync): (listing: ApprovalListing) => StatementSync {
  const BY_STATUS = 'AND status = :status';
  const BY_TENANT = 'AND tenant_id IN (SELECT value FROM json_each(:tenants))';
  const prepare = (filters: string): StatementSync =>
    database.prepare(
      `SELECT * FROM approvals WHERE (created_at, approval_id) < (:created_at, :after_id) ${filters}
       ORDER BY created_at DESC, approval_id DESC LIMIT :limit`,
    );
  const [every, ofStatus, ofTenant, ofBoth] = [
    prepare(''),
    prepare(BY_STATUS),
    prepare(BY_TENANT),
    prepare(`${BY_STATUS} ${BY_TENANT}`),
  ];
  return ({ status, tenants }) => {
    if (status === null) return tenants === null ? every : ofTenant;
    return tenants === null ? ofStatus : ofBoth;
  };
}
