/**
 * What the audit log costs over HTTP: `/run` with durability `os` against a null sink, and `/run` with durability
 * `disk` against a bare route that waits for one group-committed `fdatasync`, 32 callers each, in alternating rounds.
 *
 * Usage: tsx bench/audit-http.ts [rounds]. Targets: at least 0.75, and at least 0.8.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
// @ts-expect-error the package brings no types
import autocannon from 'autocannon';

const SERVER = fileURLToPath(new URL('audit-http-server.ts', import.meta.url));
const CONNECTIONS = 32;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;

const body = JSON.stringify({
  request_id: 'req-1',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
  user_message: 'read my records',
  scenario: 'safe_read',
});

/** What is used of the load generator's answer. */
const resultSchema = z.object({
  non2xx: z.number(),
  errors: z.number(),
  requests: z.object({ average: z.number() }),
});

async function load(url: string, duration: number): Promise<number> {
  const generate = autocannon as (options: Record<string, unknown>) => Promise<unknown>;
  const answer = await generate({
    url: `${url}/run`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: CONNECTIONS,
    duration,
  });
  const result = resultSchema.parse(answer);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return result.requests.average;
}

async function startServer(kind: string, directory: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', SERVER, kind, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  await load(address, WARM_UP_SECONDS);
  return { child, address };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

async function compare(name: string, kinds: readonly [string, string], rounds: number, target: number) {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  const servers = await Promise.all(kinds.map((kind) => startServer(kind, directory)));
  const rates: number[][] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, server] of servers.entries()) rates[index]?.push(await load(server.address, SECONDS));
  }
  for (const server of servers) server.child.kill();
  rmSync(directory, { recursive: true });
  const [measured, reference] = rates.map(median) as [number, number];
  const ratio = measured / reference;
  console.log(
    `${name}: ${Math.round(measured)} against ${Math.round(reference)} requests/s, ` +
      `ratio ${ratio.toFixed(2)}, target ${target} ${ratio >= target ? 'met' : 'MISSED'}`,
  );
}

const rounds = Number(process.argv[2] ?? '3');
if (process.argv[3] !== 'disk')
  await compare('/run with os against a null sink', ['os', 'null'], rounds, 0.75);
await compare('a bare route with the log, disk, against one that only syncs', ['log', 'bare'], rounds, 0.8);
await compare('/run with disk against a null sink', ['disk', 'null'], rounds, 0);
