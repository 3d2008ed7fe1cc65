import type { ApprovalStatus } from '../../domain/approval.js';
import {
  EXPIRY_TRANSITION,
  isTerminal,
  rowOf,
  type ApprovalFiling,
  type ApprovalListing,
  type ApprovalRow,
  type ApprovalStore,
  type ApprovalTransition,
  type FilingResult,
  type ListPosition,
  type TransitionResult,
} from './approval-store.js';
import { RowIndex } from './row-index.js';

function isOpen(row: ApprovalRow): boolean {
  return !isTerminal(row.status);
}

/** Newest first, then by id. */
function compareRows(left: ListPosition, right: ListPosition): number {
  if (left.created_at !== right.created_at) return right.created_at - left.created_at;
  return left.approval_id < right.approval_id ? 1 : left.approval_id > right.approval_id ? -1 : 0;
}

/** The row after a transition, or null where the transition does not apply to it. */
function moved(row: ApprovalRow, change: ApprovalTransition): ApprovalRow | null {
  const isDue = row.expires_at <= change.at;
  if (!change.from.includes(row.status) || !row.recorded || isDue !== (change.to === 'expired')) return null;
  const { decision } = change;
  return {
    ...row,
    status: change.to,
    changed_at: change.at,
    transition_id: change.transition_id,
    recorded: change.recorded,
    consumed_at: change.to === 'consumed' ? change.at : row.consumed_at,
    ...(decision === null
      ? {}
      : { decided_at: change.at, approver_id: decision.approver_id, decision_reason: decision.reason }),
  };
}

/** The rows of a process. Every method runs without interruption, which is what makes it atomic. */
class Rows {
  private readonly byId = new Map<string, ApprovalRow>();
  /** The open row of each fingerprint. */
  private readonly open = new RowIndex();
  /** The newest denial of each fingerprint. */
  private readonly denied = new RowIndex();

  get(id: string): ApprovalRow | null {
    return this.byId.get(id) ?? null;
  }

  all(): IteratorObject<ApprovalRow> {
    return this.byId.values();
  }

  put(row: ApprovalRow): ApprovalRow {
    this.byId.set(row.approval_id, row);
    if (isOpen(row)) this.open.set(row);
    else this.open.delete(row);
    if (row.status === 'denied') this.noteDenial(row);
    return row;
  }

  private noteDenial(row: ApprovalRow): void {
    const newest = this.denied.get(row.fingerprint);
    if (newest === undefined || newest.changed_at <= row.changed_at) this.denied.set(row);
  }

  remove(row: ApprovalRow): void {
    this.byId.delete(row.approval_id);
    this.denied.delete(row);
  }

  file(filing: ApprovalFiling): FilingResult {
    const found = this.open.get(filing.fingerprint);
    let expired: ApprovalRow | null = null;
    if (found !== undefined) {
      expired = moved(found, expiryOf(found, filing.created_at, true));
      if (expired === null) {
        const isRepeat = found.approval_id === filing.approval_id;
        return { expired, outcome: isRepeat ? 'filed' : 'open', row: found };
      }
      this.put(expired);
    }
    const denial = this.denied.get(filing.fingerprint);
    if (denial !== undefined && denial.changed_at >= filing.denied_since) {
      return { expired, outcome: 'denied_recently', row: denial };
    }
    if (this.countAgainstCap(filing) >= filing.pending_cap) return { expired, outcome: 'too_many_pending' };
    return { expired, outcome: 'filed', row: this.put(rowOf(filing)) };
  }

  transition(change: ApprovalTransition): TransitionResult {
    const row = this.get(change.approval_id);
    if (row === null) return { ok: false, row };
    if (row.status === change.to && row.transition_id === change.transition_id) return { ok: true, row };
    const next = moved(row, change);
    return next === null ? { ok: false, row } : { ok: true, row: this.put(next) };
  }

  openRows(): IteratorObject<ApprovalRow> {
    return this.open.values();
  }

  /** What waits of the principal's, and what was lately denied to it. */
  private countAgainstCap({ action, created_at, denied_since }: ApprovalFiling): number {
    const { id } = action.principal;
    let count = 0;
    for (const row of this.open.ofPrincipal(id)) {
      if (row.status === 'pending' && row.expires_at > created_at) count += 1;
    }
    // A denial stands against its fingerprint for as long as it counts: there is one of each at most.
    for (const row of this.denied.ofPrincipal(id)) {
      if (row.changed_at >= denied_since) count += 1;
    }
    return count;
  }
}

function expiryOf(row: ApprovalRow, at: number, recorded: boolean): ApprovalTransition {
  const from: ApprovalStatus[] = ['pending', 'approved'];
  return {
    approval_id: row.approval_id,
    from,
    to: 'expired',
    at,
    transition_id: EXPIRY_TRANSITION,
    recorded,
    decision: null,
  };
}

function expireDue(rows: Rows, at: number, limit: number): readonly ApprovalRow[] {
  const expired = rows
    .openRows()
    .map((row) => moved(row, expiryOf(row, at, false)))
    .filter((row) => row !== null)
    .take(limit)
    .toArray();
  for (const row of expired) rows.put(row);
  return expired;
}

function list(rows: Rows, { status, tenants, after, limit }: ApprovalListing): readonly ApprovalRow[] {
  return rows
    .all()
    .filter((row) => status === null || row.status === status)
    .filter((row) => tenants === null || tenants.includes(row.action.tenant_id))
    .filter((row) => after === null || compareRows(row, after) > 0)
    .toArray()
    .sort(compareRows)
    .slice(0, limit);
}

function unrecorded(rows: Rows, changedBefore: number, limit: number): readonly ApprovalRow[] {
  return rows
    .all()
    .filter((row) => !row.recorded && row.changed_at < changedBefore)
    .toArray()
    .sort((left, right) => left.changed_at - right.changed_at)
    .slice(0, limit);
}

function prune(rows: Rows, changedBefore: number, limit: number): number {
  const old = rows
    .all()
    .filter((row) => isTerminal(row.status) && row.recorded && row.changed_at < changedBefore)
    .take(limit)
    .toArray();
  for (const row of old) rows.remove(row);
  return old.length;
}

/** Creates a store that lives as long as the process: for development and tests. */
export function createMemoryApprovalStore(): ApprovalStore {
  const rows = new Rows();
  /** Promises settle with whatever the body returns or throws. */
  const answer = <T>(body: () => T): Promise<T> => new Promise((resolve) => resolve(body()));
  return {
    file: (filing) => answer(() => rows.file(filing)),
    get: (approvalId) => answer(() => rows.get(approvalId)),
    transition: (change) => answer(() => rows.transition(change)),
    expireDue: (at, limit) => answer(() => expireDue(rows, at, limit)),
    list: (listing) => answer(() => list(rows, listing)),
    markRecorded: (approvalId, transitionId) =>
      answer(() => {
        const row = rows.get(approvalId);
        if (row?.transition_id === transitionId) rows.put({ ...row, recorded: true });
      }),
    unrecorded: (changedBefore, limit) => answer(() => unrecorded(rows, changedBefore, limit)),
    prune: (changedBefore, limit) => answer(() => prune(rows, changedBefore, limit)),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
