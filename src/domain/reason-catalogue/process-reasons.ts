import { at, NONE_NEEDED, type ReasonEntry } from './reason-entry.js';

const forbidden = at('api_auth', 'api_forbidden');

/** What the HTTP boundary refuses, and what happens to the policy and the log themselves. */
export const PROCESS_REASONS = {
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
    summary: 'the log recovered from a torn tail or an outage',
    remedy: 'look at the .partial file, or at what the event says of the outage',
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
