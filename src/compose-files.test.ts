import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSigningKey } from './audit/key-file.js';
import { readNamedFile } from './compose-files.js';
import { createConfiguredIdentity } from './compose-identity.js';
import { readApprovalKeyPems, readAuditKey } from './compose-keys.js';
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
