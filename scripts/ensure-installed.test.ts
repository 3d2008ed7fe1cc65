import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ensure-installed-'));
  mkdirSync(join(root, 'scripts'));
  cpSync('scripts/ensure-installed.mjs', join(root, 'scripts/ensure-installed.mjs'));
  mkdirSync(join(root, 'bin'));
  // Stands in for npm, which would go to a registry: notes that it ran, and fails when told to.
  writeFileSync(join(root, 'bin/npm'), '#!/bin/sh\necho "$1" > npm-ran\ntest ! -e npm-fails\n');
  chmodSync(join(root, 'bin/npm'), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

type Packages = Record<string, { version: string; optional?: boolean }>;

function writeLock(path: string, packages: Packages): void {
  writeFileSync(join(root, path), JSON.stringify({ packages: { '': { version: '1.0.0' }, ...packages } }));
}

/** Runs the script; its exit status, what it printed on standard output, and whether it installed. */
function run(): { status: number | null; stdout: string; installed: boolean } {
  const path = `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts/ensure-installed.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return { status, stdout, installed: existsSync(join(root, 'npm-ran')) };
}

describe('ensure-installed', () => {
  const wanted: Packages = {
    'node_modules/a': { version: '1.2.3' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  };

  beforeEach(() => {
    writeLock('package-lock.json', wanted);
  });

  it('installs where nothing is installed, and prints nothing on standard output', () => {
    expect(run()).toEqual({ status: 0, stdout: '', installed: true });
  });

  it('installs where a package has another version', () => {
    mkdirSync(join(root, 'node_modules'));
    writeLock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.2.2' } });
    expect(run().installed).toBe(true);
  });

  it('does nothing where all is installed but for packages of other platforms', () => {
    mkdirSync(join(root, 'node_modules'));
    writeLock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.2.3' } });
    expect(run()).toEqual({ status: 0, stdout: '', installed: false });
  });

  it('leaves a linked node_modules alone', () => {
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'node_modules'));
    expect(run().installed).toBe(false);
  });

  it('fails where the installation fails', () => {
    writeFileSync(join(root, 'npm-fails'), '');
    expect(run().status).toBe(1);
  });
});
