import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const results = mkdtempSync(join(tmpdir(), 'acp-bench-results-'));
afterAll(() => {
  rmSync(results, { recursive: true, force: true });
});

/** As little work as each benchmark can be made to do: it must run, not be fast. */
const SHORT = {
  BENCH_RESULTS: results,
  BENCH_MILLISECONDS: '5',
  BENCH_PENDING: '10',
  BENCH_SECONDS: '1',
  BENCH_ROUNDS: '1',
  BENCH_CONNECTIONS: '2',
  BENCH_CASES: '1',
  BENCH_TURNS: '100',
};

describe('a benchmark', () => {
  it.each([
    ['decisions', 'decisions.md', '| broker decision |'],
    ['approvals', 'approvals.md', '| sqlite |'],
    ['process', 'process.md', '| 100 |'],
    ['http', 'latest.md', '| /run allowed | os | 2 |'],
  ])(
    'runs, and keeps its table: %s',
    (name, file, row) => {
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `bench/${name}.ts`], {
        env: { ...process.env, ...SHORT },
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      expect(readFileSync(join(results, file), 'utf8')).toContain(row);
    },
    120_000,
  );
});
