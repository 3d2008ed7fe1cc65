import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from './config/settings.js';
import type { Clock } from './domain/clock.js';
import { ConfigError } from './domain/errors.js';
import type { IdentitySources, TokenVerifier } from './identity/identity-service.js';
import { parseJwks } from './identity/jwt/jwks.js';
import { createJwtVerifier } from './identity/jwt/jwt-verifier.js';
import { createRemoteJwks } from './identity/jwt/remote-jwks.js';
import { parseKeysFile } from './identity/keys-file.js';
import { parsePrincipals } from './identity/principals-file.js';

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

/** What establishes callers by JSON Web Tokens; null where no issuer is configured. @throws ConfigError */
export function createTokenVerifier(config: Config, clock: Clock, logger: Logger): TokenVerifier | null {
  const { jwtIssuer: issuer, jwtAudience: audience, jwksUrl, jwksFile } = config;
  if (issuer === null || audience === null) return null;
  const onFault = (error: unknown): void => logger.warn({ err: error }, 'the key set could not be fetched');
  const keys =
    jwksFile === null
      ? createRemoteJwks({ url: jwksUrl ?? '', clock, onFault })
      : parseJwks(readFileSync(jwksFile, 'utf8'));
  const { jwtTenantClaim: tenant, jwtRolesClaim: roles, jwtKindClaim: kind, jwtScopeClaim: scope } = config;
  return createJwtVerifier({ issuer, audience, keys, clock, claims: { tenant, roles, kind, scope } });
}
