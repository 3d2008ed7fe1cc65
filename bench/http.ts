/**
 * Requests a second and latency through HTTP, each endpoint against a bare Fastify route that sends the same answer,
 * alternating in one run. Writes bench/results/latest.md and latest.json.
 *
 *   npm run bench -- http
 *   BENCH_SECONDS=5 BENCH_ROUNDS=5 npm run bench -- http       longer and steadier
 *   BENCH_CASES='approved by token' npm run bench -- http      the endpoints whose names contain this
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDesks } from './lib/desks.js';
import { createHttpCases, type HttpCase } from './lib/http-cases.js';
import { applyLoad, type LoadResult } from './lib/load.js';
import { describeMachine, keepResult, publishReport } from './lib/report.js';
import { readCounter } from './lib/scrape.js';
import { buildService, startBaseline, startService, type ServerProcess } from './lib/server-process.js';
import { show, spreadOf, table } from './lib/statistics.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 2);
/** Until the compiler has seen the hot path often enough. */
const WARM_UP_SECONDS = 2 * SECONDS;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const WANTED = process.env['BENCH_CASES'] ?? '';
const CONNECTIONS = (process.env['BENCH_CONNECTIONS'] ?? '1,16,32,64,256').split(',').map(Number);
/** How many bodies that are taken once are made for a round. A fast service ends the round before its time. */
const BODIES = Number(process.env['BENCH_TOKENS'] ?? 5_000);

interface Row {
  readonly name: string;
  readonly durability: string;
  readonly connections: number;
  readonly service: readonly LoadResult[];
  readonly baseline: readonly LoadResult[];
}

async function answerOf(service: ServerProcess, { path, headers, ...rest }: HttpCase): Promise<unknown> {
  const [body] = await rest.bodies(service, 1);
  const response = await fetch(`${service.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/** Throws unless each token was used for what it was for: an answer that denies has status 200 as well. */
async function checkTokensUsed({ address }: ServerProcess, answered: number): Promise<void> {
  const denied = await readCounter(address, 'acp_decisions_total', { effect: 'deny' });
  const used = await readCounter(address, 'acp_approval_transitions_total', { state: 'consumed' });
  if (denied > 0 || used < answered) {
    throw new Error(`${answered} requests were answered, ${used} tokens used, ${denied} calls denied`);
  }
}

async function measure(benchCase: HttpCase): Promise<readonly Row[]> {
  const { name, path, durability, headers, once } = benchCase;
  const started: ServerProcess[] = [];
  try {
    const service = await startService({ ACP_AUDIT_DURABILITY: durability, ...benchCase.variables });
    started.push(service);
    const answer = await answerOf(service, benchCase);
    const baseline = await startBaseline(durability === 'os' ? 'echo' : 'fdatasync', answer);
    started.push(baseline);

    /** A round of both, with the same bodies; the bare route takes them as often as they come. */
    const loadBoth = async (connections: number, seconds: number) => {
      const bodies = await benchCase.bodies(service, BODIES);
      const load = { bodies, headers, connections, until: { seconds } };
      const bare = await applyLoad({ ...load, url: `${baseline.address}${path}` });
      return { bare, ours: await applyLoad({ ...load, once, url: `${service.address}${path}` }) };
    };
    let answered = (await loadBoth(Math.max(...CONNECTIONS), WARM_UP_SECONDS)).ours.requests;
    const rows: Row[] = [];
    for (const connections of CONNECTIONS) {
      const results = { service: [] as LoadResult[], baseline: [] as LoadResult[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        const { bare, ours } = await loadBoth(connections, SECONDS);
        results.baseline.push(bare);
        results.service.push(ours);
        answered += ours.requests;
      }
      const row = { name, durability, connections, ...results };
      rows.push(row);
      console.error(describe(row).join('  '));
    }
    if (once) await checkTokensUsed(service, answered);
    return rows;
  } finally {
    for (const server of started) await server.stop();
  }
}

function describe({ name, durability, connections, service, baseline }: Row): readonly string[] {
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

async function measureAll(): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  try {
    const principalsFile = join(directory, 'principals.yaml');
    const [desk] = createDesks(1, principalsFile);
    if (desk === undefined) throw new Error('no desk');
    const cases = createHttpCases(desk, principalsFile).filter(({ name }) => name.includes(WANTED));
    const rows: Row[] = [];
    for (const benchCase of cases) rows.push(...(await measure(benchCase)));
    return rows;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

buildService();
const rows = await measureAll();

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
body and sends the same answer; for durability \`disk\` it also waits for one group-committed \`fdatasync\`. Where a token
approves, each request presents one of its own, made beforehand; a round ends at the latest with the ${BODIES.toLocaleString('en-US')}th. Load
comes from another process on the same machine, so both sides share its processors: the ratios are what counts.

${table(head, rows.map(describe))}
`;
const details = { machine, seconds: SECONDS, rounds: ROUNDS, rows };
keepResult('latest.json', `${JSON.stringify(details, null, 2)}\n`);
publishReport('latest', report);
