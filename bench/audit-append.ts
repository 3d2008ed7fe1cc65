/**
 * What the audit log costs: microseconds an event for formatting and hashing alone, and events a second acknowledged
 * with 1, 32 and 256 callers who each wait for their own line, in both durabilities.
 *
 * Usage: tsx bench/audit-append.ts
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openAuditLog } from '../src/audit/audit-log.js';
import { GENESIS, hashLine } from '../src/audit/chain.js';
import { createLineFormatter } from '../src/audit/line-format.js';
import { createOutsideStringCleaner } from '../src/audit/outside-string.js';
import { systemClock } from '../src/domain/clock.js';
import { randomIds } from '../src/domain/ids.js';
import { benchEvent } from './lib/audit-event.js';

const SECONDS = 2;

function measureFormatting(): void {
  const format = createLineFormatter({
    clean: createOutsideStringCleaner((text) => text),
    argumentsKey: null,
  });
  for (const [name, work] of [
    ['format', (count: number) => format(benchEvent(count), GENESIS, 1_900_000_000_000 + count)],
    [
      'format and hash',
      (count: number) => hashLine(format(benchEvent(count), GENESIS, 1_900_000_000_000 + count)),
    ],
  ] as const) {
    for (let count = 0; count < 20_000; count += 1) work(count);
    const start = performance.now();
    const rounds = 100_000;
    for (let count = 0; count < rounds; count += 1) work(count);
    console.log(`${name}: ${(((performance.now() - start) * 1_000) / rounds).toFixed(2)} µs an event`);
  }
}

async function measureAppends(durability: 'os' | 'disk', callers: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  const log = await openAuditLog({
    directory: join(directory, 'log'),
    stateDirectory: join(directory, 'state'),
    durability,
    rotateBytes: 100 * 1024 * 1024,
    retentionDays: 90,
    checkpointEvents: 1_000,
    checkpointSeconds: 60,
    queueBytes: 16 * 1024 * 1024,
    signingKey: generateKeyPairSync('ed25519').privateKey,
    acceptNewHead: false,
    clock: systemClock,
    ids: randomIds,
    redact: (text) => text,
  });
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const end = start + SECONDS * 1_000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await log.append(benchEvent(done));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1_000;
  const cpu = process.cpuUsage(cpuStart);
  const stats = log.stats();
  console.log(
    `${durability}, ${callers} callers: ${Math.round(done / seconds)} events/s, ` +
      `${((cpu.user + cpu.system) / done).toFixed(1)} µs of processor an event, ` +
      `${(stats.seq / stats.writes).toFixed(1)} lines a write`,
  );
  await log.close();
  rmSync(directory, { recursive: true });
}

measureFormatting();
for (const durability of ['os', 'disk'] as const) {
  for (const callers of [1, 32, 256]) await measureAppends(durability, callers);
}
