import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from '../../tests/helpers/temporary-directory.js';
import { compose } from '../compose.js';
import { loadProcessConfig } from '../config/process-config.js';
import type { Config } from '../config/settings.js';
import { ConfigError, StoreError } from '../domain/errors.js';
import { findContentFaults, withAllFaults } from './config-contents.js';

let directory: string;
beforeAll(() => {
  directory = sharedDirectory();
});

function configOf(variables: Record<string, string> = {}): Config {
  return loadProcessConfig({
    ACP_ENVIRONMENT: 'test',
    ACP_AUDIT_LOG_DIR: join(directory, 'audit'),
    ACP_STATE_DIR: join(directory, 'state'),
    ...variables,
  }).config;
}

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function keysWithSubdirectory(): string {
  const path = join(directory, 'provenance');
  mkdirSync(join(path, 'older'), { recursive: true });
  writeFileSync(join(path, 'key'), 'visibly-fake-provenance-key');
  return path;
}

const ISSUER = { ACP_JWT_ISSUER: 'https://issuer.example.invalid', ACP_JWT_AUDIENCE: 'acp-test' };

describe('findContentFaults', () => {
  it('finds nothing wrong with what ships', async () => {
    expect(await findContentFaults(configOf())).toEqual([]);
  });

  it.each([
    [
      'a key set that would be fetched in clear',
      () => configOf({ ...ISSUER, ACP_JWKS_URL: 'http://issuer.example.invalid/keys' }),
      'jwks_url must be https, or http on a loopback address',
    ],
    [
      'a file that holds no key set',
      () => configOf({ ...ISSUER, ACP_JWKS_FILE: write('jwks.json', '{}') }),
      'JWKS file: not a JSON Web Key Set',
    ],
    [
      'a directory among provenance keys',
      () => configOf({ ACP_PROVENANCE_HMAC_KEY_FILE: keysWithSubdirectory() }),
      'provenance key file not found: older',
    ],
    [
      'an approval key that has changed since it was looked at',
      () => ({ ...configOf(), approvalSigningKeyFile: [write('approval.pem', 'not a key')] }),
      'approval_signing_key_file: not a private key (PKCS#8 PEM)',
    ],
    [
      'an audit key that has changed since it was looked at',
      () => ({ ...configOf(), auditSigningKeyFile: write('audit.pem', 'not a key') }),
      'audit_signing_key_file is not an Ed25519 private key',
    ],
  ])('refuses %s in the words of a start', async (_what, config, violation) => {
    expect(await findContentFaults(config())).toEqual([violation]);
    await expect(compose(config())).rejects.toMatchObject({ violations: [violation] });
  });
});

describe('withAllFaults', () => {
  it('puts what stopped the start before what else is wrong, and says nothing twice', async () => {
    const config = configOf({ ACP_PRINCIPALS_FILE: write('principals.yaml', 'principals: 1\n') });
    const [found] = await findContentFaults(config);
    const other = 'the directory of the approval database cannot be made (EACCES)';
    const both = new ConfigError([other, found!]);
    expect(await withAllFaults(config, new ConfigError([other]))).toEqual(both);
    expect(await withAllFaults(config, both)).toEqual(both);
  });

  it('leaves a fault of anything else as it is', async () => {
    const fault = new StoreError('the approval database cannot be opened');
    expect(await withAllFaults(configOf(), fault)).toBe(fault);
  });
});
