import type { IdentityClaims, Principal } from '../domain/principal.js';
import { ANY } from './well-known-principals.js';

/** Whether the principal may act for this user, in this tenant, in this role: all three, of one grant. */
export function holdsClaims(principal: Principal, claims: IdentityClaims): boolean {
  if (principal.users !== ANY && !principal.users.includes(claims.user_id)) return false;
  return principal.grants.some(
    ({ tenant, roles }) =>
      (tenant === ANY || tenant === claims.tenant_id) && (roles.includes(ANY) || roles.includes(claims.role)),
  );
}
