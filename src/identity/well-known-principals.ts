import type { Principal, Scope } from '../domain/principal.js';
import { gatewayId } from './key-digest.js';

/** Stands for every user, tenant or role in a principal; no file or token can claim it as a role. */
export const ANY = '*';

const GATEWAY_SCOPES: ReadonlySet<Scope> = new Set<Scope>(['run', 'authorize', 'filter']);

/**
 * The caller of a service that asks for no credential, where none was presented.
 *
 * INVARIANT: nobody approves anonymously, whatever the mode.
 */
export const ANONYMOUS: Principal = {
  id: 'anonymous',
  kind: 'anonymous',
  assurance: 'asserted',
  users: ANY,
  grants: [{ tenant: ANY, roles: [ANY] }],
  scopes: new Set<Scope>(['run', 'authorize', 'filter', 'policy:read', 'metrics']),
  owner: null,
  subject: null,
};

/** The trusted gateway that holds this key: it may state any identity, and can do nothing but propose and filter. */
export function gatewayPrincipal(key: string): Principal {
  return {
    id: gatewayId(key),
    kind: 'gateway',
    assurance: 'delegated',
    users: ANY,
    grants: [{ tenant: ANY, roles: [ANY] }],
    scopes: GATEWAY_SCOPES,
    owner: null,
    subject: null,
  };
}

const RESERVED_ID = /^(?:anonymous$|gateway:|jwt:)/;

/** Whether an id belongs to principals that the program itself names. */
export function isReservedId(id: string): boolean {
  return RESERVED_ID.test(id);
}
