import type { ApprovalRefusalReason, ProposedAction } from '../domain/approval.js';
import { fingerprintOf, provenanceFingerprintOf, sortedContextIds } from './fingerprint.js';
import type { ApprovalRow } from './store/approval-store.js';
import type { StoredAction } from './stored-action.js';
import type { ApprovalClaims } from './token.js';

type Bound = Pick<
  StoredAction,
  'user_id' | 'tenant_id' | 'tool_name' | 'target' | 'risk_level' | 'provenance'
>;

/** What an action is compared by, in the order in which a difference is named. */
const BINDINGS: readonly (readonly [reason: ApprovalRefusalReason, of: (action: Bound) => string | null])[] =
  [
    ['approval_token_user_mismatch', ({ user_id }) => user_id],
    ['approval_token_tenant_mismatch', ({ tenant_id }) => tenant_id],
    ['approval_token_tool_mismatch', ({ tool_name }) => tool_name],
    ['approval_token_target_mismatch', ({ target }) => target],
    ['approval_token_risk_mismatch', ({ risk_level }) => risk_level],
    ['approval_token_context_mismatch', ({ provenance }) => JSON.stringify(sortedContextIds(provenance))],
    ['approval_token_provenance_mismatch', ({ provenance }) => provenanceFingerprintOf(provenance)],
  ];

/**
 * Why an approval is not for this action, or null where it is.
 *
 * INVARIANT: null is answered only where the action that is about to run, the one that was filed and the one that the
 * token was signed for have one fingerprint.
 */
export function bindingMismatch(
  row: ApprovalRow,
  claims: ApprovalClaims,
  action: ProposedAction,
): ApprovalRefusalReason | null {
  for (const [reason, of] of BINDINGS) {
    if (of(row.action) !== of(action)) return reason;
  }
  const fingerprint = fingerprintOf(action);
  const isSame = fingerprint === row.fingerprint && fingerprint === claims.fingerprint;
  return isSame ? null : 'approval_token_action_mismatch';
}

/** Why a grant in this state cannot be used, or null where it can. */
export function stateRefusal(
  row: ApprovalRow | null,
  claims: ApprovalClaims,
  decisionId: string,
  now: number,
): ApprovalRefusalReason | null {
  switch (row?.status) {
    case 'consumed':
      return row.transition_id === decisionId ? null : 'approval_token_reused';
    case 'revoked':
      return 'approval_token_revoked';
    case 'expired':
      return 'approval_token_expired';
    case 'approved':
      if (row.expires_at <= now || claims.exp * 1_000 <= now) return 'approval_token_expired';
      // A grant that is not in the log has no token yet.
      return row.recorded ? null : 'approval_token_unknown';
    case 'pending':
    case 'denied':
    case undefined:
      return 'approval_token_unknown';
  }
}
