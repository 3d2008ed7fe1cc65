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
};

describe('a benchmark', () => {
  it.each([
    ['decisions', 'decisions.md', '| broker decision |'],
    ['approvals', 'approvals.md', '| sqlite |'],
  ])(
    'runs, and keeps its table: %s',
    (name, file, row) => {
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `bench/${name}.ts`], {
        env: { ...process.env, ...SHORT },
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect(status, stderr).toBe(0);
      expect(readFileSync(join(results, file), 'utf8')).toContain(row);
    },
    120_000,
  );
});
