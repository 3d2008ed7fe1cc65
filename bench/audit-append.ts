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
import { BLANK_EVENT, type AuditEvent } from '../src/domain/audit-event.js';
import { systemClock } from '../src/domain/clock.js';
import { randomIds } from '../src/domain/ids.js';

const SECONDS = 2;

function benchEvent(count: number): AuditEvent {
  return {
    ...BLANK_EVENT,
    event_type: 'tool_allowed',
    correlation_id: `corr-benchmark-${count}`,
    request_id: `req-benchmark-${count}`,
    decision_id: '00000000-0000-4000-8000-000000000001',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    model: 'simulated-v1',
    principal_id: 'anonymous',
    principal_kind: 'anonymous',
    identity_assurance: 'asserted',
    stage: 'simulation',
    allowed: true,
    policy_decision: 'allow',
    policy_reason: 'explicit_allow_after_policy_checks',
    policy_sha256: 'a'.repeat(64),
    tool_name: 'read_records',
    target: 'tenant-a',
    source_context_ids: ['model-turn'],
    retrieved_context_trust: 'trusted',
    risk_level: 'low',
    human_approval_required: false,
    approval_decision: 'not_required',
    arguments: { record_ids: ['r-100'] },
  };
}

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
