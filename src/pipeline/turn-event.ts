import type { AuditEvent, RedactedFinding } from '../domain/audit-event.js';
import type { CallContext } from '../domain/control-plane.js';
import type { Decision } from '../domain/decision.js';
import type { FaultSubject } from '../domain/fault.js';
import type { FilterVerdict } from '../domain/filter.js';
import { reasonOf, recordedEventTypeOf, type Reason, type Stage } from '../domain/reasons.js';
import type { TurnRequest } from '../domain/request.js';
import type { ToolCall } from '../domain/tool-call.js';

/** A turn as its audit events name it. */
export interface TurnIdentity {
  readonly call: CallContext;
  readonly request: Pick<TurnRequest, 'request_id' | 'user_id' | 'session_id' | 'tenant_id'>;
  readonly decision_id: string;
  readonly model: string;
  readonly policy_sha256: string | null;
}

/** A turn as a fault within it names it. */
export function subjectOf({ call, decision_id }: TurnIdentity): FaultSubject {
  return { correlation_id: call.correlation_id, decision_id };
}

/** What an event says of the approval gate. */
type ApprovalFields = Partial<
  Pick<
    AuditEvent,
    | 'approval_id'
    | 'approver_id'
    | 'approval_decision'
    | 'approval_reason'
    | 'approval_token_valid'
    | 'approval_token_failure_reason'
  >
>;

/** What one event of a turn says besides whose turn it was. */
interface Ending
  extends
    Pick<AuditEvent, 'event_type' | 'stage' | 'allowed' | 'policy_decision' | 'policy_reason'>,
    Partial<Pick<AuditEvent, 'risk_level' | 'human_approval_required' | 'arguments'>> {
  readonly toolCall: ToolCall | null;
  /** Of the filter that decided; null where it did not. */
  readonly verdict: FilterVerdict | null;
  readonly approval?: ApprovalFields;
}

const NO_APPROVAL: ApprovalFields = {};

function redactedFindings({ findings }: FilterVerdict): readonly RedactedFinding[] {
  return findings.map(({ finding_type, severity, reason, redacted_sample, rule_id }) => ({
    finding_type,
    severity,
    reason,
    redacted_sample,
    rule_id,
  }));
}

function filterDecision(verdict: FilterVerdict | null): AuditEvent['output_filter_decision'] {
  if (verdict === null) return null;
  return verdict.allowed ? 'allow' : 'block';
}

/** The event of a turn. One literal, since spreading parts together costs more than all else about an event. */
function turnEvent(turn: TurnIdentity, ending: Ending): AuditEvent {
  const { principal, correlation_id } = turn.call;
  const { request } = turn;
  const { toolCall, verdict, approval = NO_APPROVAL } = ending;
  return {
    event_type: ending.event_type,
    correlation_id,
    request_id: request.request_id,
    decision_id: turn.decision_id,
    user_id: request.user_id,
    session_id: request.session_id,
    tenant_id: request.tenant_id,
    model: turn.model,
    principal_id: principal.id,
    principal_kind: principal.kind,
    identity_assurance: principal.assurance,
    stage: ending.stage,
    allowed: ending.allowed,
    policy_decision: ending.policy_decision,
    policy_reason: ending.policy_reason,
    policy_sha256: turn.policy_sha256,
    tool_name: toolCall?.tool_name ?? null,
    target: toolCall?.target ?? null,
    source_context_ids: toolCall?.provenance?.context_ids ?? [],
    retrieved_context_trust: toolCall?.provenance?.trust ?? null,
    risk_level: ending.risk_level ?? null,
    human_approval_required: ending.human_approval_required ?? false,
    contains_sensitive_data: verdict !== null && (verdict.finding_count > 0 || !verdict.allowed),
    approval_id: approval.approval_id ?? null,
    approver_id: approval.approver_id ?? null,
    approval_decision: approval.approval_decision ?? null,
    approval_reason: approval.approval_reason ?? null,
    approval_token_valid: approval.approval_token_valid ?? null,
    approval_token_failure_reason: approval.approval_token_failure_reason ?? null,
    output_filter_decision: filterDecision(verdict),
    output_finding_count: verdict?.finding_count ?? null,
    output_finding_types: verdict?.finding_types ?? null,
    output_highest_severity: verdict?.highest_severity ?? null,
    output_findings_redacted: verdict === null ? null : redactedFindings(verdict),
    arguments: ending.arguments ?? null,
    details: null,
  };
}

/** What the event of a denial by the gate says; a verdict is missing where the gate failed to give one. */
function deniedApproval({ approval_verdict: verdict, reason }: Decision): ApprovalFields {
  const denied = {
    approval_decision: 'denied' as const,
    approval_reason: reason.text,
    approval_token_valid: false,
    approval_token_failure_reason: reason.text,
  };
  switch (verdict?.outcome) {
    case 'missing':
      return { ...denied, approval_id: verdict.approval?.approval_id ?? null };
    case 'refused':
      return { ...denied, approval_id: verdict.approval_id };
    case 'not_required':
    case 'granted':
    case undefined:
      return denied;
  }
}

const NOT_REQUIRED: ApprovalFields = { approval_decision: 'not_required' };

/** What the event of a decision that the gate let pass says; nothing where the gate was not reached. */
function passedApproval({ approval_verdict: verdict }: Decision): ApprovalFields {
  switch (verdict?.outcome) {
    case 'not_required':
      return NOT_REQUIRED;
    case 'granted':
      return verdict.via === 'flag'
        ? { approval_decision: 'granted', approval_reason: 'human_approval_flag' }
        : {
            approval_id: verdict.approval_id,
            approver_id: verdict.approver_id,
            approval_decision: 'granted',
            approval_reason: 'approval_token',
            approval_token_valid: true,
          };
    case 'missing':
    case 'refused':
    case undefined:
      return NO_APPROVAL;
  }
}

/** How the log words an effect. */
const POLICY_DECISION = { allow: 'allow', deny: 'deny', step_up: 'deny' } as const satisfies Record<
  Decision['effect'],
  AuditEvent['policy_decision']
>;

/** The event of a turn that ended without a broker decision: at the output filter, or without a tool call. */
export function textEvent(
  turn: TurnIdentity,
  toolCall: ToolCall | null,
  outcome: { readonly reason: Reason; readonly stage: Stage; readonly allowed: boolean },
  verdict: FilterVerdict | null,
): AuditEvent {
  return turnEvent(turn, {
    event_type: recordedEventTypeOf(outcome.reason.code, outcome.stage),
    stage: outcome.stage,
    allowed: outcome.allowed,
    policy_decision: outcome.allowed ? 'allow' : 'deny',
    policy_reason: outcome.reason.text,
    toolCall,
    verdict,
  });
}

/** What became of a call, where and why. */
interface CallOutcome {
  readonly reason: Reason;
  readonly stage: Stage;
}

/**
 * The event of a call that was decided. The outcome is the decision's own, or that of its tool, which ran, and then
 * failed or had its result withheld: the decision itself stands.
 */
export function callEvent(
  turn: TurnIdentity,
  toolCall: ToolCall,
  decision: Decision,
  outcome: CallOutcome,
  verdict: FilterVerdict | null,
): AuditEvent {
  const eventType = recordedEventTypeOf(outcome.reason.code, outcome.stage);
  return turnEvent(turn, {
    event_type: eventType,
    stage: outcome.stage,
    allowed: decision.effect === 'allow',
    policy_decision: POLICY_DECISION[decision.effect],
    policy_reason: outcome.reason.text,
    risk_level: decision.risk_level,
    human_approval_required: decision.requires_human_approval,
    arguments: decision.arguments,
    toolCall,
    verdict,
    approval: eventType === 'approval_denied' ? deniedApproval(decision) : passedApproval(decision),
  });
}

/** The event of a broker decision. `stage` is where an allow is recorded: `simulation` or `authorize`. */
export function decisionEvent(
  turn: TurnIdentity,
  toolCall: ToolCall,
  decision: Decision,
  stage: Stage,
): AuditEvent {
  const { argument_verdict: verdict, reason } = decision;
  const leaks = verdict !== null && !verdict.allowed;
  return callEvent(turn, toolCall, decision, { reason, stage }, leaks ? verdict : null);
}

/** The event of the teaching path, where no check was asked. */
export function vulnerableEvent(turn: TurnIdentity, toolCall: ToolCall, reason: Reason): AuditEvent {
  return turnEvent(turn, {
    event_type: 'vulnerable_path_simulation',
    stage: 'vulnerable_simulation',
    allowed: true,
    policy_decision: 'bypassed',
    policy_reason: reason.text,
    risk_level: 'simulated',
    toolCall,
    verdict: null,
  });
}

/** The event of an adapter that produced no turn. */
export function adapterFailureEvent(turn: TurnIdentity): AuditEvent {
  const outcome = {
    reason: reasonOf('llm_adapter_unavailable'),
    stage: 'llm_adapter',
    allowed: false,
  } as const;
  return textEvent(turn, null, outcome, null);
}
