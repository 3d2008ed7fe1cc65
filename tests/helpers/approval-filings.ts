import type { ApprovalStatus, ProposedAction } from '../../src/domain/approval.js';
import { fingerprintOf } from '../../src/approval/fingerprint.js';
import { storedActionOf } from '../../src/approval/stored-action.js';
import type { ApprovalFiling, ApprovalTransition } from '../../src/approval/store/approval-store.js';
import { actionOf } from './approval-actions.js';

export const START = Date.parse('2026-01-02T03:04:05.000Z');
export const TTL_MS = 3_600_000;

let lastId = 0;

/** An id in the form of those that the service makes; ids rise. */
export function nextApprovalId(): string {
  lastId += 1;
  return `00000000-0000-4000-8000-${lastId.toString(16).padStart(12, '0')}`;
}

/** A filing of an action, made at the start of the tests' time. */
export function filingOf(
  action: Partial<ProposedAction> = {},
  change: Partial<ApprovalFiling> = {},
): ApprovalFiling {
  const proposed = actionOf(action);
  const created_at = change.created_at ?? START;
  return {
    approval_id: nextApprovalId(),
    fingerprint: fingerprintOf(proposed),
    action: storedActionOf(proposed),
    created_at,
    expires_at: created_at + TTL_MS,
    denied_since: created_at - TTL_MS,
    pending_cap: 100,
    ...change,
  };
}

const SOURCES: Readonly<Record<ApprovalStatus, readonly ApprovalStatus[]>> = {
  pending: [],
  approved: ['pending'],
  denied: ['pending'],
  revoked: ['pending', 'approved'],
  expired: ['pending', 'approved'],
  consumed: ['approved'],
};

/** A transition to a status as the service or the gate asks for it, already recorded. */
export function transitionTo(
  to: ApprovalStatus,
  approval_id: string,
  change: Partial<ApprovalTransition> = {},
): ApprovalTransition {
  const byHuman = to === 'approved' || to === 'denied' || to === 'revoked';
  return {
    approval_id,
    from: SOURCES[to],
    to,
    at: START + 1_000,
    transition_id: `call-${nextApprovalId()}`,
    recorded: true,
    decision: byHuman ? { approver_id: 'alice', reason: 'looks right' } : null,
    ...change,
  };
}
