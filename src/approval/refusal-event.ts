import { BLANK_EVENT, type AuditLog } from '../domain/audit-event.js';
import type { Principal } from '../domain/principal.js';
import type { ApprovalRow } from './store/approval-store.js';

/** What somebody was not permitted to do. */
export interface ForbiddenAttempt {
  readonly principal: Principal;
  readonly correlation_id: string;
  readonly code: 'separation_of_duties' | 'identity_mismatch';
  /** The request it was about; null where it was about none. */
  readonly row: ApprovalRow | null;
}

/** Records an attempt on approvals that was refused for who made it. @throws AuditUnavailableError */
export async function recordForbidden(audit: AuditLog, attempt: ForbiddenAttempt): Promise<void> {
  const { principal, correlation_id, code, row } = attempt;
  await audit.append({
    ...BLANK_EVENT,
    event_type: 'api_forbidden',
    stage: 'api_auth',
    allowed: false,
    policy_decision: 'deny',
    policy_reason: code,
    correlation_id,
    request_id: correlation_id,
    principal_id: principal.id,
    principal_kind: principal.kind,
    identity_assurance: principal.assurance,
    ...(row === null
      ? {}
      : {
          tenant_id: row.action.tenant_id,
          user_id: row.action.user_id,
          tool_name: row.action.tool_name,
          approval_id: row.approval_id,
        }),
  });
}
