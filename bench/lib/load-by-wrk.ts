import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { outputOf } from './child-process.js';
import type { Load, LoadResult } from './load.js';

const answerSchema = z.object({
  requests: z.number(),
  microseconds: z.number(),
  p50: z.number(),
  p99: z.number(),
  failures: z.number(),
});

/** A string of Lua: what is no letter or digit goes by its number, so that nothing ends it early. */
function lua(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  return `"${bytes.replaceAll(/[^a-z\d]/gi, (byte) => `\\${String(byte.charCodeAt(0)).padStart(3, '0')}`)}"`;
}

/** Says in JSON what came of it; `used_up_after` is set where the bodies ended before the time. */
const DONE = `
done = function(summary, latency)
  local e, requests, microseconds = summary.errors, summary.requests, summary.duration
  for _, thread in ipairs(threads) do
    local elapsed = thread:get("used_up_after")
    if elapsed then requests, microseconds = thread:get("answered"), elapsed end
  end
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"p50":%f,"p99":%f,"failures":%d}\\n',
    requests, microseconds, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;

/**
 * Bodies one after the other. wrk asks once for a request only to look at it. A connection that is given nothing to send
 * stays idle; the first that is given nothing ends the time, when each other one has an answer outstanding.
 */
function requestInTurn(bodiesFile: string, connections: number, once: boolean): string {
  return `
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } bench_time; int clock_gettime(int, bench_time *);")
local time = ffi.new("bench_time")
local function now()
  ffi.C.clock_gettime(1, time)
  return tonumber(time.s) * 1e6 + tonumber(time.ns) / 1e3
end
local requests, sent, looked, began = {}, 0, false, 0
init = function()
  for body in io.lines(${lua(bodiesFile)}) do
    requests[#requests + 1] = wrk.format(nil, nil, nil, body)
  end
end
request = function()
  if not looked then
    looked = true
    return requests[1]
  end
  if sent == 0 then began = now() end
  if sent >= #requests and ${once} then
    if not used_up_after then
      used_up_after, answered = now() - began, math.max(sent - ${connections} + 1, 1)
    end
    return ""
  end
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
`;
}

function scriptFor({ bodies, headers = {}, connections, once = false }: Load, bodiesFile: string): string {
  const lines = bodies.map((body) => JSON.stringify(body));
  const isOne = bodies.length === 1 && !once;
  if (!isOne) writeFileSync(bodiesFile, `${lines.join('\n')}\n`);
  const all = { 'Content-Type': 'application/json', ...headers };
  return [
    'threads = {}',
    'setup = function(thread) table.insert(threads, thread) end',
    'wrk.method = "POST"',
    ...Object.entries(all).map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`),
    isOne ? `wrk.body = ${lua(lines[0] ?? '')}` : requestInTurn(bodiesFile, connections, once),
    DONE,
  ].join('\n');
}

/** Applies a load by wrk, for so many seconds at most. */
export async function applyWrk(load: Load, seconds: number): Promise<LoadResult> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-wrk-'));
  try {
    const script = join(directory, 'post.lua');
    writeFileSync(script, scriptFor(load, join(directory, 'bodies.jsonl')));
    const args = ['-t1', `-c${load.connections}`, `-d${seconds}s`, '-s', script, load.url];
    const line = (await outputOf('wrk', args)).split('\n').find((text) => text.startsWith('{'));
    if (line === undefined) throw new Error('wrk measured nothing');
    const { requests, microseconds, p50, p99, failures } = answerSchema.parse(JSON.parse(line));
    return {
      requestsPerSecond: (requests / microseconds) * 1_000_000,
      p50Milliseconds: p50 / 1000,
      p99Milliseconds: p99 / 1000,
      requests,
      failures,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
