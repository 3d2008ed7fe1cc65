/**
 * Requests a second and latency through HTTP, each endpoint against a bare Fastify route that sends the same answer,
 * alternating in one run. Writes bench/results/latest.md and latest.json.
 *
 *   npm run bench -- http
 *   BENCH_SECONDS=5 BENCH_ROUNDS=5 npm run bench -- http       longer and steadier
 */
import { execFileSync } from 'node:child_process';
import { applyLoad, type LoadResult } from './lib/load.js';
import { startBaseline, startService, type ServerProcess } from './lib/server-process.js';
import { describeMachine, keepResult, publishReport } from './lib/report.js';
import { show, spreadOf, table } from './lib/statistics.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 2);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
/** Until the compiler has seen the hot path often enough. */
const WARM_UP_SECONDS = 2 * SECONDS;
/** How many of the endpoints, for a short look. */
const MAX_CASES = Number(process.env['BENCH_CASES'] ?? Infinity);
const CONNECTIONS = (process.env['BENCH_CONNECTIONS'] ?? '1,16,32,64,256').split(',').map(Number);

const turn = {
  request_id: 'req-1',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
};

interface Case {
  readonly name: string;
  readonly path: string;
  readonly body: object;
  readonly durability: 'os' | 'disk';
}

const call = {
  tool_name: 'read_records',
  arguments: { record_ids: ['r-100'] },
  target: 'tenant-a',
  provenance: { source: 'model', trust: 'trusted', context_ids: ['model-turn'] },
};

const run = (scenario: string) => ({ ...turn, user_message: 'please look this up', scenario });

const CASES: readonly Case[] = [
  { name: '/run allowed', path: '/run', body: run('safe_read'), durability: 'os' },
  { name: '/run blocked by the filter', path: '/run', body: run('output_secret_leak'), durability: 'os' },
  { name: '/run blocked by the broker', path: '/run', body: run('shell_attempt'), durability: 'os' },
  {
    name: '/v1/authorize allowed',
    path: '/v1/authorize',
    body: { ...turn, tool_call: call },
    durability: 'os',
  },
  {
    name: '/v1/filter 1 KB',
    path: '/v1/filter',
    body: { text: 'a plain sentence. '.repeat(57) },
    durability: 'os',
  },
  { name: '/run allowed', path: '/run', body: run('safe_read'), durability: 'disk' },
];

interface Row {
  readonly name: string;
  readonly durability: string;
  readonly connections: number;
  readonly service: readonly LoadResult[];
  readonly baseline: readonly LoadResult[];
}

async function answerOf(service: ServerProcess, { path, body }: Case): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${service.address}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

async function measure(benchCase: Case): Promise<readonly Row[]> {
  const load = (server: ServerProcess, connections: number, seconds = SECONDS) =>
    applyLoad({
      url: `${server.address}${benchCase.path}`,
      body: benchCase.body,
      connections,
      until: { seconds },
    });
  const started: ServerProcess[] = [];
  try {
    const service = await startService({ ACP_AUDIT_DURABILITY: benchCase.durability });
    started.push(service);
    const answer = await answerOf(service, benchCase);
    const baseline = await startBaseline(benchCase.durability === 'os' ? 'echo' : 'fdatasync', answer);
    started.push(baseline);
    const rows: Row[] = [];
    for (const server of [service, baseline]) await load(server, Math.max(...CONNECTIONS), WARM_UP_SECONDS);
    for (const connections of CONNECTIONS) {
      const results = { service: [] as LoadResult[], baseline: [] as LoadResult[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        results.baseline.push(await load(baseline, connections));
        results.service.push(await load(service, connections));
      }
      rows.push({ name: benchCase.name, durability: benchCase.durability, connections, ...results });
      console.error(describe(rows.at(-1)).join('  '));
    }
    return rows;
  } finally {
    for (const server of started) await server.stop();
  }
}

function describe(row: Row | undefined): readonly string[] {
  if (row === undefined) return [];
  const { name, durability, connections, service, baseline } = row;
  const rate = spreadOf(service.map(({ requestsPerSecond }) => requestsPerSecond));
  const bare = spreadOf(baseline.map(({ requestsPerSecond }) => requestsPerSecond));
  const ratios = spreadOf(
    service.map(
      (result, index) => result.requestsPerSecond / (baseline[index]?.requestsPerSecond ?? Number.NaN),
    ),
  );
  const tail = (results: readonly LoadResult[]) =>
    spreadOf(results.map(({ p99Milliseconds }) => p99Milliseconds)).median;
  const failures = [...service, ...baseline].reduce((sum, result) => sum + result.failures, 0);
  return [
    name,
    durability,
    String(connections),
    show(rate.median),
    show(bare.median),
    `**${ratios.median.toFixed(2)}** (${ratios.min.toFixed(2)}–${ratios.max.toFixed(2)})`,
    `${show(tail(service))} / ${show(tail(baseline))}`,
    String(failures),
  ];
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const rows: Row[] = [];
for (const benchCase of CASES.slice(0, MAX_CASES)) rows.push(...(await measure(benchCase)));

const head = [
  'endpoint',
  'durability',
  'connections',
  'requests/s',
  'bare route',
  'ratio (min–max)',
  'p99 ms, ours / bare',
  'failures',
];
const machine = describeMachine();
const report = `# HTTP benchmark

${machine}. ${ROUNDS} alternating rounds of ${SECONDS} s each; medians. The bare route is a Fastify route that parses the
body and sends the same answer; for durability \`disk\` it also waits for one group-committed \`fdatasync\`. Load comes
from another process on the same machine, so both sides share its processors: the ratios are what counts.

${table(head, rows.map(describe))}
`;
const details = { machine, seconds: SECONDS, rounds: ROUNDS, rows };
keepResult('latest.json', `${JSON.stringify(details, null, 2)}\n`);
publishReport('latest', report);
