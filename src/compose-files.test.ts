import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDirectory } from '../tests/helpers/temporary-directory.js';
import { parseSigningKey } from './audit/key-file.js';
import { readNamedFile } from './compose-files.js';
import { createConfiguredIdentity } from './compose-identity.js';
import { describeOpenKeys, readApprovalKeyPems, readAuditKey } from './compose-keys.js';
import { loadProcessConfig } from './config/process-config.js';
import { systemClock } from './domain/clock.js';
import { ConfigError } from './domain/errors.js';

const missing = join(import.meta.dirname, 'no-such-directory', 'gone.yaml');

/** What an action throws, which must be a fault of the configuration. */
function violationsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.violations;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('readNamedFile', () => {
  it('reads a file as text', () => {
    expect(readNamedFile(import.meta.filename, 'test')).toContain("describe('readNamedFile'");
  });

  it('names a file that cannot be read by its last part alone', () => {
    expect(violationsOf(() => readNamedFile(missing, 'a file'))).toEqual([
      'a file cannot be read: gone.yaml',
    ]);
  });
});

describe('a file that is gone when the service starts or reloads', () => {
  const { config } = loadProcessConfig({ ACP_ENVIRONMENT: 'test' });
  const identityOf = (changes: Partial<typeof config>) => () =>
    createConfiguredIdentity({ ...config, ...changes }, { clock: systemClock, onFault: () => undefined });
  const issuer = { jwtIssuer: 'https://issuer.example.invalid', jwtAudience: 'acp-test' };

  it.each([
    ['API keys file', identityOf({ allowedApiKeysFile: missing })],
    ['principals file', identityOf({ principalsFile: missing })],
    ['JWKS file', identityOf({ ...issuer, jwksFile: missing })],
    [
      'approval_signing_key_file',
      () => readApprovalKeyPems({ ...config, approvalSigningKeyFile: [missing] }),
    ],
    ['audit_signing_key_file', () => readAuditKey({ ...config, auditSigningKeyFile: missing })],
  ])('is a fault of the configuration: %s', (what, read) => {
    expect(violationsOf(read)).toEqual([`${what} cannot be read: gone.yaml`]);
  });
});

describe('a private signing key that others may read', () => {
  const { config } = loadProcessConfig({ ACP_ENVIRONMENT: 'test' });
  const path = join(sharedDirectory(), 'open.pem');
  writeFileSync(path, 'not a key');
  chmodSync(path, 0o644);
  const both = { auditSigningKeyFile: path, approvalSigningKeyFile: [path] };

  it('is refused in production', () => {
    const production = { ...config, ...both, environment: 'production' } as const;
    expect(violationsOf(() => readAuditKey(production))).toEqual([
      'audit_signing_key_file is open to others than the service: open.pem; set its mode to 0600',
    ]);
    expect(violationsOf(() => readApprovalKeyPems(production))).toEqual([
      'approval_signing_key_file is open to others than the service: open.pem; set its mode to 0600',
    ]);
  });

  it('is named in a warning elsewhere', () => {
    expect(describeOpenKeys({ ...config, ...both })).toHaveLength(2);
    chmodSync(path, 0o600);
    expect(describeOpenKeys({ ...config, ...both })).toEqual([]);
  });
});

describe('parseSigningKey', () => {
  it('takes an Ed25519 private key and nothing else', () => {
    const pemOf = (type: 'ed25519' | 'x25519') =>
      generateKeyPairSync(type as 'ed25519')
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString();
    expect(parseSigningKey(pemOf('ed25519')).asymmetricKeyType).toBe('ed25519');
    for (const pem of [pemOf('x25519'), 'not a key']) {
      expect(violationsOf(() => parseSigningKey(pem))).toEqual([
        'audit_signing_key_file is not an Ed25519 private key',
      ]);
    }
  });
});
