import { unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../domain/errors.js';
import type { Provenance } from '../domain/provenance.js';
import { createProvenanceChecks } from './checks.js';
import { createProvenanceKeyring } from './keyring.js';
import { loadProvenanceKeys } from './keys.js';
import { signProvenance } from './signature.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';

const claim: Provenance = { source: 'model', trust: 'trusted', context_ids: [], tenant_id: 'tenant-a' };
const turn = { tenant_id: 'tenant-a', retrieved_chunks: [] };

let directory: string;

beforeEach(() => {
  directory = temporaryDirectory();
});

function addKey(name: string, modifiedAtSeconds: number): void {
  const path = join(directory, name);
  writeFileSync(path, `fake-key-for-tests-only-${name}`);
  utimesSync(path, modifiedAtSeconds, modifiedAtSeconds);
}

describe('createProvenanceKeyring', () => {
  it('rotates keys without a moment in which a good signature is refused', () => {
    addKey('old', 1000);
    const keyring = createProvenanceKeyring(() => loadProvenanceKeys(directory));
    const checks = createProvenanceChecks({ strict: true, keys: keyring });
    const isGood = (signature: string) => checks.checkIntegrity({ ...claim, signature }, turn).ok;
    const byOld = signProvenance(claim, keyring.signing);

    addKey('new', 2000);
    keyring.reload();
    const byNew = signProvenance(claim, keyring.signing);
    expect(byNew).not.toBe(byOld);
    expect([isGood(byOld), isGood(byNew)]).toEqual([true, true]);

    unlinkSync(join(directory, 'old'));
    keyring.reload();
    expect([isGood(byOld), isGood(byNew)]).toEqual([false, true]);
  });

  it('keeps its keys when the new ones cannot be read', () => {
    addKey('only', 1000);
    const keyring = createProvenanceKeyring(() => loadProvenanceKeys(directory));
    const { signing } = keyring;
    writeFileSync(join(directory, 'empty'), '');
    expect(() => keyring.reload()).toThrow(ConfigError);
    expect(keyring.signing).toBe(signing);
  });
});
