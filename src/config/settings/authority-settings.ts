import { choice, flag, integer, list, optional, word } from '../setting.js';
import { MAX_SECONDS } from './periods.js';

const isDigest = (value: string): boolean => /^[\da-f]{64}$/i.test(value);

function isPostgresUrl(value: string): boolean {
  return URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol);
}

/** What can contribute to a yes: provenance, policy, approvals and where they are kept. */
export const AUTHORITY_SETTINGS = {
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
} as const;
