import { readNamedFile } from './compose-files.js';
import type { Config } from './config/settings.js';
import type { Clock } from './domain/clock.js';
import { ConfigError } from './domain/errors.js';
import type { IdentityService } from './domain/principal.js';
import { createIdentityService, type IdentitySources } from './identity/identity-service.js';
import { parseJwks, type KeySource } from './identity/jwt/jwks.js';
import { createJwtVerifier } from './identity/jwt/jwt-verifier.js';
import { createRemoteJwks } from './identity/jwt/remote-jwks.js';
import { parseKeysFile } from './identity/keys-file.js';
import { parsePrincipals } from './identity/principals-file.js';

/** Who calls, and how to read anew what establishes it. */
export interface ConfiguredIdentity {
  readonly service: IdentityService;
  /**
   * Reads the keys, the principals and the key set file anew, and replaces all of them or none.
   *
   * @throws ConfigError; what was in force then stays
   */
  reload(): void;
}

/** The keys and principals that the configuration names, as their files are now. @throws ConfigError */
function readIdentities({ apiKey, allowedApiKeysFile, principalsFile }: Config): IdentitySources {
  const apiKeys = [
    ...(apiKey === null ? [] : [apiKey]),
    ...(allowedApiKeysFile === null ? [] : parseKeysFile(readNamedFile(allowedApiKeysFile, 'API keys file'))),
  ];
  const principals =
    principalsFile === null ? [] : parsePrincipals(readNamedFile(principalsFile, 'principals file'));
  return { apiKeys, principals };
}

/**
 * The keys and principals of a start.
 *
 * A start without any is a mistake; while the service runs, files that have become empty take every key out of force.
 *
 * @throws ConfigError when a file is not usable, or when credentials are required and the files hold none.
 */
export function readFirstIdentities(config: Config): IdentitySources {
  const sources = readIdentities(config);
  const isEmpty = sources.apiKeys.length + sources.principals.length === 0;
  if (config.requireApiAuth && config.jwtIssuer === null && isEmpty) {
    throw new ConfigError(['require_api_auth is set but the configured files hold no API key']);
  }
  return sources;
}

/** What reading the issuer's keys needs besides their place. */
interface KeySetOptions {
  readonly clock: Clock;
  /** Told of a remote key set that could not be fetched. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Reads the issuer's keys: those of the file as it is now, or the remote ones, which are kept current by themselves.
 *
 * @throws ConfigError, also when called, where the URL is not safe or the file holds no key set
 */
export function createKeySetReader(config: Config, { clock, onFault }: KeySetOptions): () => KeySource {
  const { jwksFile, jwksUrl } = config;
  if (jwksFile !== null) return () => parseJwks(readNamedFile(jwksFile, 'JWKS file'));
  const remote = createRemoteJwks({ url: jwksUrl ?? '', clock, onFault });
  return () => remote;
}

/** Builds the identity service that the configuration describes. @throws ConfigError */
export function createConfiguredIdentity(config: Config, options: KeySetOptions): ConfiguredIdentity {
  const { clock } = options;
  const { jwtIssuer: issuer, jwtAudience: audience, requireApiAuth: requireAuth } = config;
  if (issuer === null) {
    const service = createIdentityService({ ...readFirstIdentities(config), requireAuth });
    return { service, reload: () => service.reload(readIdentities(config)) };
  }
  if (audience === null) throw new ConfigError(['jwt_issuer requires jwt_audience']);
  const readKeySet = createKeySetReader(config, options);
  let keySet = readKeySet();
  const { jwtTenantClaim: tenant, jwtRolesClaim: roles, jwtKindClaim: kind } = config;
  const { jwtScopeClaim: scope, jwtOwnerClaim: owner } = config;
  const jwt = createJwtVerifier({
    issuer,
    audience,
    clock,
    keys: (header, token) => keySet(header, token),
    claims: { tenant, roles, kind, scope, owner },
  });
  const service = createIdentityService({ ...readFirstIdentities(config), requireAuth, jwt });
  return {
    service,
    reload() {
      const next = readKeySet();
      service.reload(readIdentities(config));
      keySet = next;
    },
  };
}
