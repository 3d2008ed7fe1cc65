/**
 * What the audit log costs in processor time: microseconds an event, for batches of 32 callers who wait together, in
 * durability `os`; the least of several rounds, since the machine has other work.
 *
 * Usage: tsx bench/audit-cpu.ts [rounds]
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from '../src/audit/audit-log.js';
import { systemClock } from '../src/domain/clock.js';
import { randomIds } from '../src/domain/ids.js';
import { benchEvent } from './lib/audit-event.js';

const BATCH = 32;
const BATCHES = 40;
const rounds = Number(process.argv[2] ?? 300);

const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
const log = await openAuditLog({
  directory: join(directory, 'log'),
  stateDirectory: join(directory, 'state'),
  durability: 'os',
  rotateBytes: 1024 * 1024 * 1024,
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

let least = Infinity;
for (let round = 0; round < rounds; round += 1) {
  const start = process.cpuUsage();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const waiting: Promise<void>[] = [];
    for (let caller = 0; caller < BATCH; caller += 1) {
      waiting.push(log.append(benchEvent(round * 100_000 + batch * BATCH + caller)));
    }
    await Promise.all(waiting);
  }
  const { user, system } = process.cpuUsage(start);
  least = Math.min(least, (user + system) / (BATCHES * BATCH));
}
console.log(`${least.toFixed(2)} µs of processor an event`);
await log.close();
rmSync(directory, { recursive: true });
