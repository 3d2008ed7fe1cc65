import type { Principal } from '../domain/principal.js';
import type { ApprovalRow } from './store/approval-store.js';
import type { StoredAction } from './stored-action.js';

const APPROVER_ROLE = 'approver';
const ANY = '*';

/** The tenants in which a principal may decide; null for all of them. */
export function approverTenants(principal: Principal): readonly string[] | null {
  if (!principal.scopes.has('approve')) return [];
  const tenants = principal.grants
    .filter(({ roles }) => roles.includes(APPROVER_ROLE))
    .map(({ tenant }) => tenant);
  return tenants.includes(ANY) ? null : tenants;
}

/** Whether a principal may decide in a tenant, separation of duties aside. */
export function isApproverIn(principal: Principal, tenant: string): boolean {
  const tenants = approverTenants(principal);
  return tenants === null || tenants.includes(tenant);
}

/** Whether a principal is the one that asked, still acting for the same user in the same tenant and role. */
export function isRequester(principal: Principal, action: StoredAction): boolean {
  const mayPropose = principal.scopes.has('run') || principal.scopes.has('authorize');
  if (!mayPropose || principal.kind === 'anonymous' || principal.id !== action.principal.id) return false;
  if (principal.users !== ANY && !principal.users.includes(action.user_id)) return false;
  return principal.grants.some(
    ({ tenant, roles }) =>
      (tenant === ANY || tenant === action.tenant_id) && (roles.includes(ANY) || roles.includes(action.role)),
  );
}

/** Whether a request exists, as far as a principal can tell. */
export function mayView(principal: Principal, row: ApprovalRow): boolean {
  return isApproverIn(principal, row.action.tenant_id) || isRequester(principal, row.action);
}

/** Names are compared without case and in one Unicode form: a duty is not separated by a capital letter. */
function normalize(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function namesOf(...names: readonly (string | null)[]): ReadonlySet<string> {
  return new Set(names.filter((name) => name !== null).map(normalize));
}

/**
 * Whether somebody may decide on a request: an authenticated human, approver in its tenant, and neither the user it is
 * for, nor who asked, nor who answers for whoever asked.
 *
 * INVARIANT: no name under which the approver is known is one under which the requesting side is known.
 */
export function isSeparate(approver: Principal, action: StoredAction): boolean {
  if (approver.kind !== 'human' || approver.assurance !== 'verified') return false;
  if (approver.users === ANY || !isApproverIn(approver, action.tenant_id)) return false;
  const { principal } = action;
  const requesting = namesOf(action.user_id, principal.id, principal.owner, principal.subject);
  const deciding = namesOf(approver.id, approver.subject, ...approver.users);
  return !deciding.values().some((name) => requesting.has(name));
}
