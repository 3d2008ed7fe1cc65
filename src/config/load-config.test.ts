import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../domain/errors.js';
import { describeConfig } from './describe-config.js';
import { loadConfig, type LoadedConfig, type Variables } from './load-config.js';
import { SETTINGS } from './settings.js';
import { startWarnings } from './start-warnings.js';

function ed25519Pem(): Buffer {
  return Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

const approvalKey = ed25519Pem();
const rsaKey = Buffer.from(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
);

/** The files of an imaginary machine. */
const FILES: Readonly<Record<string, Buffer>> = {
  'policies/default.yaml': Buffer.from('default_decision: deny\n'),
  '/k/approval.pem': approvalKey,
  '/k/approval-copy.pem': approvalKey,
  '/k/audit.pem': ed25519Pem(),
  '/k/rsa.pem': rsaKey,
  '/k/noise.pem': Buffer.from('not a key'),
  '/k/hmac': Buffer.alloc(32, 7),
  '/k/short-hmac': Buffer.alloc(31, 7),
  '/k/empty': Buffer.alloc(0),
  '/k/keys.txt': Buffer.from('fake-key\n'),
};

function load(variables: Variables, dotEnv: Variables = {}): LoadedConfig {
  return loadConfig({
    variables,
    readDotEnv: () => dotEnv,
    files: { read: (path) => FILES[path] ?? null, list: (path) => (path === '/k/none' ? [] : null) },
    packagedPolicyPath: '/package/policies/default.yaml',
  });
}

function violationsOf(variables: Variables, dotEnv: Variables = {}): readonly string[] {
  try {
    load(variables, dotEnv);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.violations;
    throw error;
  }
}

/** Everything that production asks for; every value is fake. */
const PRODUCTION: Variables = {
  ACP_ENVIRONMENT: 'production',
  ACP_API_KEY: 'fake-gateway-key',
  ACP_ALLOWED_ORIGINS: 'https://console.example.invalid',
  ACP_POLICY_SHA256: 'a'.repeat(64),
  ACP_APPROVAL_SIGNING_KEY_FILE: '/k/approval.pem',
  ACP_AUDIT_SIGNING_KEY_FILE: '/k/audit.pem',
};

describe('loadConfig', () => {
  it('starts locally without a single variable', () => {
    const { config, warnings } = load({});
    expect(config).toMatchObject({
      environment: 'local',
      host: '127.0.0.1',
      port: 8080,
      requireApiAuth: false,
    });
    expect(warnings).toEqual([]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('accepts a complete production configuration', () => {
    const { config } = load(PRODUCTION);
    expect(config).toMatchObject({
      requireApiAuth: true,
      requireApprovalToken: true,
      auditDurability: 'disk',
      approvalStore: 'sqlite',
      enableDebugErrors: false,
      enableVulnerablePath: false,
      enableApiDocs: false,
      rateLimitPerMinute: 600,
    });
  });

  it.each([
    [{ ACP_ENVIRONMENT: 'staging' }, 'invalid ACP_ENVIRONMENT: staging'],
    [{ ACP_REQUIRE_API_AUTH: 'ture' }, 'invalid boolean for ACP_REQUIRE_API_AUTH'],
    [{ ACP_PORT: 'http' }, 'invalid integer for ACP_PORT'],
    [{ ACP_PORT: '1e3' }, 'invalid integer for ACP_PORT'],
    [{ ACP_PORT: '65536' }, 'port must not exceed 65535'],
    [{ ACP_MAX_REQUEST_BODY_BYTES: '1023' }, 'max_request_body_bytes must be at least 1024'],
    [{ ACP_MAX_REQUEST_BODY_BYTES: '10485761' }, 'max_request_body_bytes must not exceed 10485760'],
    [{ ACP_AUDIT_RETENTION_DAYS: '0' }, 'audit_retention_days must be at least 1'],
    [{ ACP_AUDIT_RETENTION_DAYS: '3651' }, 'audit_retention_days must not exceed 3650'],
    [{ ACP_APPROVAL_TTL_SECONDS: '59' }, 'approval_ttl_seconds must be at least 60'],
    [{ ACP_LLM_ADAPTER_MODE: 'openai' }, 'invalid ACP_LLM_ADAPTER_MODE: openai'],
    [{ ACP_ALLOW_LIVE_EXTERNAL_TOOLS: 'yes' }, 'allow_live_external_tools must remain disabled'],
    [{ ACP_ALLOW_SHELL_TOOLS: '1' }, 'allow_shell_tools must remain disabled'],
    [
      { ACP_ALLOW_LIVE_LLM_CALLS: 'on' },
      'live LLM calls are not implemented; keep allow_live_llm_calls false',
    ],
    [{ ACP_HOST: '0.0.0.0' }, 'non-loopback bind requires API authentication'],
    [{ ACP_HOST: 'db.internal' }, 'non-loopback bind requires API authentication'],
    [{ ACP_REQUIRE_API_AUTH: 'true' }, 'require_api_auth is set but no API keys are configured'],
    [{ ACP_ALLOWED_API_KEYS_FILE: '/etc/keys/none.txt' }, 'API keys file not found: none.txt'],
    [{ ACP_PRINCIPALS_FILE: '/etc/keys/none.yaml' }, 'principals file not found: none.yaml'],
    [{ ACP_POLICY_PATH: '/etc/policies/none.yaml' }, 'policy file not found: none.yaml'],
    [{ ACP_POLICY_SHA256: 'abc' }, 'invalid ACP_POLICY_SHA256'],
    [
      { ACP_POLICY_SHA256: 'a'.repeat(64), ACP_POLICY_SHA256_FILE: '/x' },
      'set only one of policy_sha256 and policy_sha256_file',
    ],
    [{ ACP_PROVENANCE_HMAC_KEY_FILE: '/k/missing' }, 'provenance key file not found: missing'],
    [{ ACP_PROVENANCE_HMAC_KEY_FILE: '/k/none' }, 'provenance key file not found: none'],
    [{ ACP_PROVENANCE_HMAC_KEY_FILE: '/k/empty' }, 'provenance key file is empty: empty'],
    [
      { ACP_AUDIT_SIGNING_KEY_FILE: '/k/rsa.pem' },
      'audit_signing_key_file is not an Ed25519 private key: rsa.pem',
    ],
    [
      { ACP_AUDIT_SIGNING_KEY_FILE: '/k/noise.pem' },
      'audit_signing_key_file is not an Ed25519 private key: noise.pem',
    ],
    [{ ACP_AUDIT_SIGNING_KEY_FILE: '/k/gone.pem' }, 'audit_signing_key_file not found: gone.pem'],
    [{ ACP_APPROVAL_STORE: 'postgres' }, 'approval_store postgres requires database_url'],
    [{ ACP_APPROVAL_STORE: 'mysql://u:fake-password@db' }, 'invalid ACP_APPROVAL_STORE'],
    [{ ACP_API_KEY: 'two words' }, 'invalid ACP_API_KEY'],
    [{ ACP_HOST: '999.1.1.1' }, 'invalid ACP_HOST'],
    [{ ACP_HOST: 'a_b' }, 'invalid ACP_HOST'],
    [{ ACP_JWKS_URL: 'https://u:fake-password@idp.example.invalid/jwks' }, 'invalid ACP_JWKS_URL'],
    [{ ACP_DATABASE_URL: 'mysql://db' }, 'invalid ACP_DATABASE_URL'],
    [{ ACP_JWT_ISSUER: 'https://issuer.example.invalid' }, 'jwt_issuer requires jwt_audience'],
    [{ ACP_JWT_AUDIENCE: 'acp' }, 'jwt settings require jwt_issuer'],
    [{ ACP_TRUSTED_PROXIES: '10.0.0.0/33' }, 'invalid entry in ACP_TRUSTED_PROXIES'],
    [{ ACP_TRUSTED_PROXIES: 'proxy' }, 'invalid entry in ACP_TRUSTED_PROXIES'],
    [{ ACP_ALLOWED_ORIGINS: 'example.invalid' }, 'invalid entry in ACP_ALLOWED_ORIGINS'],
  ])('refuses %j: %s', (variables, message) => {
    expect(violationsOf(variables)).toContain(message);
  });

  it.each([
    [{ ACP_REQUIRE_API_AUTH: 'false' }, 'production requires API authentication'],
    [{ ACP_API_KEY: '' }, 'production requires at least one API key'],
    [{ ACP_ALLOWED_ORIGINS: '' }, 'production requires explicit allowed_origins'],
    [{ ACP_ALLOWED_ORIGINS: '*' }, 'production disallows wildcard CORS origins'],
    [{ ACP_REQUIRE_APPROVAL_TOKEN: 'no' }, 'production requires approval tokens'],
    [{ ACP_ENABLE_DEBUG_ERRORS: 'true' }, 'production disallows debug error responses'],
    [{ ACP_ENABLE_VULNERABLE_PATH: 'true' }, 'production disallows the vulnerable path'],
    [{ ACP_POLICY_SHA256: '' }, 'production requires policy_sha256'],
    [{ ACP_APPROVAL_SIGNING_KEY_FILE: '' }, 'production requires approval_signing_key_file'],
    [{ ACP_AUDIT_SIGNING_KEY_FILE: '' }, 'production requires audit_signing_key_file'],
    [
      { ACP_AUDIT_SIGNING_KEY_FILE: '/k/approval-copy.pem' },
      'audit_signing_key_file holds a key that is used already: approval-copy.pem',
    ],
    [
      { ACP_ENABLE_STRICT_PROVENANCE: 'true' },
      'production strict provenance requires provenance_hmac_key_file',
    ],
    [
      { ACP_PROVENANCE_HMAC_KEY_FILE: '/k/short-hmac' },
      'provenance key file is shorter than 32 bytes: short-hmac',
    ],
    [{ ACP_REQUIRE_API_AUHT: 'true' }, 'unknown configuration variable: ACP_REQUIRE_API_AUHT'],
    [
      { ACP_HOST: '0.0.0.0', ACP_REQUIRE_API_AUTH: 'false', ACP_ALLOW_INSECURE_BIND: 'true' },
      'non-loopback bind requires API authentication',
    ],
    [
      {
        ACP_JWT_ISSUER: 'https://issuer.example.invalid',
        ACP_JWT_AUDIENCE: 'acp',
        ACP_JWKS_URL: 'http://issuer.example.invalid/jwks',
      },
      'production requires an https jwks_url',
    ],
  ])('refuses in production %j: %s', (variables, message) => {
    expect(violationsOf({ ...PRODUCTION, ...variables })).toContain(message);
  });

  it('reports every violation together', () => {
    const violations = violationsOf({ ACP_ENVIRONMENT: 'production', ACP_PORT: 'x', ACP_HOST: '0.0.0.0' });
    expect(violations).toEqual([
      'invalid integer for ACP_PORT',
      'production requires at least one API key',
      'production requires explicit allowed_origins',
      'production requires policy_sha256',
      'production requires approval_signing_key_file',
      'production requires audit_signing_key_file',
    ]);
    expect(new ConfigError(violations).message).toBe(violations.join('; '));
  });

  it('warns of an unknown variable outside production', () => {
    expect(load({ ACP_HSOT: '127.0.0.1' }).warnings).toEqual(['unknown configuration variable: ACP_HSOT']);
  });

  it('takes a blank variable for unset and surrounding blanks for nothing', () => {
    expect(load({ ACP_PORT: '  ', ACP_ENVIRONMENT: ' TEST ' }).config).toMatchObject({
      port: 8080,
      environment: 'test',
    });
  });

  it('reads .env behind the environment, in local mode only', () => {
    const dotEnv = { ACP_PORT: '1', ACP_LOG_LEVEL: 'warn' };
    const { config, sources } = load({ ACP_PORT: '2' }, dotEnv);
    expect(config).toMatchObject({ port: 2, logLevel: 'warn' });
    expect(sources).toMatchObject({ port: 'environment', logLevel: '.env', host: 'default' });
    expect(load({ ACP_ENVIRONMENT: 'test' }, dotEnv).config.port).toBe(8080);
  });

  it('refuses an environment that .env sets', () => {
    expect(violationsOf({}, { ACP_ENVIRONMENT: 'production' })).toEqual([
      'ACP_ENVIRONMENT must not be set in .env',
    ]);
  });

  it('accepts the older name of the policy path', () => {
    expect(violationsOf({ POLICY_PATH: '/etc/policies/none.yaml' })).toEqual([
      'policy file not found: none.yaml',
    ]);
  });

  it('listens beyond loopback without authentication only when told to, outside production', () => {
    expect(violationsOf({ ACP_HOST: '0.0.0.0', ACP_ALLOW_INSECURE_BIND: 'true' })).toEqual([]);
    expect(violationsOf({ ACP_HOST: '127.1.2.3' })).toEqual([]);
    expect(violationsOf({ ACP_HOST: '::1' })).toEqual([]);
  });
});

describe('describeConfig', () => {
  it('shows every setting with its source and masks every secret', () => {
    const secrets = {
      ACP_API_KEY: 'fake-gateway-key',
      ACP_DATABASE_URL: 'postgres://u:fake-password@db/acp',
    };
    const described = describeConfig(load(secrets));
    expect(described.map(({ name }) => name)).toEqual(Object.values(SETTINGS).map(({ name }) => name));
    const text = JSON.stringify(described);
    expect(text).not.toContain('fake-gateway-key');
    expect(text).not.toContain('fake-password');
    expect(described).toContainEqual({
      name: 'ACP_API_KEY',
      value: '[set, not shown]',
      source: 'environment',
    });
  });
});

describe('startWarnings', () => {
  it('says nothing of a sound production configuration', () => {
    expect(
      startWarnings(load({ ...PRODUCTION, ACP_API_KEY: 'fake-gateway-key-long-enough' }).config),
    ).toEqual([]);
  });

  it.each([
    [{ ACP_APPROVAL_STORE: 'memory' }, 'approvals are kept in memory and end with this process'],
    [{ ACP_AUDIT_DURABILITY: 'os' }, 'audit durability os does not survive a loss of power'],
    [
      { ACP_TRUSTED_PROXIES: '0.0.0.0/0' },
      'trusted_proxies holds every address, so that any caller chooses the address it is known by',
    ],
    [
      { ACP_AUDIT_ACCEPT_NEW_HEAD: 'true' },
      'audit_accept_new_head is set; unset it once the loss is on record',
    ],
    [{ ACP_API_KEY: 'short' }, 'api_key is shorter than 24 characters and may be guessed'],
  ])('warns of %j', (variables, warning) => {
    expect(startWarnings(load({ ...PRODUCTION, ...variables }).config)).toContain(warning);
  });
});
