import type { AuditEventType } from './event-types.js';
import type { FindingSeverity } from './filter.js';
import type { RiskLevel } from './policy.js';
import type { IdentityAssurance, PrincipalKind } from './principal.js';
import type { Trust } from './provenance.js';
import type { ReasonCode, Stage } from './reasons.js';
import type { JsonObject } from './wire.js';

/** A finding as the log keeps it. */
export interface RedactedFinding {
  readonly finding_type: string;
  readonly severity: FindingSeverity;
  readonly reason: ReasonCode;
  readonly redacted_sample: string;
  readonly rule_id: string;
}

/**
 * One event before it is written: `timestamp`, `seq`, `prev_hash` and `arguments_hmac` are the log's to add.
 *
 * Never holds a prompt, message, chunk, model text, result, key or token. Strings of outside origin are redacted,
 * escaped and cut by the log, not by whoever makes the event.
 */
export interface AuditEvent {
  readonly event_type: AuditEventType;
  readonly correlation_id: string;
  readonly request_id: string;
  readonly decision_id: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly tenant_id: string;
  readonly model: string;
  readonly principal_id: string | null;
  readonly principal_kind: PrincipalKind | null;
  readonly identity_assurance: IdentityAssurance | null;
  readonly stage: Stage;
  readonly allowed: boolean;
  readonly policy_decision: 'allow' | 'deny' | 'bypassed';
  readonly policy_reason: string;
  readonly policy_sha256: string | null;
  readonly tool_name: string | null;
  readonly target: string | null;
  readonly source_context_ids: readonly string[];
  readonly retrieved_context_trust: Trust | null;
  readonly risk_level: RiskLevel | 'simulated' | null;
  readonly human_approval_required: boolean;
  readonly contains_sensitive_data: boolean;
  readonly approval_id: string | null;
  readonly approver_id: string | null;
  readonly approval_decision: 'not_required' | 'granted' | 'denied' | null;
  readonly approval_reason: string | null;
  readonly approval_token_valid: boolean | null;
  readonly approval_token_failure_reason: string | null;
  readonly output_filter_decision: 'allow' | 'block' | null;
  readonly output_finding_count: number | null;
  readonly output_finding_types: readonly string[] | null;
  readonly output_highest_severity: FindingSeverity | null;
  readonly output_findings_redacted: readonly RedactedFinding[] | null;
  /** Validated arguments, for `arguments_hmac` alone: they are never written. */
  readonly arguments: JsonObject | null;
  /** Fields of the audit log's own and the policy's events, written after all others. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** What every event has when nothing is known: an event is this, and what is known. */
export const BLANK_EVENT = {
  correlation_id: 'unknown',
  request_id: 'unknown',
  decision_id: 'unknown',
  user_id: 'unknown',
  session_id: 'unknown',
  tenant_id: 'unknown',
  model: 'n/a',
  principal_id: null,
  principal_kind: null,
  identity_assurance: null,
  policy_sha256: null,
  tool_name: null,
  target: null,
  source_context_ids: [],
  retrieved_context_trust: null,
  risk_level: null,
  human_approval_required: false,
  contains_sensitive_data: false,
  approval_id: null,
  approver_id: null,
  approval_decision: null,
  approval_reason: null,
  approval_token_valid: null,
  approval_token_failure_reason: null,
  output_filter_decision: null,
  output_finding_count: null,
  output_finding_types: null,
  output_highest_severity: null,
  output_findings_redacted: null,
  arguments: null,
  details: null,
} as const satisfies Partial<AuditEvent>;

/** The audit log as the rest of the program sees it. */
export interface AuditLog {
  /**
   * Writes events together, in order, and resolves when all are as safe as configured.
   *
   * @throws AuditUnavailableError when they cannot be: then none of them happened, and nothing may happen.
   */
  append(...events: readonly AuditEvent[]): Promise<void>;
  /** Null while the log can be written; else what is wrong, without paths. */
  fault(): string | null;
  /**
   * Writes what is left to write, a last checkpoint, and closes. Idempotent.
   *
   * @throws AuditUnavailableError when that cannot be written; it is closed all the same.
   */
  close(): Promise<void>;
}
