/**
 * What the audit log costs over HTTP, 32 callers, in alternating rounds: `/run` with durability `os` against a null
 * sink; `/run` with durability `disk`, and a bare route with it, against the same route waiting for nothing but a
 * group-committed `fdatasync`.
 *
 * Usage: tsx bench/audit-http.ts [rounds]. Targets: at least 0.75, and at least 0.8.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyLoad } from './lib/load.js';
import { processorMicroseconds } from './lib/processor-time.js';

const SERVER = fileURLToPath(new URL('audit-http-server.ts', import.meta.url));
const CONNECTIONS = 32;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;
const ROUNDS = Number(process.argv[2] ?? '3');

const body = {
  request_id: 'req-1',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
  user_message: 'read my records',
  scenario: 'safe_read',
};

async function load(address: string, seconds: number): Promise<number> {
  const result = await applyLoad({
    url: `${address}/run`,
    bodies: [body],
    connections: CONNECTIONS,
    until: { seconds },
  });
  if (result.failures > 0) throw new Error(`${result.failures} requests were refused`);
  return result.requestsPerSecond;
}

interface Measured {
  readonly rate: number;
  /** Of the server's processor time, which a busy machine distorts least; 0 where the system does not tell. */
  readonly microsecondsPerRequest: number;
}

async function measure(server: { address: string; pid: number }): Promise<Measured> {
  const before = processorMicroseconds(server.pid);
  const rate = await load(server.address, SECONDS);
  const spent = processorMicroseconds(server.pid) - before;
  return { rate, microsecondsPerRequest: spent / (rate * SECONDS) };
}

async function startServer({ route, sink }: Subject) {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  const child = spawn(process.execPath, ['--import', 'tsx', SERVER, route, sink, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  await load(address, WARM_UP_SECONDS);
  return { child, address, directory, pid: child.pid ?? 0 };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

interface Subject {
  readonly route: 'run' | 'bare';
  readonly sink: 'os' | 'disk' | 'null' | 'sync';
}

async function compare(subject: Subject, reference: Subject, target: number): Promise<void> {
  const servers = [await startServer(subject), await startServer(reference)];
  const rounds: Measured[][] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, server] of servers.entries()) rounds[index]?.push(await measure(server));
  }
  for (const { child, directory } of servers) {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
  const [measured = 0, expected = 1] = rounds.map((round) => median(round.map(({ rate }) => rate)));
  const [cost = 0, base = 0] = rounds.map((round) => median(round.map((one) => one.microsecondsPerRequest)));
  const ratio = measured / expected;
  console.log(
    `/${subject.route} with ${subject.sink} against /${reference.route} with ${reference.sink}: ` +
      `${Math.round(measured)} to ${Math.round(expected)} requests/s, ` +
      `ratio ${ratio.toFixed(2)}, target ${target} ${ratio >= target ? 'met' : 'MISSED'}; ` +
      `${cost.toFixed(1)} to ${base.toFixed(1)} µs of processor a request`,
  );
}

await compare({ route: 'run', sink: 'os' }, { route: 'run', sink: 'null' }, 0.75);
await compare({ route: 'run', sink: 'disk' }, { route: 'bare', sink: 'sync' }, 0.8);
await compare({ route: 'bare', sink: 'disk' }, { route: 'bare', sink: 'sync' }, 0.8);
