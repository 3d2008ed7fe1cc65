import type { KeyObject } from 'node:crypto';
import { parseSigningKey } from './audit/key-file.js';
import { readNamedFile } from './compose-files.js';
import type { Config } from './config/settings.js';
import { limits } from './domain/limits.js';
import { createLabProvenanceKeys, loadProvenanceKeys, type ProvenanceKeys } from './provenance/keys.js';

/** The private keys of approval tokens, in PEM, in the configured order. @throws ConfigError */
export function readApprovalKeyPems({ approvalSigningKeyFile: paths }: Config): readonly string[] {
  return paths.map((path) => readNamedFile(path, 'approval_signing_key_file'));
}

/** The private key that signs the audit log; null where none is configured. @throws ConfigError */
export function readAuditKey({ auditSigningKeyFile: path }: Config): KeyObject | null {
  return path === null ? null : parseSigningKey(readNamedFile(path, 'audit_signing_key_file'));
}

/** The keys of provenance signatures; the published lab key where none is configured. @throws ConfigError */
export function readProvenanceKeys({ provenanceHmacKeyFile: path, environment }: Config): ProvenanceKeys {
  if (path === null) return createLabProvenanceKeys();
  const minimumBytes = environment === 'production' ? limits.provenanceKeyBytesInProduction : 1;
  return loadProvenanceKeys(path, { minimumBytes });
}
