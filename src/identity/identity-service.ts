import type {
  Authentication,
  IdentityService,
  PresentedCredentials,
  Principal,
} from '../domain/principal.js';
import { holdsClaims } from './claims.js';
import { readCredential } from './credentials.js';
import { keyDigest } from './key-digest.js';
import { createKeyIndex, type KeyBinding, type KeyIndex } from './key-index.js';
import { ANONYMOUS, gatewayPrincipal } from './well-known-principals.js';

/** What establishes callers: the keys of trusted gateways, in clear, and the keys bound to principals, as digests. */
export interface IdentitySources {
  readonly apiKeys: readonly string[];
  readonly principals: readonly KeyBinding[];
}

/** Establishes a principal from a JSON Web Token; null where the token is not good. Never throws. */
export interface TokenVerifier {
  verify(token: string): Promise<Principal | null>;
}

/** Whose credentials count, and whether one is needed. */
export interface IdentityServiceOptions extends IdentitySources {
  readonly requireAuth: boolean;
  /** Null where no token issuer is configured. */
  readonly jwt?: TokenVerifier | null;
}

/** An identity service whose keys can be replaced while it runs. */
export interface ReloadableIdentityService extends IdentityService {
  /** Replaces all keys at once; a fault leaves the old ones in force. @throws ConfigError */
  reload(sources: IdentitySources): void;
}

const UNAUTHORIZED: Authentication = { ok: false, reason: 'unauthorized' };

function indexOf({ apiKeys, principals }: IdentitySources): KeyIndex {
  const gateways = apiKeys.map((key) => ({ key_sha256: keyDigest(key), principal: gatewayPrincipal(key) }));
  return createKeyIndex([...gateways, ...principals]);
}

/**
 * Creates the service that establishes who calls, by API key or JSON Web Token.
 *
 * A credential that is wrong is refused even where none is needed: whoever presents one relies on being known by it.
 *
 * @throws ConfigError when a key or a principal id appears twice.
 */
export function createIdentityService(options: IdentityServiceOptions): ReloadableIdentityService {
  const { requireAuth, jwt = null } = options;
  let index = indexOf(options);

  function authenticate(credentials: PresentedCredentials): Authentication | Promise<Authentication> {
    const credential = readCredential(credentials);
    if (credential.kind === 'none') return requireAuth ? UNAUTHORIZED : { ok: true, principal: ANONYMOUS };
    if (credential.kind === 'unusable') return UNAUTHORIZED;
    const principal = index.find(credential.value);
    if (principal !== null) return { ok: true, principal };
    if (jwt === null || !credential.mayBeToken) return UNAUTHORIZED;
    return jwt
      .verify(credential.value)
      .then((found) => (found ? { ok: true, principal: found } : UNAUTHORIZED));
  }

  return {
    authenticate,
    holds: holdsClaims,
    reload(sources) {
      index = indexOf(sources);
    },
  };
}
