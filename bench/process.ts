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
const CONNECTIONS = 32;

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

async function measureMemory(): Promise<readonly (readonly string[])[]> {
  const service = await startService();
  const rows: (readonly string[])[] = [['0', show(residentMebibytes(service.pid))]];
  for (let step = 1; step <= STEPS; step += 1) {
    const requests = Math.ceil(TURNS / STEPS);
    await applyLoad({
      url: `${service.address}/run`,
      bodies: [body],
      connections: CONNECTIONS,
      until: { requests },
    });
    rows.push([(step * requests).toLocaleString('en-US'), show(residentMebibytes(service.pid))]);
  }
  await service.stop();
  return rows;
}

buildService();
const starts = spreadOf(await measureStarts());
const memory = await measureMemory();
publishReport(
  'process',
  `# Start and memory

${describeMachine()}. From its start until it listens the service takes ${show(starts.median)} ms (${show(starts.min)}–${show(starts.max)}, ${STARTS} starts).

${table(['turns', 'resident MiB'], memory)}
`,
);
