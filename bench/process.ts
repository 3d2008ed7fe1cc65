/**
 * How long the service takes from its start until it is ready, and how much memory it holds over a million turns.
 * Writes bench/results/process.md.
 *
 *   npm run bench -- process
 */
import { readFileSync } from 'node:fs';
import { applyLoad } from './lib/load.js';
import { describeMachine, publishReport } from './lib/report.js';
import { buildService, startService } from './lib/server-process.js';
import { show, spreadOf, table } from './lib/statistics.js';

const STARTS = Number(process.env['BENCH_STARTS'] ?? 5);
const TURNS = Number(process.env['BENCH_TURNS'] ?? 1_000_000);
const STEPS = Number(process.env['BENCH_STEPS'] ?? 10);
const REQUESTS_PER_STEP = Math.ceil(TURNS / STEPS);
const CONNECTIONS = 32;

/** What the image sets that bounds memory, and the heap that V8 allows itself in a container of 512 MiB. */
const IN_CONTAINER = {
  NODE_OPTIONS: `${settingOfImage('NODE_OPTIONS')} --max-old-space-size=256`,
  MALLOC_ARENA_MAX: settingOfImage('MALLOC_ARENA_MAX'),
};

function settingOfImage(name: string): string {
  const value = new RegExp(`\\b${name}=(\\S+)`).exec(readFileSync('Dockerfile', 'utf8'))?.[1];
  if (value === undefined) throw new Error(`the image does not set ${name}`);
  return value;
}

const body = {
  request_id: 'req-1',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
  user_message: 'please look this up',
};

/** Resident memory of a process in MiB, as Linux counts it; NaN on another system. */
function residentMebibytes(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

async function measureStarts(): Promise<readonly number[]> {
  const durations: number[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const service = await startService();
    durations.push(service.readyAfterMilliseconds);
    await service.stop();
  }
  return durations;
}

/** Resident memory over the turns, in MiB: at the start, and after each step. */
async function measureMemory(variables: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const service = await startService(variables);
  const resident = [residentMebibytes(service.pid)];
  for (let step = 1; step <= STEPS; step += 1) {
    await applyLoad({
      url: `${service.address}/run`,
      bodies: [body],
      connections: CONNECTIONS,
      until: { requests: REQUESTS_PER_STEP },
    });
    resident.push(residentMebibytes(service.pid));
  }
  await service.stop();
  return resident;
}

buildService();
const starts = spreadOf(await measureStarts());
const inContainer = await measureMemory(IN_CONTAINER);
const unbounded = await measureMemory({});
const memory = inContainer.map((mebibytes, step) => [
  (step * REQUESTS_PER_STEP).toLocaleString('en-US'),
  show(mebibytes),
  show(unbounded[step] ?? Number.NaN),
]);
publishReport(
  'process',
  `# Start and memory

${describeMachine()}. From its start until it listens the service takes ${show(starts.median)} ms (${show(starts.min)}–${show(starts.max)}, ${STARTS} starts).

${table(['turns', 'resident MiB, image in 512 MiB', 'resident MiB, without bounds'], memory)}
`,
);
