/** Who an audit event matters to, and how much. */
export type EventCategory = 'decision' | 'filter' | 'boundary' | 'approval' | 'policy' | 'audit' | 'tool';

/** How much an event matters, in rising order. */
export type EventSeverity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** What a type of event is filed under, and what it means in one line. */
export interface EventTypeDescription {
  readonly category: EventCategory;
  readonly severity: EventSeverity;
  readonly meaning: string;
}

/** Every type of audit event. Append-only: log readers rely on these names. */
export const EVENT_TYPES = {
  tool_allowed: { category: 'decision', severity: 'info', meaning: 'a proposed tool call was authorized' },
  tool_blocked: {
    category: 'decision',
    severity: 'medium',
    meaning: 'a proposed tool call was denied by policy or by a failing check',
  },
  provenance_denied: {
    category: 'decision',
    severity: 'high',
    meaning: 'the origin of a proposed tool call may not authorize it',
  },
  approval_denied: {
    category: 'decision',
    severity: 'medium',
    meaning: 'a human approval was needed and is absent or not valid',
  },
  cross_tenant_blocked: {
    category: 'decision',
    severity: 'critical',
    meaning: 'a proposed tool call was aimed at another tenant',
  },
  schema_validation_failed: {
    category: 'decision',
    severity: 'medium',
    meaning: 'a proposed tool call does not have the form its tool declares',
  },
  output_filter_blocked: {
    category: 'filter',
    severity: 'high',
    meaning: 'the model text was withheld because it leaks',
  },
  tool_argument_blocked: {
    category: 'filter',
    severity: 'high',
    meaning: 'a proposed tool call was denied because its arguments leak',
  },
  tool_result_blocked: {
    category: 'filter',
    severity: 'high',
    meaning: 'the result of a tool was withheld because it leaks',
  },
  model_response_allowed: {
    category: 'decision',
    severity: 'info',
    meaning: 'a turn without a tool call was answered',
  },
  adapter_failure: { category: 'boundary', severity: 'high', meaning: 'the agent adapter produced no turn' },
  vulnerable_path_simulation: {
    category: 'decision',
    severity: 'info',
    meaning: 'the teaching path labelled what an unprotected agent would have done',
  },
  tool_failed: { category: 'tool', severity: 'info', meaning: 'an authorized tool failed while it ran' },
  api_auth_failure: {
    category: 'boundary',
    severity: 'medium',
    meaning: 'a request carried no valid credential',
  },
  api_forbidden: {
    category: 'boundary',
    severity: 'medium',
    meaning: 'an authenticated caller asked for what its credential does not permit',
  },
  request_body_limit_blocked: {
    category: 'boundary',
    severity: 'low',
    meaning: 'a request body was larger than the limit',
  },
  approval_requested: {
    category: 'approval',
    severity: 'medium',
    meaning: 'an action was filed for a human to decide',
  },
  approval_granted: { category: 'approval', severity: 'medium', meaning: 'a human approved an action' },
  approval_rejected: { category: 'approval', severity: 'medium', meaning: 'a human denied an action' },
  approval_revoked: {
    category: 'approval',
    severity: 'medium',
    meaning: 'a request or grant was taken back',
  },
  approval_consumed: {
    category: 'approval',
    severity: 'medium',
    meaning: 'a grant was used, once and for all',
  },
  approval_expired: {
    category: 'approval',
    severity: 'medium',
    meaning: 'a request or grant ran out of time',
  },
  policy_loaded: { category: 'policy', severity: 'medium', meaning: 'a policy came into force' },
  policy_rejected: {
    category: 'policy',
    severity: 'medium',
    meaning: 'a changed policy was refused and the old one stays in force',
  },
  audit_opened: { category: 'audit', severity: 'info', meaning: 'the log was opened by a process' },
  audit_recovered: {
    category: 'audit',
    severity: 'high',
    meaning: 'the log recovered: a torn tail was set aside, or writing works again after it had failed',
  },
  audit_checkpoint: { category: 'audit', severity: 'info', meaning: 'the chain up to here is signed' },
  audit_files_expired: {
    category: 'audit',
    severity: 'info',
    meaning: 'log files past their retention were deleted',
  },
  audit_head_reset: {
    category: 'audit',
    severity: 'high',
    meaning: 'an operator accepted a log that is not as the service left it',
  },
  audit_closed: { category: 'audit', severity: 'info', meaning: 'the log was closed in order' },
} as const satisfies Record<string, EventTypeDescription>;

/** The name of a type of event, as it stands in the log. */
export type AuditEventType = keyof typeof EVENT_TYPES;
