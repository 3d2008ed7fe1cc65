import { ASK_OPERATOR, at, denied, type ReasonEntry } from './reason-entry.js';

const TRUSTED_SOURCE =
  'let the request come from a source that may authorize; untrusted content is evidence only';

function evidenceOnly(source: string): ReasonEntry {
  return denied(
    'provenance_denied',
    `a call that originates in ${source} is never authorized`,
    TRUSTED_SOURCE,
  );
}

function failed(check: string): ReasonEntry {
  return denied('tool_blocked', `the ${check} check failed to run, so the call is denied`, ASK_OPERATOR);
}

/** What the checks before the approval gate say of a proposed call. */
export const CALL_REASONS = {
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
    placements: at('tool_broker', 'tool_blocked'),
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
} as const satisfies Record<string, ReasonEntry>;
