/**
 * What several processes on one machine get done over one PostgreSQL, as ratios to one process: decisions that need no
 * approval, and actions that are proposed, approved, fetched and used, each step at another process. Exits 1 where a
 * token is good twice, an approval is lost, an answer is wrong or a log is not whole. Writes bench/results/processes.md.
 *
 *   npm run bench -- processes
 *   BENCH_PROCESSES=1,2 BENCH_SECONDS=5 npm run bench -- processes
 *   BENCH_CASES=decisions npm run bench -- processes      the loads whose names contain this
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { verifyLog } from '../src/audit/verify/verify-log.js';
import { skipsPostgres } from '../tests/helpers/postgres-cluster.js';
import { startFleet, type Fleet } from './lib/fleet.js';
import { ApprovalDriver, driveDecisions, type Drive, type Driven } from './lib/fleet-load.js';
import { createJsonClient } from './lib/json-client.js';
import { ownProcessorMicroseconds, processorMicroseconds } from './lib/processor-time.js';
import { describeMachine, publishReport } from './lib/report.js';
import { buildService } from './lib/server-process.js';
import { show, spreadOf, table } from './lib/statistics.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 2);
/** Approved actions for each process before any is measured: until its compiler has seen all of their steps enough. */
const WARM_UP_ACTIONS = Number(process.env['BENCH_WARM_UP'] ?? 1_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const PROCESSES = (process.env['BENCH_PROCESSES'] ?? '1,2,4').split(',').map(Number);
const WANTED = process.env['BENCH_CASES'] ?? '';
const CONNECTIONS = 32;
const DESKS = 8;
const RACES = 20;

const client = createJsonClient();
const approvals = new ApprovalDriver(client);

const LOADS: readonly (readonly [name: string, work: (drive: Drive) => Promise<Driven>])[] = [
  ['decisions without approval', driveDecisions],
  [`approved actions of ${DESKS} agents`, (drive) => approvals.drive(drive)],
  ['approved actions of one agent', (drive) => approvals.drive({ ...drive, desks: drive.desks.slice(0, 1) })],
];

interface Measured {
  readonly perSecond: number;
  /** Microseconds of processor time for one decision or action. */
  readonly services: number;
  readonly database: number;
  readonly driver: number;
  readonly processorsBusy: number;
  readonly writes: number;
}

async function measure(work: () => Promise<Driven>, fleet: Fleet): Promise<Measured> {
  const readings = async () => ({
    services: fleet.services.reduce((sum, { pid }) => sum + processorMicroseconds(pid), 0),
    database: await fleet.databaseMicroseconds(),
    driver: ownProcessorMicroseconds(),
    writes: await fleet.writingTransactions(),
    at: performance.now(),
  });
  const before = await readings();
  const { done, perSecond } = await work();
  const after = await readings();
  const spent = (name: keyof typeof before): number => after[name] - before[name];
  return {
    perSecond,
    services: spent('services') / done,
    database: spent('database') / done,
    driver: spent('driver') / done,
    processorsBusy: (spent('services') + spent('database') + spent('driver')) / 1000 / spent('at'),
    writes: spent('writes') / done,
  };
}

function rowsOf(name: string, measured: ReadonlyMap<number, readonly Measured[]>): string[][] {
  const alone = measured.get(PROCESSES[0] ?? 1) ?? [];
  return [...measured].map(([count, rounds]) => {
    const median = (of: (one: Measured) => number): number => spreadOf(rounds.map(of)).median;
    const ratios = spreadOf(
      rounds.map(({ perSecond }, round) => perSecond / (alone[round]?.perSecond ?? Number.NaN)),
    );
    return [
      name,
      String(count),
      show(median(({ perSecond }) => perSecond)),
      `**${ratios.median.toFixed(2)}** (${ratios.min.toFixed(2)}–${ratios.max.toFixed(2)})`,
      show(median(({ services }) => services)),
      show(median(({ database }) => database)),
      show(median(({ driver }) => driver)),
      median(({ processorsBusy }) => processorsBusy).toFixed(2),
      median(({ writes }) => writes).toFixed(1),
    ];
  });
}

async function warmUp(drive: Drive): Promise<void> {
  await driveDecisions(drive);
  const wanted = WARM_UP_ACTIONS * drive.services.length;
  while (approvals.used < wanted) await approvals.drive(drive);
}

async function measureAll(fleet: Fleet): Promise<string[][]> {
  const { desks, services } = fleet;
  const drive = { desks, services, seconds: SECONDS, connections: CONNECTIONS };
  await warmUp(drive);
  const rows: string[][] = [];
  for (const [name, work] of LOADS.filter(([name]) => name.includes(WANTED))) {
    const measured = new Map<number, Measured[]>(PROCESSES.map((count) => [count, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [count, results] of measured) {
        results.push(await measure(() => work({ ...drive, services: services.slice(0, count) }), fleet));
      }
    }
    rows.push(...rowsOf(name, measured));
  }
  return rows;
}

async function checkRecords(fleet: Fleet): Promise<void> {
  const statuses = await fleet.approvalsByStatus();
  if (statuses.size !== 1 || statuses.get('consumed') !== approvals.used) {
    throw new Error(`${approvals.used} tokens were used, but there are ${JSON.stringify([...statuses])}`);
  }
  for (const { directory } of fleet.services) {
    const log = { paths: [join(directory, 'audit')], publicKeys: [], expectHead: null };
    const { whole } = await verifyLog(log);
    if (!whole) throw new Error('the log of a process is not whole');
  }
}

if (skipsPostgres()) process.exit(0);
buildService();
const fleet = await startFleet(Math.max(...PROCESSES), DESKS);
let rows: string[][];
try {
  rows = await measureAll(fleet);
  for (let race = 0; race < RACES; race += 1) {
    await approvals.race(fleet.services, fleet.desks[race % DESKS]!);
  }
  await checkRecords(fleet);
} finally {
  client.close();
  await fleet.stop();
}

const head = [
  'load',
  'processes',
  'a second',
  'ratio to one (min–max)',
  'services µs',
  'database µs',
  'driver µs',
  'processors busy',
  'writing transactions',
];
publishReport(
  'processes',
  `# Processes on one machine over one PostgreSQL

${describeMachine()}. ${ROUNDS} alternating rounds of ${SECONDS} s over ${CONNECTIONS} connections in all; medians. Every process has a log
of its own; the steps of an approved action go to one process after the other. Microseconds are processor time for each
decision or action; the driver and the database share the machine's processors with the services.

${table(head, rows)}

${approvals.used.toLocaleString('en-US')} tokens were used, each once; ${RACES} of them were presented at every process at once. Every log is whole.
`,
);
