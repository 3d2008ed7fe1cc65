import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../domain/errors.js';
import { createLabProvenanceKeys, LAB_PROVENANCE_KEY, loadProvenanceKeys } from './keys.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';

let directory: string;

beforeEach(() => {
  directory = temporaryDirectory();
});

function write(name: string, content: string, modifiedAtSeconds = 1000): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  utimesSync(path, modifiedAtSeconds, modifiedAtSeconds);
  return path;
}

function bytesOf(keys: ReturnType<typeof loadProvenanceKeys>) {
  return keys.verification.map((key) => key.export().toString());
}

describe('loadProvenanceKeys', () => {
  it("takes a file's bytes as the key, its line end included", () => {
    const keys = loadProvenanceKeys(write('key', 'fake-key\n'));
    expect(bytesOf(keys)).toEqual(['fake-key\n']);
    expect(keys.signing).toBe(keys.verification[0]);
  });

  it('signs with the newest of a directory and verifies with all', () => {
    write('b', 'fake-oldest', 1000);
    write('a', 'fake-newest', 3000);
    write('c', 'fake-middle', 2000);
    const keys = loadProvenanceKeys(directory);
    expect(keys.signing.export().toString()).toBe('fake-newest');
    expect(bytesOf(keys)).toEqual(['fake-newest', 'fake-middle', 'fake-oldest']);
  });

  it('lets the name decide between keys of the same age', () => {
    write('2026-01', 'fake-january');
    write('2026-02', 'fake-february');
    expect(loadProvenanceKeys(directory).signing.export().toString()).toBe('fake-february');
  });

  it('follows links and skips hidden entries, as mounted secrets have them', () => {
    mkdirSync(join(directory, '..data'));
    writeFileSync(join(directory, '..data', 'key'), 'fake-mounted');
    symlinkSync(join('..data', 'key'), join(directory, 'key'));
    expect(bytesOf(loadProvenanceKeys(directory))).toEqual(['fake-mounted']);
  });

  it.each([
    ['a missing file', () => join(directory, 'none'), 'provenance key file not found: none'],
    ['an empty file', () => write('empty', ''), 'provenance key file is empty: empty'],
    [
      'a short file',
      () => write('short', 'x'.repeat(31)),
      'provenance key file is shorter than 32 bytes: short',
    ],
    ['a huge file', () => write('huge', 'x'.repeat(70_000)), 'provenance key file is too large: huge'],
  ])('refuses %s, by its base name', (_what, path, message) => {
    expect(() => loadProvenanceKeys(path(), { minimumBytes: 32 })).toThrow(new ConfigError([message]));
  });

  it('refuses an empty directory, and one with a bad key among good ones', () => {
    expect(() => loadProvenanceKeys(directory)).toThrow(/^provenance key file not found/);
    write('good', 'fake-good');
    write('bad', '');
    expect(() => loadProvenanceKeys(directory)).toThrow('provenance key file is empty: bad');
  });
});

describe('createLabProvenanceKeys', () => {
  it('is the published key and nothing else', () => {
    expect(bytesOf(createLabProvenanceKeys())).toEqual([LAB_PROVENANCE_KEY]);
    expect(Buffer.byteLength(LAB_PROVENANCE_KEY)).toBeGreaterThanOrEqual(32);
  });
});
