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
  BENCH_WARM_UP: '1',
};

/** Many times what it takes: for one that hangs. */
const TIMEOUT_MS = 60_000;

interface Trial {
  readonly name: string;
  readonly file: string;
  readonly row: string;
  readonly cases?: string;
  readonly skipped?: boolean;
}

const TRIALS: readonly Trial[] = [
  { name: 'decisions', file: 'decisions.md', row: '| broker decision |' },
  { name: 'approvals', file: 'approvals.md', row: '| sqlite |' },
  {
    name: 'http',
    file: 'latest.md',
    row: '| /run approved by token | os | 2 |',
    cases: 'approved by token',
  },
  { name: 'process', file: 'process.md', row: '| 10 |' },
  {
    name: 'processes',
    file: 'processes.md',
    row: '| approved actions of one agent | 2 |',
    skipped: skipsPostgres(),
  },
];

describe('a benchmark', () => {
  for (const { name, file, row, cases = '', skipped = false } of TRIALS) {
    it.skipIf(skipped)(
      `runs, keeps its table and leaves no process behind: ${name}`,
      async () => {
        const { status, output, survivors } = await runInGroup(['--import', 'tsx', `bench/${name}.ts`], {
          environment: { ...process.env, ...SHORT, BENCH_CASES: cases },
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
