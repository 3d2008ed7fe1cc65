import type { ApprovalStatus } from '../domain/approval.js';
import { BLANK_EVENT, type AuditEvent } from '../domain/audit-event.js';
import type { Principal } from '../domain/principal.js';
import type { ApprovalRow } from './store/approval-store.js';

/** Whose doing a transition was, and under which names it goes into the log. */
export interface TransitionOccasion {
  readonly correlation_id: string;
  readonly request_id: string;
  readonly decision_id: string;
  /** Null where time alone did it. */
  readonly actor: Pick<Principal, 'id' | 'kind' | 'assurance'> | null;
}

type Facts = Pick<
  AuditEvent,
  'event_type' | 'policy_reason' | 'allowed' | 'policy_decision' | 'approval_decision'
>;

const OPENS = { allowed: true, policy_decision: 'allow', approval_decision: 'granted' } as const;
const CLOSES = { allowed: false, policy_decision: 'deny', approval_decision: 'denied' } as const;
const NEUTRAL = { allowed: false, policy_decision: 'deny', approval_decision: null } as const;

/** What the log says of a request that took this status. */
const EVENTS: Readonly<Record<ApprovalStatus, Facts>> = {
  pending: { event_type: 'approval_requested', policy_reason: 'approval_requested', ...NEUTRAL },
  approved: { event_type: 'approval_granted', policy_reason: 'approval_granted', ...OPENS },
  denied: { event_type: 'approval_rejected', policy_reason: 'approval_rejected', ...CLOSES },
  revoked: { event_type: 'approval_revoked', policy_reason: 'approval_revoked', ...CLOSES },
  consumed: { event_type: 'approval_consumed', policy_reason: 'approval_consumed', ...OPENS },
  expired: { event_type: 'approval_expired', policy_reason: 'approval_expired', ...NEUTRAL },
};

/** The audit event of the status that a row has now. */
export function transitionEvent(row: ApprovalRow, occasion: TransitionOccasion): AuditEvent {
  const { action } = row;
  return {
    ...BLANK_EVENT,
    ...EVENTS[row.status],
    stage: 'approval',
    correlation_id: occasion.correlation_id,
    request_id: occasion.request_id,
    decision_id: occasion.decision_id,
    user_id: action.user_id,
    session_id: action.session_id,
    tenant_id: action.tenant_id,
    principal_id: occasion.actor?.id ?? null,
    principal_kind: occasion.actor?.kind ?? null,
    identity_assurance: occasion.actor?.assurance ?? null,
    policy_sha256: action.policy_sha256,
    tool_name: action.tool_name,
    target: action.target,
    source_context_ids: action.provenance.context_ids,
    retrieved_context_trust: action.provenance.trust,
    risk_level: action.risk_level,
    human_approval_required: true,
    approval_id: row.approval_id,
    approver_id: row.approver_id,
    approval_reason: row.decision_reason ?? action.rule,
    approval_token_valid: row.status === 'consumed' ? true : null,
    arguments: action.arguments,
  };
}
