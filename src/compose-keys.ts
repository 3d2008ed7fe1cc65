import type { KeyObject } from 'node:crypto';
import { basename } from 'node:path';
import { parseSigningKey } from './audit/key-file.js';
import { isOpenToOthers } from './audit/permissions.js';
import { readNamedFile } from './compose-files.js';
import type { Config } from './config/settings.js';
import { ConfigError } from './domain/errors.js';
import { limits } from './domain/limits.js';
import { showInvisible } from './domain/visible.js';
import { createLabProvenanceKeys, loadProvenanceKeys, type ProvenanceKeys } from './provenance/keys.js';

type SigningKeySetting = 'approval_signing_key_file' | 'audit_signing_key_file';

function describeOpenKey(path: string, setting: SigningKeySetting): string {
  return `${setting} is open to others than the service: ${showInvisible(basename(path))}; set its mode to 0600`;
}

/** THREAT: whoever can read a signing key makes grants, or a log, that nobody can tell from the service's. */
function readSigningKey(path: string, setting: SigningKeySetting, { environment }: Config): string {
  const pem = readNamedFile(path, setting);
  if (environment === 'production' && isOpenToOthers(path))
    throw new ConfigError([describeOpenKey(path, setting)]);
  return pem;
}

/** A warning for each private key that others may read or write; production refuses those. */
export function describeOpenKeys(config: Config): readonly string[] {
  const audit = config.auditSigningKeyFile;
  const warningOf = (path: string, setting: SigningKeySetting) =>
    isOpenToOthers(path) ? [describeOpenKey(path, setting)] : [];
  return [
    ...config.approvalSigningKeyFile.flatMap((path) => warningOf(path, 'approval_signing_key_file')),
    ...(audit === null ? [] : warningOf(audit, 'audit_signing_key_file')),
  ];
}

/** The private keys of approval tokens, in PEM, in the configured order. @throws ConfigError */
export function readApprovalKeyPems(config: Config): readonly string[] {
  return config.approvalSigningKeyFile.map((path) =>
    readSigningKey(path, 'approval_signing_key_file', config),
  );
}

/** The private key that signs the audit log; null where none is configured. @throws ConfigError */
export function readAuditKey(config: Config): KeyObject | null {
  const path = config.auditSigningKeyFile;
  return path === null ? null : parseSigningKey(readSigningKey(path, 'audit_signing_key_file', config));
}

/** The keys of provenance signatures; the published lab key where none is configured. @throws ConfigError */
export function readProvenanceKeys({ provenanceHmacKeyFile: path, environment }: Config): ProvenanceKeys {
  if (path === null) return createLabProvenanceKeys();
  const minimumBytes = environment === 'production' ? limits.provenanceKeyBytesInProduction : 1;
  return loadProvenanceKeys(path, { minimumBytes });
}
