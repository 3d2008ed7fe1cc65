import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { killGroup, survivorsOf } from './process-group.js';

const groups: number[] = [];
afterEach(() => {
  for (const group of groups.splice(0)) killGroup(group);
});

/** A benchmark that has started a server and would go on for ever. */
async function startBenchmark() {
  const code = `
    import { startBaseline } from './bench/lib/server-process.ts';
    console.log((await startBaseline('echo', {})).address);
    setInterval(() => undefined, 1_000);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const group = child.pid ?? 0;
  groups.push(group);
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, group, address: data.toString().trim() };
}

describe('a server of a benchmark', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends when the benchmark is ended by %s',
    async (signal) => {
      const { child, group, address } = await startBenchmark();
      expect((await fetch(address, { method: 'POST' })).status).toBe(200);
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
      expect(await survivorsOf(group)).toEqual([]);
      await expect(fetch(address, { method: 'POST' })).rejects.toThrow();
    },
  );
});
