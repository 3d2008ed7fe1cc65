import { EVENT_TYPES, type AuditEventType, type EventSeverity } from './event-types.js';
import { limits } from './limits.js';

/** Where in the pipeline something was decided. */
export type Stage =
  | 'output_filter'
  | 'complete'
  | 'schema_validation'
  | 'tool_broker'
  | 'simulation'
  | 'authorize'
  | 'tool_result_filter'
  | 'vulnerable_simulation'
  | 'llm_adapter'
  | 'api_auth'
  | 'api_middleware'
  | 'approval'
  | 'policy'
  | 'audit';

/** A stage at which a reason can arise, and the audit event it is recorded as there. */
interface Placement {
  readonly stage: Stage;
  readonly event: AuditEventType | null;
}

interface ReasonEntry {
  /** Most reasons have one; the output filter's arise wherever a text is filtered. */
  readonly placements: readonly [Placement, ...Placement[]];
  readonly summary: string;
  /** What the caller can do about it, safe to show to anyone. */
  readonly remedy: string;
  /** What stands between the code and the part that names the offender, for codes that have such a part. */
  readonly detailSeparator?: ':' | '_';
}

type Place = readonly [Placement, ...Placement[]];

function at(stage: Stage, event: AuditEventType | null): Place {
  return [{ stage, event }];
}

const broker = (event: AuditEventType): Place => at('tool_broker', event);
const forbidden = at('api_auth', 'api_forbidden');
const anyText: Place = [
  { stage: 'output_filter', event: 'output_filter_blocked' },
  { stage: 'tool_broker', event: 'tool_argument_blocked' },
  { stage: 'tool_result_filter', event: 'tool_result_blocked' },
];

const NONE_NEEDED = 'nothing to do';
const REMOVE_SECRET = 'remove the secret from the text and rotate it if it is real';
const TRUSTED_SOURCE =
  'let the request come from a source that may authorize; untrusted content is evidence only';
const ASK_OPERATOR = 'ask the operator of this service';
const NEW_APPROVAL = 'ask for a new approval of exactly this action';

const leak = (summary: string, remedy: string = REMOVE_SECRET): ReasonEntry => ({
  placements: anyText,
  summary,
  remedy,
});
const denied = (event: AuditEventType, summary: string, remedy: string): ReasonEntry => ({
  placements: broker(event),
  summary,
  remedy,
});
const evidenceOnly = (source: string): ReasonEntry =>
  denied('provenance_denied', `a call that originates in ${source} is never authorized`, TRUSTED_SOURCE);
const badToken = (summary: string, remedy: string = NEW_APPROVAL): ReasonEntry =>
  denied('approval_denied', summary, remedy);
const failed = (check: string): ReasonEntry =>
  denied('tool_blocked', `the ${check} check failed to run, so the call is denied`, ASK_OPERATOR);

/**
 * The one catalogue of reasons: code → where it arises, how it is recorded, what it means, what to do.
 *
 * Append-only. Nothing derives meaning from the spelling of a code.
 */
export const REASONS = {
  // The output filter.
  output_allowed: {
    placements: at('output_filter', null),
    summary: 'the text shows no leak',
    remedy: NONE_NEEDED,
  },
  audit_log_redacted_only: {
    placements: at('output_filter', null),
    summary: 'only minor findings; the text is withheld from the log',
    remedy: NONE_NEEDED,
  },
  secret_pattern_blocked: leak('the text contains a credential'),
  private_key_material_blocked: leak('the text contains private key material'),
  jwt_like_token_blocked: leak('the text contains a JSON Web Token'),
  encoded_blob_blocked: leak(
    'the text contains a long encoded blob',
    'send the content in clear, or leave it out',
  ),
  high_entropy_string_blocked: leak('the text contains a random-looking token', 'leave the token out'),
  cross_tenant_output_blocked: leak('the text names another tenant', 'leave data of other tenants out'),
  sensitive_source_external_destination_blocked: leak(
    'sensitive material would leave the organisation',
    'leave sensitive material out, or send it inside',
  ),
  cross_tenant_source_external_destination_blocked: leak(
    "another tenant's material would leave the organisation",
    'leave data of other tenants out',
  ),
  tool_output_external_destination_blocked: leak(
    'unreviewed tool output would leave the organisation',
    'have the output reviewed, or send it inside',
  ),
  sensitive_response_key_blocked: leak(
    'a structured output has a key that names a secret',
    'leave the field out',
  ),
  unknown_response_key_blocked: leak(
    'a structured output has a key that the schema does not allow',
    'send only the allowed keys',
  ),
  sensitive_classification_detected: leak(
    'the text carries a sensitive classification',
    'leave classified material out',
  ),
  personal_data_detected: leak('the text contains personal data', 'leave personal data out'),
  output_too_large_blocked: leak('the text is larger than the filter examines', 'send less text'),
  output_filter_error: {
    placements: [
      { stage: 'output_filter', event: 'output_filter_blocked' },
      { stage: 'tool_broker', event: 'tool_blocked' },
      { stage: 'tool_result_filter', event: 'tool_result_blocked' },
    ],
    summary: 'the filter failed to run, so the text is withheld',
    remedy: ASK_OPERATOR,
  },

  // A turn without a tool call.
  no_tool_call: {
    placements: at('complete', 'model_response_allowed'),
    summary: 'the agent proposed no tool call',
    remedy: NONE_NEEDED,
  },
  no_tool_call_vulnerable_path: {
    placements: at('complete', null),
    summary: 'the unprotected agent proposed no tool call',
    remedy: NONE_NEEDED,
  },

  // The call's form.
  missing_tool_name: {
    placements: at('schema_validation', 'schema_validation_failed'),
    summary: 'the call names no tool',
    remedy: 'name a tool',
  },
  unknown_tool_schema: {
    placements: at('schema_validation', 'schema_validation_failed'),
    summary: 'no tool of this name is declared',
    remedy: 'call a declared tool',
    detailSeparator: ':',
  },
  schema_validation_failed: {
    placements: at('schema_validation', 'schema_validation_failed'),
    summary: 'the arguments do not have the form the tool declares',
    remedy: 'correct the arguments',
    detailSeparator: ':',
  },

  // Provenance.
  missing_provenance_denied: denied(
    'provenance_denied',
    'the call does not say where it comes from',
    'state the provenance of the call',
  ),
  provenance_signature_missing: denied(
    'provenance_denied',
    'the provenance is not signed',
    'have the provenance signed where the content enters',
  ),
  provenance_signature_invalid: denied(
    'provenance_denied',
    "the provenance's signature does not match",
    'have the provenance signed where the content enters',
  ),
  provenance_tenant_mismatch: denied(
    'provenance_denied',
    "the provenance is another tenant's or no tenant's",
    "use content of the caller's tenant",
  ),
  provenance_content_mismatch: denied(
    'provenance_denied',
    'the content is not the content whose hash was stated',
    'fetch the content again',
  ),
  provenance_context_untrusted: denied(
    'provenance_denied',
    'the call claims trust but rests on an untrusted chunk of this request',
    TRUSTED_SOURCE,
  ),
  untrusted_provenance_denied: denied('provenance_denied', 'the provenance is not trusted', TRUSTED_SOURCE),
  user_cannot_authorize_tool_execution: evidenceOnly('user text'),
  retrieved_cannot_authorize_tool_execution: evidenceOnly('retrieved content'),
  tool_output_cannot_authorize_tool_execution: evidenceOnly('the output of a tool'),
  external_cannot_authorize_tool_execution: evidenceOnly('external content'),
  web_cannot_authorize_tool_execution: evidenceOnly('a web page'),
  email_cannot_authorize_tool_execution: evidenceOnly('an e-mail'),
  support_ticket_cannot_authorize_tool_execution: evidenceOnly('a support ticket'),
  internal_reviewed_cannot_authorize_external_or_destructive: denied(
    'provenance_denied',
    'reviewed content may not authorize a call with external or destructive effect',
    'let a trusted model turn or the system propose it',
  ),

  // Policy.
  unknown_tool_denied_by_policy: denied(
    'tool_blocked',
    'the policy does not list this tool',
    'ask for the tool to be added to the policy',
  ),
  tool_disabled_by_policy: denied(
    'tool_blocked',
    'the policy disables this tool',
    'ask for the tool to be enabled in the policy',
  ),
  role_not_permitted_for_tool: denied(
    'tool_blocked',
    'the policy does not permit this role to use the tool',
    'use a role that the policy permits',
  ),
  cross_tenant_target_denied: denied(
    'cross_tenant_blocked',
    "the target is not the caller's tenant",
    "aim the call at the caller's tenant",
  ),
  argument_constraint_violated: {
    placements: broker('tool_blocked'),
    summary: 'an argument is outside of what the policy allows',
    remedy: 'keep the argument within the policy',
    detailSeparator: ':',
  },
  default_deny_policy: denied(
    'tool_blocked',
    "the policy's default is not deny, so it allows nothing",
    ASK_OPERATOR,
  ),

  // A check that failed to run.
  schema_error: failed('schema'),
  provenance_error: failed('provenance'),
  policy_error: failed('policy'),
  approval_error: failed('approval'),

  // Approval.
  human_approval_required_for_high_impact_action: denied(
    'approval_denied',
    'a human must approve a call with external or destructive effect',
    'have a human approve exactly this action',
  ),
  human_approval_required_by_policy: denied(
    'approval_denied',
    'the policy wants a human to approve this call',
    'have a human approve exactly this action',
  ),
  approval_token_missing: badToken(
    'a human must approve, and the approval must be presented as a token',
    'have a human approve exactly this action, then present the token',
  ),
  approval_denied_recently: badToken(
    'a human denied exactly this action a short while ago',
    'do something else, or ask the approver',
  ),
  too_many_pending_approvals: badToken(
    'this principal has too many requests waiting for a human',
    'wait until pending requests are decided',
  ),
  approval_store_unavailable: badToken(
    'the approval store cannot answer, so the call is denied',
    'try again later',
  ),
  approval_token_malformed: badToken('the approval token is not a token'),
  approval_token_signature_invalid: badToken(
    'the approval token was not signed by this service for this purpose',
  ),
  approval_token_unknown: badToken('no such approval is on record'),
  approval_token_reused: badToken('the approval was used before'),
  approval_token_revoked: badToken('the approval was taken back'),
  approval_token_expired: badToken('the approval ran out of time'),
  approval_token_user_mismatch: badToken('the approval was given for another user'),
  approval_token_tenant_mismatch: badToken('the approval was given for another tenant'),
  approval_token_tool_mismatch: badToken('the approval was given for another tool'),
  approval_token_target_mismatch: badToken('the approval was given for another target'),
  approval_token_risk_mismatch: badToken('the risk of the tool has changed since the approval'),
  approval_token_context_mismatch: badToken('the approval was given in another context'),
  approval_token_provenance_mismatch: badToken('the approval was given for another provenance'),
  approval_token_action_mismatch: badToken('the approval was given for another action'),

  // Allowed, and what came of it.
  explicit_allow_after_policy_checks: {
    placements: [
      { stage: 'simulation', event: 'tool_allowed' },
      { stage: 'authorize', event: 'tool_allowed' },
    ],
    summary: 'every check passed',
    remedy: NONE_NEEDED,
  },
  tool_simulation_failed: {
    placements: at('simulation', 'tool_failed'),
    summary: 'the authorized tool failed while it ran',
    remedy: 'try again',
  },

  // The teaching path.
  would_have_invoked_shell: {
    placements: at('vulnerable_simulation', 'vulnerable_path_simulation'),
    summary: 'an unprotected agent would have run a shell command',
    remedy: 'use the protected path',
  },
  would_have_sent_email_without_broker: {
    placements: at('vulnerable_simulation', 'vulnerable_path_simulation'),
    summary: 'an unprotected agent would have sent an e-mail',
    remedy: 'use the protected path',
  },
  would_have_called: {
    placements: at('vulnerable_simulation', 'vulnerable_path_simulation'),
    summary: 'an unprotected agent would have called the tool',
    remedy: 'use the protected path',
    detailSeparator: '_',
  },

  // The HTTP boundary.
  unauthorized: {
    placements: at('api_auth', 'api_auth_failure'),
    summary: 'the request carries no valid credential',
    remedy: 'present a valid API key or token',
  },
  insufficient_scope: {
    placements: forbidden,
    summary: 'the credential lacks the scope of this endpoint',
    remedy: 'use a credential with this scope',
  },
  identity_mismatch: {
    placements: forbidden,
    summary: 'the body claims an identity that the credential does not hold',
    remedy: 'claim only your own users, tenants and roles',
  },
  separation_of_duties: {
    placements: forbidden,
    summary: 'nobody decides on a request of their own',
    remedy: 'let another human decide',
  },
  path_not_permitted: {
    placements: forbidden,
    summary: 'the vulnerable path is switched off',
    remedy: 'use the protected path',
  },
  request_entity_too_large: {
    placements: at('api_middleware', 'request_body_limit_blocked'),
    summary: 'the request body is larger than the limit',
    remedy: 'send a smaller body',
  },
  llm_adapter_unavailable: {
    placements: at('llm_adapter', 'adapter_failure'),
    summary: 'the agent adapter produced no turn',
    remedy: 'try again later',
  },

  // Approval transitions.
  approval_requested: {
    placements: at('approval', 'approval_requested'),
    summary: 'an action was filed for a human to decide',
    remedy: NONE_NEEDED,
  },
  approval_granted: {
    placements: at('approval', 'approval_granted'),
    summary: 'a human approved an action',
    remedy: NONE_NEEDED,
  },
  approval_rejected: {
    placements: at('approval', 'approval_rejected'),
    summary: 'a human denied an action',
    remedy: NONE_NEEDED,
  },
  approval_revoked: {
    placements: at('approval', 'approval_revoked'),
    summary: 'a request or grant was taken back',
    remedy: NONE_NEEDED,
  },
  approval_consumed: {
    placements: at('approval', 'approval_consumed'),
    summary: 'a grant was used',
    remedy: NONE_NEEDED,
  },
  approval_expired: {
    placements: at('approval', 'approval_expired'),
    summary: 'a request or grant ran out of time',
    remedy: NONE_NEEDED,
  },

  // Policy and audit life cycle.
  policy_loaded: {
    placements: at('policy', 'policy_loaded'),
    summary: 'a policy came into force',
    remedy: NONE_NEEDED,
  },
  policy_rejected: {
    placements: at('policy', 'policy_rejected'),
    summary: 'a changed policy was refused',
    remedy: 'correct the policy file or its digest',
  },
  audit_opened: {
    placements: at('audit', 'audit_opened'),
    summary: 'the log was opened',
    remedy: NONE_NEEDED,
  },
  audit_recovered: {
    placements: at('audit', 'audit_recovered'),
    summary: 'a torn tail was set aside',
    remedy: 'look at the .partial file',
  },
  audit_checkpoint: {
    placements: at('audit', 'audit_checkpoint'),
    summary: 'the chain up to here is signed',
    remedy: NONE_NEEDED,
  },
  audit_files_expired: {
    placements: at('audit', 'audit_files_expired'),
    summary: 'files past their retention were deleted',
    remedy: NONE_NEEDED,
  },
  audit_head_reset: {
    placements: at('audit', 'audit_head_reset'),
    summary: 'an operator accepted a lost head on record',
    remedy: 'find out why the log was lost',
  },
  audit_closed: {
    placements: at('audit', 'audit_closed'),
    summary: 'the log was closed in order',
    remedy: NONE_NEEDED,
  },
} as const satisfies Record<string, ReasonEntry>;

export type ReasonCode = keyof typeof REASONS;

/** A reason as it is decided: its code, and its wire form, which may name the offender after the code. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/**
 * The reason with this code.
 *
 * @param detail what the code names after its separator. It may come from a caller: it is stripped of what is not
 *   printable ASCII and cut to 64 characters. Whoever passes caller text redacts it first.
 */
export function reasonOf(code: ReasonCode, detail?: string): Reason {
  const entry: ReasonEntry = REASONS[code];
  if (detail === undefined || entry.detailSeparator === undefined) return { code, text: code };
  const safe = detail.replaceAll(/[^\x20-\x7e]/g, '').slice(0, limits.reasonDetailLength);
  return { code, text: `${code}${entry.detailSeparator}${safe}` };
}

/** One line of explanation and one of advice for a reason; both safe to show to anyone. */
export function describeReason(code: ReasonCode): Pick<ReasonEntry, 'summary' | 'remedy'> {
  return REASONS[code];
}

/** The stages at which a reason can arise. */
export function placementsOf(code: ReasonCode): readonly Placement[] {
  return REASONS[code].placements;
}

/**
 * The audit event a reason is recorded as when it arises at a stage; null where none is.
 *
 * @throws TypeError when the catalogue does not know the reason at that stage: a programming error.
 */
export function eventTypeOf(code: ReasonCode, stage: Stage): AuditEventType | null {
  const placement = placementsOf(code).find((candidate) => candidate.stage === stage);
  if (placement === undefined) throw new TypeError(`reason ${code} does not arise at stage ${stage}`);
  return placement.event;
}

/** A reason's severity at a stage: that of its audit event. */
export function severityOf(code: ReasonCode, stage: Stage): EventSeverity {
  const event = eventTypeOf(code, stage);
  return event === null ? 'info' : EVENT_TYPES[event].severity;
}
