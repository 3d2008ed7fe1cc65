import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const command = ['--import', 'tsx', 'scripts/bench.ts'];

describe('the command that runs benchmarks', () => {
  it('lists every benchmark, each with what it says of itself', () => {
    const help = execFileSync(process.execPath, [...command, '--help'], { encoding: 'utf8' });
    const benchmarks = readdirSync('bench')
      .filter((file) => file.endsWith('.ts') && !file.endsWith('-server.ts'))
      .map((file) => basename(file, '.ts'));
    const listed = [...help.matchAll(/^ {2}([a-z-]+) +\S.{10,}$/gm)].map(([, name]) => name);
    expect(listed).toEqual(benchmarks.sort());
  });

  it('says what there is where a name is not known', () => {
    const { status, stderr } = spawnSync(process.execPath, [...command, 'nothing'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('no such benchmark: nothing');
    expect(stderr).toContain('  http ');
  });
});
