import type { ApprovalRecord } from '../domain/approval.js';
import { toTimestamp } from '../domain/clock.js';
import { StoreError } from '../domain/errors.js';
import { fingerprintOf } from './fingerprint.js';
import { renderAction } from './rendering.js';
import type { ApprovalRow } from './store/approval-store.js';

function timestampOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toTimestamp(epochMs);
}

/**
 * The record of a request, as it is shown to whoever may see it; without the token.
 *
 * INVARIANT: what is shown is what the fingerprint binds. A row whose action was changed in the database is a fault,
 * not something to decide on.
 *
 * @throws StoreError where the row's action is not the one that was filed
 */
export function recordOf(row: ApprovalRow): ApprovalRecord {
  const { action } = row;
  if (fingerprintOf(action) !== row.fingerprint) {
    throw new StoreError('an action in the approval store is not the one that was filed');
  }
  const shown = renderAction(action);
  return {
    approval_id: row.approval_id,
    status: row.status,
    tenant_id: action.tenant_id,
    user_id: action.user_id,
    principal_id: action.principal.id,
    session_id: action.session_id,
    identity_assurance: action.principal.assurance,
    role: action.role,
    tool_name: shown.tool_name,
    arguments: shown.arguments,
    target: shown.target,
    risk_level: action.risk_level,
    external_effect: action.external_effect,
    destructive: action.destructive,
    reason: action.rule,
    provenance: shown.provenance,
    warnings: shown.warnings,
    fingerprint: row.fingerprint,
    policy_sha256: action.policy_sha256,
    created_at: toTimestamp(row.created_at),
    expires_at: toTimestamp(row.expires_at),
    decided_at: timestampOrNull(row.decided_at),
    approver_id: row.approver_id,
    decision_reason: row.decision_reason,
    consumed_at: timestampOrNull(row.consumed_at),
  };
}
