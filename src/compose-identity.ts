import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
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
   * @throws ConfigError, or what reading threw; what was in force then stays
   */
  reload(): void;
}

/**
 * The keys and principals that the configuration names, read anew.
 *
 * @throws ConfigError when a file is not usable, or when credentials are required and the files hold none.
 */
export function readIdentities(config: Config): IdentitySources {
  const { apiKey, allowedApiKeysFile, principalsFile, requireApiAuth, jwtIssuer } = config;
  const apiKeys = [
    ...(apiKey === null ? [] : [apiKey]),
    ...(allowedApiKeysFile === null ? [] : parseKeysFile(readFileSync(allowedApiKeysFile, 'utf8'))),
  ];
  const principals = principalsFile === null ? [] : parsePrincipals(readFileSync(principalsFile, 'utf8'));
  if (requireApiAuth && jwtIssuer === null && apiKeys.length + principals.length === 0) {
    throw new ConfigError(['require_api_auth is set but the configured files hold no API key']);
  }
  return { apiKeys, principals };
}

/** Reads the issuer's keys: those of the file as it is now, or the remote ones, which are kept current by themselves. */
function createKeySetReader(config: Config, clock: Clock, logger: Logger): () => KeySource {
  const { jwksFile, jwksUrl } = config;
  if (jwksFile !== null) return () => parseJwks(readFileSync(jwksFile, 'utf8'));
  const onFault = (error: unknown): void => logger.warn({ err: error }, 'the key set could not be fetched');
  const remote = createRemoteJwks({ url: jwksUrl ?? '', clock, onFault });
  return () => remote;
}

/** Builds the identity service that the configuration describes. @throws ConfigError */
export function createConfiguredIdentity(config: Config, clock: Clock, logger: Logger): ConfiguredIdentity {
  const { jwtIssuer: issuer, jwtAudience: audience, requireApiAuth: requireAuth } = config;
  if (issuer === null || audience === null) {
    const service = createIdentityService({ ...readIdentities(config), requireAuth });
    return { service, reload: () => service.reload(readIdentities(config)) };
  }
  const readKeySet = createKeySetReader(config, clock, logger);
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
  const service = createIdentityService({ ...readIdentities(config), requireAuth, jwt });
  return {
    service,
    reload() {
      const next = readKeySet();
      service.reload(readIdentities(config));
      keySet = next;
    },
  };
}
