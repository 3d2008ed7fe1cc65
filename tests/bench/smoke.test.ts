import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { skipsPostgres } from '../helpers/postgres-cluster.js';
import { runInGroup } from './process-group.js';

const results = mkdtempSync(join(tmpdir(), 'acp-bench-results-'));
afterAll(() => {
  rmSync(results, { recursive: true, force: true });
});

/** As little work as each benchmark can be made to do: it must run, not be fast. */
const SHORT = {
  BENCH_FROM_SOURCE: '1',
  BENCH_RESULTS: results,
  BENCH_CASES: 'approved by token',
  BENCH_CONNECTIONS: '2',
  BENCH_MILLISECONDS: '5',
  BENCH_PENDING: '10',
  BENCH_PROCESSES: '2',
  BENCH_ROUNDS: '1',
  BENCH_SECONDS: '0.1',
  BENCH_STARTS: '1',
  BENCH_STEPS: '1',
  BENCH_TOKENS: '10',
  BENCH_TURNS: '10',
};

/** Many times what it takes: for one that hangs. */
const TIMEOUT_MS = 60_000;

const withoutPostgres = skipsPostgres();

const BENCHMARKS: readonly (readonly [name: string, file: string, row: string, skipped?: boolean])[] = [
  ['decisions', 'decisions.md', '| broker decision |'],
  ['approvals', 'approvals.md', '| sqlite |'],
  ['http', 'latest.md', '| /run approved by token | os | 2 |'],
  ['process', 'process.md', '| 10 |'],
  ['processes', 'processes.md', '| approved actions of one agent | 2 |', withoutPostgres],
];

describe('a benchmark', () => {
  for (const [name, file, row, skipped = false] of BENCHMARKS) {
    it.skipIf(skipped)(
      `runs, keeps its table and leaves no process behind: ${name}`,
      async () => {
        const { status, output, survivors } = await runInGroup(['--import', 'tsx', `bench/${name}.ts`], {
          environment: { ...process.env, ...SHORT },
          outputFile: join(results, `${name}.log`),
          timeoutMs: TIMEOUT_MS,
        });
        expect(status, output).toBe(0);
        expect(readFileSync(join(results, file), 'utf8')).toContain(row);
        expect(survivors).toEqual([]);
      },
      2 * TIMEOUT_MS,
    );
  }
});
