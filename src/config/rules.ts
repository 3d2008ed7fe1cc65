import { createPrivateKey, createPublicKey } from 'node:crypto';
import { basename } from 'node:path';
import { limits } from '../domain/limits.js';
import { isLoopback } from '../domain/loopback.js';
import type { Config } from './settings.js';

/** The files that the configuration names, as far as its rules must see them. */
export interface ConfigFiles {
  /** The bytes of a file; null when it is not there or cannot be read. */
  read(path: string): Buffer | null;
  /** Names of the files in a directory; null when the path is not a directory. */
  list(path: string): readonly string[] | null;
}

type Rule = (config: Config, files: ConfigFiles) => readonly string[];

function violation(broken: boolean, message: string): readonly string[] {
  return broken ? [message] : [];
}

function hasCredential(config: Config): boolean {
  return (
    config.apiKey !== null ||
    config.allowedApiKeysFile !== null ||
    config.principalsFile !== null ||
    config.jwtIssuer !== null
  );
}

const alwaysOff: Rule = (config) => [
  ...violation(config.allowLiveExternalTools, 'allow_live_external_tools must remain disabled'),
  ...violation(config.allowShellTools, 'allow_shell_tools must remain disabled'),
  ...violation(
    config.allowLiveLlmCalls,
    'live LLM calls are not implemented; keep allow_live_llm_calls false',
  ),
];

const production: Rule = (config) => {
  if (config.environment !== 'production') return [];
  return [
    ...violation(!config.requireApiAuth, 'production requires API authentication'),
    ...violation(!hasCredential(config), 'production requires at least one API key'),
    ...violation(config.allowedOrigins.length === 0, 'production requires explicit allowed_origins'),
    ...violation(config.allowedOrigins.includes('*'), 'production disallows wildcard CORS origins'),
    ...violation(!config.requireApprovalToken, 'production requires approval tokens'),
    ...violation(config.enableDebugErrors, 'production disallows debug error responses'),
    ...violation(config.enableVulnerablePath, 'production disallows the vulnerable path'),
    ...violation(
      config.policySha256 === null && config.policySha256File === null,
      'production requires policy_sha256',
    ),
    ...violation(config.approvalSigningKeyFile.length === 0, 'production requires approval_signing_key_file'),
    ...violation(config.auditSigningKeyFile === null, 'production requires audit_signing_key_file'),
    ...violation(
      config.enableStrictProvenance && config.provenanceHmacKeyFile === null,
      'production strict provenance requires provenance_hmac_key_file',
    ),
  ];
};

const authentication: Rule = (config, files) => {
  const { allowedApiKeysFile, principalsFile, environment } = config;
  return [
    ...violation(
      environment !== 'production' && config.requireApiAuth && !hasCredential(config),
      'require_api_auth is set but no API keys are configured',
    ),
    ...(allowedApiKeysFile === null
      ? []
      : violation(
          files.read(allowedApiKeysFile) === null,
          `API keys file not found: ${basename(allowedApiKeysFile)}`,
        )),
    ...(principalsFile === null
      ? []
      : violation(
          files.read(principalsFile) === null,
          `principals file not found: ${basename(principalsFile)}`,
        )),
  ];
};

const jwt: Rule = (config, files) => {
  const { jwtIssuer, jwtAudience, jwksUrl, jwksFile } = config;
  if (jwtIssuer === null) {
    const stray = jwtAudience !== null || jwksUrl !== null || jwksFile !== null;
    return violation(stray, 'jwt settings require jwt_issuer');
  }
  return [
    ...violation(jwtAudience === null, 'jwt_issuer requires jwt_audience'),
    ...violation(
      (jwksUrl === null) === (jwksFile === null),
      'jwt_issuer requires exactly one of jwks_url and jwks_file',
    ),
    ...violation(
      config.environment === 'production' && jwksUrl?.startsWith('http:') === true,
      'production requires an https jwks_url',
    ),
    ...(jwksFile === null
      ? []
      : violation(files.read(jwksFile) === null, `JWKS file not found: ${basename(jwksFile)}`)),
  ];
};

const binding: Rule = (config) => {
  if (isLoopback(config.host) || config.requireApiAuth) return [];
  const excused = config.allowInsecureBind && config.environment !== 'production';
  return violation(!excused, 'non-loopback bind requires API authentication');
};

const policy: Rule = (config, files) => [
  ...violation(
    files.read(config.policyPath) === null,
    `policy file not found: ${basename(config.policyPath)}`,
  ),
  ...violation(
    config.policySha256 !== null && config.policySha256File !== null,
    'set only one of policy_sha256 and policy_sha256_file',
  ),
];

const provenanceKeys: Rule = (config, files) => {
  const path = config.provenanceHmacKeyFile;
  if (path === null) return [];
  const names = files.list(path);
  const paths = names === null ? [path] : names.map((name) => `${path}/${name}`);
  if (paths.length === 0) return [`provenance key file not found: ${basename(path)}`];
  return paths.flatMap((file) => {
    const bytes = files.read(file);
    if (bytes === null) return [`provenance key file not found: ${basename(file)}`];
    if (bytes.length === 0) return [`provenance key file is empty: ${basename(file)}`];
    const isShort =
      config.environment === 'production' && bytes.length < limits.provenanceKeyBytesInProduction;
    return violation(
      isShort,
      `provenance key file is shorter than ${limits.provenanceKeyBytesInProduction} bytes: ${basename(file)}`,
    );
  });
};

/** The public half of an Ed25519 private key in PEM, as SPKI bytes; null for anything else. */
function publicHalf(pem: Buffer): Buffer | null {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') return null;
    return createPublicKey(key).export({ type: 'spki', format: 'der' });
  } catch {
    return null;
  }
}

const signingKeys: Rule = (config, files) => {
  const named = [
    ...config.approvalSigningKeyFile.map((path) => ({ rule: 'approval_signing_key_file', path })),
    ...(config.auditSigningKeyFile === null
      ? []
      : [{ rule: 'audit_signing_key_file', path: config.auditSigningKeyFile }]),
  ];
  const seen = new Set<string>();
  return named.flatMap(({ rule, path }) => {
    const pem = files.read(path);
    if (pem === null) return [`${rule} not found: ${basename(path)}`];
    const key = publicHalf(pem)?.toString('hex');
    if (key === undefined) return [`${rule} is not an Ed25519 private key: ${basename(path)}`];
    // THREAT: a key with two purposes lets a signature made for one stand for the other.
    if (seen.has(key)) return [`${rule} holds a key that is used already: ${basename(path)}`];
    seen.add(key);
    return [];
  });
};

const stores: Rule = (config) =>
  violation(
    config.approvalStore === 'postgres' && config.databaseUrl === null,
    'approval_store postgres requires database_url',
  );

const RULES: readonly Rule[] = [
  production,
  authentication,
  jwt,
  binding,
  policy,
  provenanceKeys,
  signingKeys,
  stores,
  alwaysOff,
];

/** Every rule that the configuration breaks, in a fixed order. */
export function checkRules(config: Config, files: ConfigFiles): readonly string[] {
  return RULES.flatMap((rule) => rule(config, files));
}
