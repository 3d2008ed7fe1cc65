import { at, denied, NONE_NEEDED, type ReasonEntry } from './reason-entry.js';

const NEW_APPROVAL = 'ask for a new approval of exactly this action';

function badToken(summary: string, remedy: string = NEW_APPROVAL): ReasonEntry {
  return denied('approval_denied', summary, remedy);
}

/** What the approval gate says, and what becomes of approvals. */
export const APPROVAL_REASONS = {
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
    'this principal has too many requests that wait for a human or were lately denied',
    'wait until requests are decided and denials have run out',
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
} as const satisfies Record<string, ReasonEntry>;
