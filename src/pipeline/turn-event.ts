import { BLANK_EVENT, type AuditEvent, type RedactedFinding } from '../domain/audit-event.js';
import type { CallContext } from '../domain/control-plane.js';
import type { Decision } from '../domain/decision.js';
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

/** What every event of a turn has in common. */
function turnFields(turn: TurnIdentity) {
  const { principal, correlation_id } = turn.call;
  return {
    ...BLANK_EVENT,
    correlation_id,
    request_id: turn.request.request_id,
    decision_id: turn.decision_id,
    user_id: turn.request.user_id,
    session_id: turn.request.session_id,
    tenant_id: turn.request.tenant_id,
    model: turn.model,
    principal_id: principal.id,
    principal_kind: principal.kind,
    identity_assurance: principal.assurance,
    policy_sha256: turn.policy_sha256,
  };
}

function callFields(toolCall: ToolCall | null) {
  return {
    tool_name: toolCall?.tool_name ?? null,
    target: toolCall?.target ?? null,
    source_context_ids: toolCall?.provenance?.context_ids ?? [],
    retrieved_context_trust: toolCall?.provenance?.trust ?? null,
  };
}

function filterFields(verdict: FilterVerdict) {
  return {
    contains_sensitive_data: verdict.finding_count > 0 || !verdict.allowed,
    output_filter_decision: verdict.allowed ? ('allow' as const) : ('block' as const),
    output_finding_count: verdict.finding_count,
    output_finding_types: verdict.finding_types,
    output_highest_severity: verdict.highest_severity,
    output_findings_redacted: verdict.findings.map(
      ({ finding_type, severity, reason, redacted_sample, rule_id }): RedactedFinding => ({
        finding_type,
        severity,
        reason,
        redacted_sample,
        rule_id,
      }),
    ),
  };
}

/** What the event of a denial by the gate says; a verdict is missing where the gate failed to give one. */
function deniedApproval({ approval_verdict: verdict, reason }: Decision) {
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

/** What the event of a decision that the gate let pass says; nothing where the gate was not reached. */
function passedApproval({ approval_verdict: verdict }: Decision) {
  switch (verdict?.outcome) {
    case 'not_required':
      return { approval_decision: 'not_required' as const };
    case 'granted':
      return verdict.via === 'flag'
        ? { approval_decision: 'granted' as const, approval_reason: 'human_approval_flag' }
        : {
            approval_id: verdict.approval_id,
            approver_id: verdict.approver_id,
            approval_decision: 'granted' as const,
            approval_reason: 'approval_token',
            approval_token_valid: true,
          };
    case 'missing':
    case 'refused':
    case undefined:
      return {};
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
  return {
    ...turnFields(turn),
    ...callFields(toolCall),
    ...(verdict === null ? {} : filterFields(verdict)),
    event_type: recordedEventTypeOf(outcome.reason.code, outcome.stage),
    stage: outcome.stage,
    allowed: outcome.allowed,
    policy_decision: outcome.allowed ? 'allow' : 'deny',
    policy_reason: outcome.reason.text,
  };
}

/** The event of a broker decision. `stage` is where an allow is recorded: `simulation` or `authorize`. */
export function decisionEvent(
  turn: TurnIdentity,
  toolCall: ToolCall,
  decision: Decision,
  stage: Stage,
): AuditEvent {
  const eventType = recordedEventTypeOf(decision.reason.code, stage);
  const allowed = decision.effect === 'allow';
  const verdict = decision.argument_verdict;
  return {
    ...turnFields(turn),
    ...callFields(toolCall),
    ...(verdict !== null && !verdict.allowed ? filterFields(verdict) : {}),
    ...(eventType === 'approval_denied' ? deniedApproval(decision) : passedApproval(decision)),
    event_type: eventType,
    stage,
    allowed,
    policy_decision: POLICY_DECISION[decision.effect],
    policy_reason: decision.reason.text,
    risk_level: decision.risk_level,
    human_approval_required: decision.requires_human_approval,
    arguments: decision.arguments,
  };
}

/** The event of a tool that ran, and then failed or had its result withheld: the decision itself stands. */
export function aftermathEvent(
  turn: TurnIdentity,
  toolCall: ToolCall,
  decision: Decision,
  outcome: { readonly reason: Reason; readonly stage: Stage },
  verdict: FilterVerdict | null,
): AuditEvent {
  return {
    ...decisionEvent(turn, toolCall, decision, decision.stage),
    ...(verdict === null ? {} : filterFields(verdict)),
    event_type: recordedEventTypeOf(outcome.reason.code, outcome.stage),
    stage: outcome.stage,
    policy_reason: outcome.reason.text,
  };
}

/** The event of the teaching path, where no check was asked. */
export function vulnerableEvent(turn: TurnIdentity, toolCall: ToolCall, reason: Reason): AuditEvent {
  return {
    ...turnFields(turn),
    ...callFields(toolCall),
    event_type: 'vulnerable_path_simulation',
    stage: 'vulnerable_simulation',
    allowed: true,
    policy_decision: 'bypassed',
    policy_reason: reason.text,
    risk_level: 'simulated',
  };
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
