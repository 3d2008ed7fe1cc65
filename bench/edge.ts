/**
 * What the edge withstands at full size: 2,000 clients that send a byte a second beside a good one, and a minute of load
 * at twice the capacity. Exits 1 where a good client is not served, memory grows, an answer is not one of 200, 429 and
 * 503, or a decision is answered and not on record.
 *
 *   npm run bench -- edge
 *   BENCH_EDGE_SECONDS=10 BENCH_SLOW_CLIENTS=500 npm run bench -- edge
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { buildService, startService, type ServerProcess } from './lib/server-process.js';

const SECONDS = Number(process.env['BENCH_EDGE_SECONDS'] ?? 60);
const SLOW_CLIENTS = Number(process.env['BENCH_SLOW_CLIENTS'] ?? 2_000);
const CONNECTIONS = 500;
const MAX_GROWTH_BYTES = 300 * 1024 * 1024;

const body = JSON.stringify({
  request_id: 'req-1',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
  user_message: 'please look this up',
});
const headers = { 'content-type': 'application/json' };

function check(isRight: boolean, what: string): void {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`);
  if (!isRight) process.exitCode = 1;
}

async function residentBytes({ address }: ServerProcess): Promise<number> {
  const page = await (await fetch(`${address}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(page)?.[1]);
}

/** How long one good request takes, in milliseconds; NaN where it is not decided. */
async function timeOne({ address }: ServerProcess): Promise<number> {
  const beganAt = performance.now();
  const response = await fetch(`${address}/run`, { method: 'POST', headers, body });
  await response.text();
  return response.status === 200 ? performance.now() - beganAt : Number.NaN;
}

async function withstandSlowClients(): Promise<void> {
  const service = await startService();
  const port = Number(new URL(service.address).port);
  const request = `POST /run HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const sockets: Socket[] = [];
  let closed = 0;
  for (let index = 0; index < SLOW_CLIENTS; index += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => (closed += 1));
    sockets.push(socket);
  }
  let sent = 0;
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(request.charAt(sent));
    sent += 1;
  }, 1_000);

  const times: number[] = [];
  const endsAt = performance.now() + 15_000;
  while (performance.now() < endsAt) {
    times.push(await timeOne(service));
    await sleep(50);
  }
  clearInterval(drip);
  const worst = Math.max(...times);
  console.log(`\n${SLOW_CLIENTS} clients at a byte a second, ${times.length} good requests beside them`);
  check(
    times.every(Number.isFinite),
    `every good request was decided, the slowest in ${worst.toFixed(1)} ms`,
  );
  check(closed === SLOW_CLIENTS, `${closed} slow clients were cut off within 15 s`);
  for (const socket of sockets) socket.destroy();
  await service.stop();
}

const autocannon = createRequire(import.meta.url).resolve('autocannon');

const loadSchema = z.object({
  requests: z.object({ average: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  statusCodeStats: z.record(z.string(), z.object({ count: z.number() })),
});

/** Load from a process of its own; at the given rate, or as fast as it is answered. */
async function applyLoad(
  url: string,
  options: { readonly connections: number; readonly seconds: number; readonly rate?: number },
): Promise<z.infer<typeof loadSchema>> {
  const { connections, seconds, rate } = options;
  const flags = ['-c', String(connections), '-d', String(seconds), '-t', '30', '-m', 'POST', '--json'];
  const request = ['-H', 'content-type=application/json', '-b', body, url];
  const paced = rate === undefined ? [] : ['-R', String(rate)];
  const child = spawn(process.execPath, [autocannon, ...flags, ...paced, ...request], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  for await (const data of child.stdout) output += String(data);
  return loadSchema.parse(JSON.parse(output));
}

function countDecisions(directory: string): number {
  const log = join(directory, 'audit');
  return readdirSync(log)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => Number(execFileSync('grep', ['-c', '"event_type":"tool_allowed"', join(log, name)])))
    .reduce((sum, count) => sum + count, 0);
}

async function withstandOverload(): Promise<void> {
  const service = await startService();
  const url = `${service.address}/run`;
  const warm = await applyLoad(url, { connections: 64, seconds: 5 });
  const capacity = Math.round(warm.requests.average);
  const before = await residentBytes(service);
  let peak = before;
  const watch = setInterval(() => {
    residentBytes(service).then(
      (bytes) => (peak = Math.max(peak, bytes)),
      () => undefined,
    );
  }, 1_000);
  const load = await applyLoad(url, { connections: CONNECTIONS, seconds: SECONDS, rate: capacity * 2 });
  clearInterval(watch);
  const recovery = await timeOne(service);

  const statuses = load.statusCodeStats;
  const counts = Object.entries(statuses).map(([status, { count }]) => `${count} × ${status}`);
  console.log(`\n${SECONDS} s at ${capacity * 2} requests/s, twice the capacity: ${counts.join(', ')}`);
  check(
    Object.keys(statuses).every((status) => ['200', '429', '503'].includes(status)),
    'every answer is 200, 429 or 503',
  );
  check(load.errors === 0 && load.timeouts === 0, `${load.errors} connections failed`);
  check(
    peak - before < MAX_GROWTH_BYTES,
    `memory grew by ${Math.round((peak - before) / 1_048_576)} MiB at its peak`,
  );
  check(Number.isFinite(recovery), `the next request took ${recovery.toFixed(1)} ms`);
  const answered = (statuses['200']?.count ?? 0) + (warm.statusCodeStats['200']?.count ?? 0) + 1;
  const recorded = countDecisions(service.directory);
  check(recorded >= answered, `${answered} decisions were answered, ${recorded} are on record`);
  await service.stop();
}

buildService();
await withstandSlowClients();
await withstandOverload();
