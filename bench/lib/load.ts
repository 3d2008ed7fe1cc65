import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** What a load generator measured in one round. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Answers that were not 2xx, and connections that failed. */
  readonly failures: number;
}

export interface Load {
  readonly url: string;
  readonly body: unknown;
  readonly connections: number;
  /** How long to go on, in seconds or in requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
}

const resultSchema = z.object({
  requests: z.object({ average: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  non2xx: z.number(),
  errors: z.number(),
});

const autocannon = createRequire(import.meta.url).resolve('autocannon');

/** Sends the same request over and over from a process of its own, so that the measured one is measured alone. */
export async function applyLoad({ url, body, connections, until }: Load): Promise<LoadResult> {
  const end = 'seconds' in until ? ['-d', String(until.seconds)] : ['-a', String(until.requests)];
  const args = ['-c', String(connections), ...end, '-m', 'POST', '--json'];
  const request = ['-H', 'content-type=application/json', '-b', JSON.stringify(body), url];
  const child = spawn(process.execPath, [autocannon, ...args, ...request], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  for await (const data of child.stdout) output += String(data);
  const { requests, latency, non2xx, errors } = resultSchema.parse(JSON.parse(output));
  return {
    requestsPerSecond: requests.average,
    p50Milliseconds: latency.p50,
    p99Milliseconds: latency.p99,
    failures: non2xx + errors,
  };
}
