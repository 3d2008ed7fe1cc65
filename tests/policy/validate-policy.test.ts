import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDirectory } from '../helpers/temporary-directory.js';

const root = join(import.meta.dirname, '..', '..');
const digest = 'a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d';
const directory = sharedDirectory();
const defaultText = readFileSync(join(root, 'policies', 'default.yaml'), 'utf8');

function validate(...args: string[]) {
  const run = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/validate-policy.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: run.status, out: run.stdout.trim(), error: run.stderr.trim() };
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe('scripts/validate-policy.ts', () => {
  it('prints the published digest of the default policy', () => {
    expect(validate()).toEqual({ status: 0, out: digest, error: '' });
  });

  it('accepts another policy, with or without a digest file', () => {
    const policy = write('other.yaml', defaultText.replace('run_shell:', 'run_robot:'));
    const { status, out } = validate('--policy', policy);
    expect(status).toBe(0);
    const hashFile = write('other.txt', out.toUpperCase());
    expect(validate('--policy', policy, '--hash-file', hashFile).status).toBe(0);
  });

  it('writes the digest where the next run finds it', () => {
    const policy = write('written.yaml', defaultText);
    expect(validate('--policy', policy, '--write-hash').out).toBe(digest);
    expect(readFileSync(join(directory, 'written.sha256'), 'utf8')).toBe(`${digest}\n`);
    writeFileSync(policy, defaultText.replace('critical', 'high'));
    expect(validate('--policy', policy)).toMatchObject({
      status: 1,
      out: '',
      error: expect.stringMatching(`^policy hash mismatch: expected ${digest}, got [0-9a-f]{64}$`) as string,
    });
  });

  it('says in one line what is wrong, and exits 1', () => {
    const dangerous = 'properties: {q: {type: string, pattern: "^(a+)+$"}}';
    const rule = 'enabled: false, risk_level: low, external_effect: false, destructive: false';
    const failures: [content: string | Uint8Array, error: string | RegExp][] = [
      ['', 'policy root must be a mapping'],
      [defaultText.replace('deny', 'allow'), "default_decision must be 'deny'"],
      [Buffer.from([0xc3, 0x28]), 'policy file is not valid UTF-8'],
      [Buffer.alloc(10 * 1024 * 1024, 'a: 1\n'), 'policy file is larger than 262144 bytes'],
      [
        `default_decision: deny\ntenant_isolation: strict\ntools:\n  look: {${rule}, requires_human_approval: false,` +
          ` allowed_roles: [], arguments: {type: object, ${dangerous}}}\n`,
        /at \/tools\/look\/arguments\/properties\/q\/pattern: pattern may take super-linear time$/,
      ],
    ];
    for (const [index, [content, error]] of failures.entries()) {
      const result = validate('--policy', write(`bad-${index}.yaml`, content));
      expect(result).toMatchObject({ status: 1, out: '' });
      expect(result.error).toMatch(error);
      expect(result.error).not.toContain('\n');
    }
  });

  it('names what is missing by its base name', () => {
    expect(validate('--policy', join(directory, 'none.yaml')).error).toBe('policy file not found: none.yaml');
    const policy = write('alone.yaml', defaultText);
    const result = validate('--policy', policy, '--hash-file', join(directory, 'none.sha256'));
    expect(result).toMatchObject({ status: 1, error: 'expected hash file not found: none.sha256' });
  });

  it('refuses an option it does not know', () => {
    expect(validate('--polcy', 'x')).toMatchObject({ status: 1, out: '' });
  });
});
