import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Whether wrk is installed: it takes less of the machine from what it measures. */
const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  for await (const data of child.stdout) output += String(data);
  return output;
}

const wrkSchema = z.object({
  requests: z.number(),
  microseconds: z.number(),
  p50: z.number(),
  p99: z.number(),
  failures: z.number(),
});

/** The script by which wrk sends a body, and says in JSON what came of it. */
function wrkScript(body: unknown): string {
  return `
wrk.method = "POST"
wrk.body = [==[${JSON.stringify(body)}]==]
wrk.headers["Content-Type"] = "application/json"
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"p50":%f,"p99":%f,"failures":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

async function applyWrk({ url, body, connections }: Load, seconds: number): Promise<LoadResult> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-wrk-'));
  try {
    const script = join(directory, 'post.lua');
    writeFileSync(script, wrkScript(body));
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url];
    const line = (await outputOf('wrk', args)).split('\n').find((text) => text.startsWith('{')) ?? '';
    const { requests, microseconds, p50, p99, failures } = wrkSchema.parse(JSON.parse(line));
    return {
      requestsPerSecond: (requests / microseconds) * 1_000_000,
      p50Milliseconds: p50 / 1000,
      p99Milliseconds: p99 / 1000,
      failures,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function applyAutocannon({ url, body, connections, until }: Load): Promise<LoadResult> {
  const end = 'seconds' in until ? ['-d', String(until.seconds)] : ['-a', String(until.requests)];
  const args = ['-c', String(connections), ...end, '-m', 'POST', '--json'];
  const request = ['-H', 'content-type=application/json', '-b', JSON.stringify(body), url];
  const output = await outputOf(process.execPath, [autocannon, ...args, ...request]);
  const { requests, latency, non2xx, errors } = resultSchema.parse(JSON.parse(output));
  return {
    requestsPerSecond: requests.average,
    p50Milliseconds: latency.p50,
    p99Milliseconds: latency.p99,
    failures: non2xx + errors,
  };
}

/**
 * Sends the same request over and over from a process of its own, so that the measured one is measured alone: by wrk
 * where it is installed, else by autocannon.
 */
export function applyLoad(load: Load): Promise<LoadResult> {
  const { until } = load;
  return hasWrk && 'seconds' in until ? applyWrk(load, until.seconds) : applyAutocannon(load);
}
