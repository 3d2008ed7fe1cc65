import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ENV_EXAMPLES, renderEnvExample } from '../../scripts/env-examples/render.js';
import { loadConfig, type LoadedConfig } from '../../src/config/load-config.js';
import { SETTINGS } from '../../src/config/settings.js';
import { parsePrincipals } from '../../src/identity/principals-file.js';
import { makeKeys } from '../helpers/made-keys.js';

describe.each(Object.entries(ENV_EXAMPLES))('%s', (path, example) => {
  const text = readFileSync(path, 'utf8');

  it('is what the settings of the configuration say (write it anew: npm run env-examples)', () => {
    expect(text).toBe(renderEnvExample(example));
  });

  it('names every variable once, set or with its default', () => {
    const names = [...text.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
    const expected = Object.values(SETTINGS).map(({ name }) => name);
    expect(names).toEqual(expected.filter((name) => !example.omit.includes(name)));
  });
});

describe('the production example with the keys that are made on first use', () => {
  const keys = makeKeys();
  afterAll(keys.remove);
  const readKey = (name: string): string => readFileSync(join(keys.folder, name), 'utf8');
  const load = (variables: NodeJS.Dict<string>): LoadedConfig =>
    loadConfig({
      variables,
      readDotEnv: () => ({}),
      files: { read: keys.read, list: () => null },
      packagedPolicyPath: 'policies/default.yaml',
    });

  it('is a valid production configuration, with no value changed', () => {
    const { config, warnings } = load(parseEnv(readFileSync('.env.production.example', 'utf8')));
    expect(config.environment).toBe('production');
    expect(config.requireApiAuth).toBe(true);
    expect(config.approvalStore).toBe('postgres');
    expect(warnings).toEqual([]);
    expect(readFileSync('policies/default.sha256', 'utf8')).toContain(config.policySha256);
  });

  it('stops being valid when a required file is named no more', () => {
    const variables = parseEnv(readFileSync('.env.production.example', 'utf8'));
    expect(() => load({ ...variables, ACP_AUDIT_SIGNING_KEY_FILE: '' })).toThrow(
      'production requires audit_signing_key_file',
    );
  });

  it('binds the first approver by a key whose digest alone is in the principals file', () => {
    const key = readKey('first-approver.key').trim();
    const text = readKey('principals.yaml');
    expect(text).not.toContain(key);
    expect(parsePrincipals(text)).toHaveLength(1);
  });

  it('writes keys that only their owner can read, and prints nothing of them', () => {
    for (const name of ['approval-signing.pem', 'audit-signing.pem', 'provenance.key', 'pgpass']) {
      expect(statSync(join(keys.folder, name)).mode & 0o777, name).toBe(0o400);
    }
    const password = readKey('password');
    expect(readKey('pgpass')).toBe(`database:5432:acp:acp:${password}\n`);
  });

  it('keeps what exists when it runs again', () => {
    const before = readKey('audit-signing.pem');
    expect(keys.makeAgain()).toBe('');
    expect(readKey('audit-signing.pem')).toBe(before);
  });
});
