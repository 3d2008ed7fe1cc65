/**
 * The load generator of a machine without wrk, in a process of its own: autocannon, told what to do by a file in JSON.
 *
 * Usage: tsx bench/lib/autocannon-generator.ts <order>. Prints what it measured in JSON.
 */
import type { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { z } from 'zod';
import { autocannonOrderSchema, type loadResultSchema } from './autocannon-order.js';

interface Client {
  setRequests(requests: readonly { readonly body: string }[]): void;
}

interface Finished {
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly non2xx: number;
  readonly errors: number;
}

type Autocannon = (options: Readonly<Record<string, unknown>>) => EventEmitter & Promise<Finished>;

/** How often autocannon looks whether it is done. */
const SAMPLE_MS = 100;

// It comes without types.
const { default: autocannon } = (await import(import.meta.resolve('autocannon'))) as { default: Autocannon };
const order = autocannonOrderSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const { url, headers, bodies, connections, end } = order;

let clients = 0;
let requests = 0;
let lastAt = performance.now();
const startedAt = performance.now();
const run = autocannon({
  url,
  method: 'POST',
  headers,
  body: bodies[0],
  connections,
  ...end,
  sampleInt: SAMPLE_MS,
  setupClient: (client: Client) => {
    const place = clients;
    clients += 1;
    const own = bodies.filter((_body, index) => index % connections === place);
    // Where there are fewer bodies than connections, they are not sent once.
    client.setRequests((own.length > 0 ? own : bodies).map((body) => ({ body })));
  },
});
void run.on('response', () => {
  requests += 1;
  lastAt = performance.now();
});
const { latency, non2xx, errors } = await run;
const result: z.infer<typeof loadResultSchema> = {
  requestsPerSecond: (requests * 1000) / (lastAt - startedAt),
  p50Milliseconds: latency.p50,
  p99Milliseconds: latency.p99,
  requests,
  failures: non2xx + errors,
};
console.log(JSON.stringify(result));
