import { BlockList, isIP } from 'node:net';
import { choice, ENVIRONMENTS, flag, integer, list, optional, word } from './setting.js';

function isOrigin(item: string): boolean {
  return item === '*' || (URL.canParse(item) && new URL(item).origin === item);
}

function isAddressOrSubnet(item: string): boolean {
  const [address = '', prefix, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

const isDigest = (value: string): boolean => /^[\da-f]{64}$/i.test(value);

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}

function isPostgresUrl(value: string): boolean {
  return URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol);
}

/** Kilobytes and days that nobody means are refused at the edge of what anyone does mean. */
const MAX_SECONDS = 86_400;

/** Every variable of the configuration, in the order of the documents. The type `Config` follows from it. */
export const SETTINGS = {
  environment: choice(
    'ACP_ENVIRONMENT',
    ENVIRONMENTS,
    'local',
    'the kind of process: local, test or production',
  ),

  host: word('ACP_HOST', '127.0.0.1', 'address to listen on; one that is not loopback needs authentication'),
  port: integer('ACP_PORT', 8080, { min: 0, max: 65_535 }, 'port to listen on; 0 takes a free one'),
  allowInsecureBind: flag(
    'ACP_ALLOW_INSECURE_BIND',
    false,
    'listen beyond loopback without authentication, outside production only',
  ),
  allowedHosts: list(
    'ACP_ALLOWED_HOSTS',
    ['localhost', '127.0.0.1', '[::1]'],
    'values of the Host header that are served while authentication is off',
  ),
  trustedProxies: list(
    'ACP_TRUSTED_PROXIES',
    [],
    'addresses or subnets whose X-Forwarded-For counts',
    isAddressOrSubnet,
  ),
  allowedOrigins: list(
    'ACP_ALLOWED_ORIGINS',
    {
      local: ['http://127.0.0.1:8080', 'http://localhost:8080'],
      test: ['http://127.0.0.1:8080'],
      production: [],
    },
    'web origins that may call this service (CORS)',
    isOrigin,
  ),
  maxRequestBodyBytes: integer(
    'ACP_MAX_REQUEST_BODY_BYTES',
    1_048_576,
    { min: 1024, max: 10_485_760 },
    'largest request body, in bytes',
  ),
  rateLimitPerMinute: integer(
    'ACP_RATE_LIMIT_PER_MINUTE',
    { local: 0, test: 0, production: 600 },
    { min: 0, max: 10_000_000 },
    'requests a minute for each principal, and for each address before authentication; 0 is off',
  ),
  enableRateLimitGuidance: flag(
    'ACP_ENABLE_RATE_LIMIT_GUIDANCE',
    true,
    'accepted for compatibility; has no effect',
  ),
  enableApiDocs: flag(
    'ACP_ENABLE_API_DOCS',
    { local: true, test: true, production: false },
    'serve /openapi.json and /docs',
  ),
  enableDebugErrors: flag(
    'ACP_ENABLE_DEBUG_ERRORS',
    { local: true, test: true, production: false },
    'say in 422 answers which field is wrong and why',
  ),
  shutdownTimeoutSeconds: integer(
    'ACP_SHUTDOWN_TIMEOUT_SECONDS',
    10,
    { min: 1, max: 600 },
    'how long a stop may take before it is forced',
  ),

  requireApiAuth: flag(
    'ACP_REQUIRE_API_AUTH',
    { local: false, test: false, production: true },
    'refuse requests without a credential',
  ),
  apiKey: optional('ACP_API_KEY', 'a key that names a trusted gateway', { secret: true }),
  allowedApiKeysFile: optional('ACP_ALLOWED_API_KEYS_FILE', 'file of gateway keys, one a line'),
  principalsFile: optional('ACP_PRINCIPALS_FILE', 'file that binds keys to principals (YAML)'),
  jwtIssuer: optional('ACP_JWT_ISSUER', 'issuer whose JSON Web Tokens are accepted'),
  jwtAudience: optional('ACP_JWT_AUDIENCE', 'audience that a JSON Web Token must name'),
  jwksUrl: optional('ACP_JWKS_URL', 'where the issuer publishes its keys', { isValid: isHttpUrl }),
  jwksFile: optional('ACP_JWKS_FILE', "file with the issuer's keys, instead of a URL"),
  jwtTenantClaim: word('ACP_JWT_TENANT_CLAIM', 'tenant', 'claim that names the tenant'),
  jwtRolesClaim: word('ACP_JWT_ROLES_CLAIM', 'roles', 'claim that names the roles'),
  jwtKindClaim: word('ACP_JWT_KIND_CLAIM', 'acp_kind', 'claim that names the kind of principal'),
  jwtScopeClaim: word('ACP_JWT_SCOPE_CLAIM', 'scope', 'claim that names the scopes'),

  auditLogDir: word(
    'ACP_AUDIT_LOG_DIR',
    './audit_logs',
    'directory of the audit log, on a local file system',
  ),
  auditRetentionDays: integer(
    'ACP_AUDIT_RETENTION_DAYS',
    90,
    { min: 1, max: 3650 },
    'days that audit files and decided approvals are kept',
  ),
  auditDurability: choice(
    'ACP_AUDIT_DURABILITY',
    ['os', 'disk'],
    { local: 'os', test: 'os', production: 'disk' },
    'when an event counts as written: os survives a crash of the process, disk survives power loss',
  ),
  auditRotateBytes: integer(
    'ACP_AUDIT_ROTATE_BYTES',
    104_857_600,
    { min: 65_536, max: 10_737_418_240 },
    'size at which the audit file rotates',
  ),
  auditCheckpointEvents: integer(
    'ACP_AUDIT_CHECKPOINT_EVENTS',
    1000,
    { min: 1, max: 1_000_000 },
    'events between two signed checkpoints',
  ),
  auditCheckpointSeconds: integer(
    'ACP_AUDIT_CHECKPOINT_SECONDS',
    60,
    { min: 1, max: MAX_SECONDS },
    'seconds between two signed checkpoints, where there was an event',
  ),
  auditQueueBytes: integer(
    'ACP_AUDIT_QUEUE_BYTES',
    16_777_216,
    { min: 65_536, max: 1_073_741_824 },
    'bytes of events that may wait for the disk before requests are refused',
  ),
  auditSigningKeyFile: optional(
    'ACP_AUDIT_SIGNING_KEY_FILE',
    'Ed25519 private key (PKCS#8 PEM) that signs checkpoints',
  ),
  auditAcceptNewHead: flag(
    'ACP_AUDIT_ACCEPT_NEW_HEAD',
    false,
    'accept, on record and once, that the log lacks its last known head',
  ),

  enableStrictProvenance: flag(
    'ACP_ENABLE_STRICT_PROVENANCE',
    false,
    'require a signature on every provenance',
  ),
  provenanceHmacKeyFile: optional(
    'ACP_PROVENANCE_HMAC_KEY_FILE',
    'key file, or directory of key files, for provenance signatures',
  ),

  policyPath: word('ACP_POLICY_PATH', 'policies/default.yaml', 'the policy file', { alias: 'POLICY_PATH' }),
  policySha256: optional('ACP_POLICY_SHA256', "the policy's digest, 64 hex digits", { isValid: isDigest }),
  policySha256File: optional('ACP_POLICY_SHA256_FILE', "file that holds the policy's digest"),

  requireApprovalToken: flag(
    'ACP_REQUIRE_APPROVAL_TOKEN',
    { local: false, test: false, production: true },
    'ignore human_approval and require a signed approval token',
  ),
  approvalStore: choice(
    'ACP_APPROVAL_STORE',
    ['memory', 'sqlite', 'postgres'],
    { local: 'memory', test: 'memory', production: 'sqlite' },
    'where approvals are kept',
  ),
  approvalDb: optional(
    'ACP_APPROVAL_DB',
    'SQLite file of approvals; approvals.db in the state directory when unset',
  ),
  databaseUrl: optional('ACP_DATABASE_URL', 'PostgreSQL connection of the approval store', {
    secret: true,
    isValid: isPostgresUrl,
  }),
  approvalTtlSeconds: integer(
    'ACP_APPROVAL_TTL_SECONDS',
    3600,
    { min: 60, max: MAX_SECONDS },
    'seconds that a request for approval, and a grant, lives',
  ),
  approvalSigningKeyFile: list(
    'ACP_APPROVAL_SIGNING_KEY_FILE',
    [],
    'Ed25519 private keys (PKCS#8 PEM) of approval tokens; the first signs, all verify',
  ),

  stateDir: word(
    'ACP_STATE_DIR',
    './data',
    'directory of the approvals database and the last known head of the audit log',
  ),

  outputFilterPii: flag('ACP_OUTPUT_FILTER_PII', false, 'let the output filter look for personal data too'),
  outputFilterMaxBytes: integer(
    'ACP_OUTPUT_FILTER_MAX_BYTES',
    1_048_576,
    { min: 1024, max: 10_485_760 },
    "largest sum of one request's texts that the output filter examines",
  ),

  llmAdapterMode: choice(
    'ACP_LLM_ADAPTER_MODE',
    ['simulated', 'disabled_external'],
    'simulated',
    'the agent: simulated, or none',
  ),
  llmProviderName: optional('ACP_LLM_PROVIDER_NAME', 'label of the provider'),
  llmModelName: optional('ACP_LLM_MODEL_NAME', 'label of the model'),
  allowLiveLlmCalls: flag(
    'ACP_ALLOW_LIVE_LLM_CALLS',
    false,
    'must stay false: live calls are not implemented',
  ),
  allowLiveExternalTools: flag(
    'ACP_ALLOW_LIVE_EXTERNAL_TOOLS',
    false,
    'must stay false: tools are simulated',
  ),
  allowShellTools: flag('ACP_ALLOW_SHELL_TOOLS', false, 'must stay false: nothing here runs a shell'),
  enableVulnerablePath: flag(
    'ACP_ENABLE_VULNERABLE_PATH',
    { local: true, test: true, production: false },
    'offer the teaching path that shows what an unprotected agent would do',
  ),

  logLevel: choice(
    'ACP_LOG_LEVEL',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    { local: 'info', test: 'silent', production: 'info' },
    'level of the application log on standard error',
  ),
} as const;

type Value<S> = S extends { parse(text: string): infer P }
  ? Extract<P, { ok: true }> extends { value: infer V }
    ? V
    : never
  : never;

export type SettingKey = keyof typeof SETTINGS;

/** The effective configuration: typed, validated, frozen. */
export type Config = { readonly [K in SettingKey]: Value<(typeof SETTINGS)[K]> };
