import type {
  ApprovalMissingReason,
  ApprovalReference,
  ApprovalRefusalReason,
  ApprovalVerdict,
  ProposedAction,
} from '../domain/approval.js';
import type { AuditEvent } from '../domain/audit-event.js';
import { toTimestamp, type Clock } from '../domain/clock.js';
import type { IdSource } from '../domain/ids.js';
import { limits } from '../domain/limits.js';
import { bindingMismatch, stateRefusal } from './binding.js';
import { fingerprintOf } from './fingerprint.js';
import type { ApprovalWorkflow } from './gate.js';
import type { ApprovalRow, ApprovalStore } from './store/approval-store.js';
import { storedActionOf } from './stored-action.js';
import type { ApprovalClaims, ApprovalTokens } from './token.js';
import { transitionEvent } from './transition-event.js';

/** What the workflow works with, and its bounds. */
export interface ApprovalWorkflowOptions {
  readonly store: ApprovalStore;
  readonly tokens: ApprovalTokens;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** How long a request lives, and for how long a denial stands against the same action. */
  readonly ttlSeconds: number;
}

/** More than this no human reads: such an action is denied without being filed. UTF-16 code units of its arguments. */
const MAX_REVIEWABLE_LENGTH = 65_536;

function referenceOf(row: ApprovalRow): ApprovalReference {
  return { approval_id: row.approval_id, status: row.status, expires_at: toTimestamp(row.expires_at) };
}

/** A transition as the proposing side brings it about. */
function eventOf(row: ApprovalRow, action: ProposedAction): AuditEvent {
  const { correlation_id, request_id, decision_id } = action;
  const actor = row.status === 'expired' ? null : action.principal;
  return transitionEvent(row, { correlation_id, request_id, decision_id, actor });
}

function refused(
  reason: ApprovalRefusalReason,
  approval_id: string | null,
  transitions: readonly AuditEvent[] = [],
): ApprovalVerdict {
  return { outcome: 'refused', reason, approval_id, transitions };
}

/** The machine side of approvals: files what lacks one, and uses up tokens. */
class Workflow implements ApprovalWorkflow {
  readonly #options: ApprovalWorkflowOptions;
  readonly #ttlMilliseconds: number;

  constructor(options: ApprovalWorkflowOptions) {
    this.#options = options;
    this.#ttlMilliseconds = options.ttlSeconds * 1_000;
  }

  async file(action: ProposedAction, reason: ApprovalMissingReason): Promise<ApprovalVerdict> {
    const stored = storedActionOf(action);
    if (JSON.stringify(stored.arguments).length > MAX_REVIEWABLE_LENGTH) {
      return { outcome: 'missing', reason, approval: null, transitions: [] };
    }
    const now = this.#options.clock.now();
    const result = await this.#options.store.file({
      approval_id: this.#options.ids.next(),
      fingerprint: fingerprintOf(stored),
      action: stored,
      created_at: now,
      expires_at: now + this.#ttlMilliseconds,
      denied_since: now - this.#ttlMilliseconds + 1,
      pending_cap: limits.pendingApprovalsPerPrincipal,
    });
    const expiries = result.expired === null ? [] : [eventOf(result.expired, action)];
    switch (result.outcome) {
      case 'filed': {
        const transitions = [...expiries, eventOf(result.row, action)];
        return { outcome: 'missing', reason, approval: referenceOf(result.row), transitions };
      }
      case 'open':
        return { outcome: 'missing', reason, approval: referenceOf(result.row), transitions: expiries };
      case 'denied_recently':
        return refused('approval_denied_recently', result.row.approval_id, expiries);
      case 'too_many_pending':
        // Whoever nobody authenticated is no principal that could wait or come back: the call is denied as it would be.
        if (action.principal.kind === 'anonymous') {
          return { outcome: 'missing', reason, approval: null, transitions: expiries };
        }
        return refused('too_many_pending_approvals', null, expiries);
    }
  }

  /** Notes that a grant ran out, where nobody has yet, so that its record says so. */
  async #expire(row: ApprovalRow, action: ProposedAction): Promise<readonly AuditEvent[]> {
    const expired = await this.#options.store.transition({
      approval_id: row.approval_id,
      from: ['approved'],
      to: 'expired',
      at: this.#options.clock.now(),
      transition_id: action.decision_id,
      recorded: true,
      decision: null,
    });
    return expired.ok ? [eventOf(expired.row, action)] : [];
  }

  async #consume(row: ApprovalRow, claims: ApprovalClaims, action: ProposedAction): Promise<ApprovalVerdict> {
    const now = this.#options.clock.now();
    const used = await this.#options.store.transition({
      approval_id: row.approval_id,
      from: ['approved'],
      to: 'consumed',
      at: now,
      transition_id: action.decision_id,
      recorded: true,
      decision: null,
    });
    if (!used.ok) {
      // Somebody was faster, or time was: what the row says now is why.
      const reason = stateRefusal(used.row, claims, action.decision_id, now) ?? 'approval_token_reused';
      return refused(reason, row.approval_id);
    }
    const approver_id = used.row.approver_id ?? claims.approver;
    const transitions = [eventOf(used.row, action)];
    return { outcome: 'granted', via: 'token', approval_id: row.approval_id, approver_id, transitions };
  }

  async redeem(action: ProposedAction, token: string): Promise<ApprovalVerdict> {
    const checked = await this.#options.tokens.check(token);
    if (!checked.ok) return refused(checked.reason, null);
    const { claims } = checked;
    const row = await this.#options.store.get(claims.jti);
    const stateReason = stateRefusal(row, claims, action.decision_id, this.#options.clock.now());
    if (row === null || stateReason !== null) {
      const isOver = row?.status === 'approved' && stateReason === 'approval_token_expired';
      const transitions = isOver ? await this.#expire(row, action) : [];
      return refused(stateReason ?? 'approval_token_unknown', claims.jti, transitions);
    }
    const mismatch = bindingMismatch(row, claims, action);
    if (mismatch !== null) return refused(mismatch, row.approval_id);
    return this.#consume(row, claims, action);
  }
}

/** Creates the machine side of approvals. */
export function createApprovalWorkflow(options: ApprovalWorkflowOptions): ApprovalWorkflow {
  return new Workflow(options);
}
