import type {
  ApprovalCall,
  ApprovalListQuery,
  ApprovalPage,
  ApprovalRecord,
  ApprovalRefusalCode,
  ApprovalResult,
  ApprovalService,
} from '../domain/approval.js';
import type { AuditLog } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import type { IdSource } from '../domain/ids.js';
import { approverTenants, isRequester, mayView } from './access.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { createDecider } from './decider.js';
import { createHousekeeping, type Housekeeping } from './housekeeping.js';
import { recordOf } from './record.js';
import { createTransitionRecorder } from './recorder.js';
import { recordForbidden } from './refusal-event.js';
import type { ApprovalRow, ApprovalStore } from './store/approval-store.js';
import type { ApprovalTokens } from './token.js';

/** What the service works with. */
export interface ApprovalServiceOptions {
  readonly store: ApprovalStore;
  readonly audit: AuditLog;
  readonly tokens: ApprovalTokens;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** How long a request that ended is kept. */
  readonly retentionDays: number;
}

const DEFAULT_PAGE_SIZE = 50;
const SCOPES = ['approve', 'run', 'authorize'] as const;

function refuse(code: ApprovalRefusalCode): { readonly ok: false; readonly code: ApprovalRefusalCode } {
  return { ok: false, code };
}

/** What the reading half of the service works with. */
interface Parts extends Pick<ApprovalServiceOptions, 'store' | 'audit' | 'tokens' | 'clock'> {
  readonly housekeeping: Housekeeping;
}

async function listPage(
  { store, audit, housekeeping }: Parts,
  { principal, correlation_id }: ApprovalCall,
  query: ApprovalListQuery,
): Promise<ApprovalResult<ApprovalPage>> {
  if (!principal.scopes.has('approve')) return refuse('insufficient_scope');
  const own = approverTenants(principal);
  const { tenant_id, status = null, limit = DEFAULT_PAGE_SIZE, cursor } = query;
  if (tenant_id !== undefined && own?.includes(tenant_id) === false) {
    await recordForbidden(audit, { principal, correlation_id, code: 'identity_mismatch', row: null });
    return refuse('identity_mismatch');
  }
  const after = cursor === undefined ? null : decodeCursor(cursor);
  if (after === null && cursor !== undefined) return refuse('validation_error');
  await housekeeping.expireDue();
  const tenants = tenant_id === undefined ? own : [tenant_id];
  const rows = await store.list({ status, tenants, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    ok: true,
    value: {
      approvals: page.map(recordOf),
      next_cursor: last === undefined ? null : encodeCursor(last),
    },
  };
}

/** INVARIANT: nobody but the requesting side ever sees a token, and only of a grant that is in the log. */
async function tokenOf(
  { tokens, clock }: Parts,
  row: ApprovalRow,
  call: ApprovalCall,
): Promise<{ approval_token?: string }> {
  const isUsable = row.status === 'approved' && row.recorded && row.expires_at > clock.now();
  if (!isUsable || row.approver_id === null || !isRequester(call.principal, row.action)) return {};
  const approval_token = await tokens.sign({
    jti: row.approval_id,
    sub: row.action.user_id,
    iat: Math.floor((row.decided_at ?? row.created_at) / 1_000),
    exp: Math.ceil(row.expires_at / 1_000),
    approver: row.approver_id,
    tenant: row.action.tenant_id,
    tool: row.action.tool_name,
    fingerprint: row.fingerprint,
  });
  return { approval_token };
}

async function getRecord(
  parts: Parts,
  call: ApprovalCall,
  approvalId: string,
): Promise<ApprovalResult<ApprovalRecord>> {
  const { principal } = call;
  const hasScope = SCOPES.some((scope) => principal.scopes.has(scope));
  if (!hasScope || principal.kind === 'anonymous') return refuse('insufficient_scope');
  await parts.housekeeping.expireDue();
  const row = await parts.store.get(approvalId);
  if (row === null || !mayView(principal, row)) return refuse('not_found');
  return { ok: true, value: { ...recordOf(row), ...(await tokenOf(parts, row, call)) } };
}

/**
 * Creates the approval workflow for humans, and for the principal that waits for its token.
 *
 * Nothing is decided by reading. What a caller may not see does not exist for it. Transitions, and refusals for who the
 * caller is, are on record when they are answered. `sweep` is to be called every few
 * seconds: it expires, completes what a crash left unrecorded, and prunes.
 */
export function createApprovalService(options: ApprovalServiceOptions): ApprovalService & Housekeeping {
  const recorder = createTransitionRecorder(options.store, options.audit);
  const housekeeping = createHousekeeping({ ...options, recorder });
  const decider = createDecider({ ...options, recorder });
  const parts = { ...options, housekeeping };
  return {
    list: (call, query) => listPage(parts, call, query),
    get: (call, approvalId) => getRecord(parts, call, approvalId),
    approve: (call, approvalId, reason) => decider.decide('approved', call, approvalId, reason),
    deny: (call, approvalId, reason) => decider.decide('denied', call, approvalId, reason),
    revoke: (call, approvalId, reason) => decider.decide('revoked', call, approvalId, reason),
    ...housekeeping,
  };
}
