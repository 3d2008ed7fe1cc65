import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const TARGETS = [
  'help',
  'setup',
  'demo',
  'serve',
  'test',
  'lint',
  'format',
  'typecheck',
  'policy-integrity',
  'repo-hygiene',
  'validate',
  'bench',
  'docker-build',
  'docker-test',
  'security',
  'clean',
];

describe('the Makefile', () => {
  const makefile = readFileSync('Makefile', 'utf8');

  it('shows every target with what it does', () => {
    const shown = execFileSync('make', ['--no-print-directory', 'help'], { encoding: 'utf8' });
    expect(
      shown
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/)[0]),
    ).toEqual(TARGETS);
  });

  it('runs only scripts that there are', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const called = [...makefile.matchAll(/\$\(RUN\) ([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(called.length).toBeGreaterThan(0);
    for (const name of called) expect(scripts).toHaveProperty([name]);
  });
});
