import { isUsableKey } from '../../domain/api-key.js';
import { flag, optional, word } from '../setting.js';

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  // A password in the URL would be shown wherever the configuration is.
  const { protocol, username, password } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** How callers are known. */
export const IDENTITY_SETTINGS = {
  requireApiAuth: flag(
    'ACP_REQUIRE_API_AUTH',
    { local: false, test: false, production: true },
    'refuse requests without a credential',
  ),
  apiKey: optional('ACP_API_KEY', 'a key that names a trusted gateway', {
    secret: true,
    isValid: isUsableKey,
  }),
  allowedApiKeysFile: optional('ACP_ALLOWED_API_KEYS_FILE', 'file of gateway keys, one a line'),
  principalsFile: optional('ACP_PRINCIPALS_FILE', 'file that binds keys to principals (YAML)'),
  jwtIssuer: optional('ACP_JWT_ISSUER', 'issuer whose JSON Web Tokens are accepted'),
  jwtAudience: optional('ACP_JWT_AUDIENCE', 'audience that a JSON Web Token must name'),
  jwksUrl: optional('ACP_JWKS_URL', 'where the issuer publishes its keys', { isValid: isHttpUrl }),
  jwksFile: optional('ACP_JWKS_FILE', "file with the issuer's keys, instead of a URL"),
  jwtTenantClaim: word('ACP_JWT_TENANT_CLAIM', 'tenant', 'claim that names the tenant'),
  jwtRolesClaim: word('ACP_JWT_ROLES_CLAIM', 'roles', 'claim that names the roles'),
  jwtKindClaim: word('ACP_JWT_KIND_CLAIM', 'acp_kind', 'claim that names the kind of principal'),
  jwtOwnerClaim: word(
    'ACP_JWT_OWNER_CLAIM',
    'acp_owner',
    'claim that names the human answerable for an agent',
  ),
  jwtScopeClaim: word('ACP_JWT_SCOPE_CLAIM', 'scope', 'claim that names the scopes'),
} as const;
