/**
 * What approvals cost against how many are waiting: filing, finding, granting and using one, and listing a page, in
 * memory (10 to 100,000 requests pending) and in SQLite (to 10,000: each is flushed to disk). Writes bench/results/approvals.md.
 *
 *   npm run bench -- approvals
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ApprovalFiling, ApprovalStore } from '../src/approval/store/approval-store.js';
import { createMemoryApprovalStore } from '../src/approval/store/memory.js';
import { createSqliteApprovalStore } from '../src/approval/store/sqlite.js';
import { describeMachine, publishReport } from './lib/report.js';
import { show, spreadOf, table } from './lib/statistics.js';

const COUNTS = (process.env['BENCH_PENDING'] ?? '10,1000,10000,100000').split(',').map(Number);
/** Filling a database whose every change is flushed takes its time. */
const MAX_SQLITE_COUNT = 10_000;
const SAMPLES = 200;
const START = Date.UTC(2030, 0, 1);
const HOUR = 3_600_000;

function filingOf(index: number): ApprovalFiling {
  const hex = index.toString(16);
  return {
    approval_id: `00000000-0000-4000-8000-${hex.padStart(12, '0')}`,
    fingerprint: hex.padStart(64, '0'),
    action: {
      request_id: 'req-1',
      correlation_id: 'corr-1',
      decision_id: `decision-${index}`,
      tenant_id: `tenant-${index % 50}`,
      user_id: 'user-1',
      session_id: 'session-1',
      // A principal has at most a hundred pending.
      principal: {
        id: `agent-${Math.floor(index / 90)}`,
        kind: 'agent',
        assurance: 'verified',
        owner: null,
        subject: null,
      },
      role: 'user',
      tool_name: 'send_email',
      arguments: { to: 'user@example.invalid', subject: 'hello', body: `message ${index}` },
      target: 'tenant-1',
      risk_level: 'high',
      external_effect: true,
      destructive: false,
      provenance: { source: 'model', trust: 'trusted', context_ids: ['m'] },
      tool_schema_sha256: 'b'.repeat(64),
      policy_sha256: 'c'.repeat(64),
      rule: 'human_approval_required_for_high_impact_action',
    },
    created_at: START + index,
    expires_at: START + index + HOUR,
    denied_since: START + index - HOUR,
    pending_cap: 100,
  };
}

async function timed(work: (sample: number) => Promise<unknown>): Promise<number> {
  const durations: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const startedAt = performance.now();
    await work(sample);
    durations.push((performance.now() - startedAt) * 1000);
  }
  return spreadOf(durations).median;
}

async function measure(name: string, store: ApprovalStore, count: number): Promise<readonly string[]> {
  for (let index = 0; index < count; index += 1) await store.file(filingOf(index));
  const idOf = (sample: number): string => filingOf(count + sample).approval_id;
  const change = (sample: number, to: 'approved' | 'consumed') => ({
    approval_id: idOf(sample),
    from: [to === 'approved' ? ('pending' as const) : ('approved' as const)],
    to,
    at: START + count + sample + 1,
    transition_id: `${to}-${sample}`,
    recorded: true,
    decision: to === 'approved' ? { approver_id: 'alice', reason: 'looks right' } : null,
  });
  const costs = [
    await timed((sample) => store.file(filingOf(count + sample))),
    await timed((sample) => store.get(idOf(sample))),
    await timed((sample) => store.transition(change(sample, 'approved'))),
    await timed((sample) => store.transition(change(sample, 'consumed'))),
    await timed(() => store.list({ status: 'pending', tenants: ['tenant-1'], after: null, limit: 50 })),
  ];
  return [name, count.toLocaleString('en-US'), ...costs.map(show)];
}

const directory = mkdtempSync(join(tmpdir(), 'acp-bench-approvals-'));
const rows: (readonly string[])[] = [];

async function measureAndClose(name: string, store: ApprovalStore, count: number): Promise<void> {
  rows.push(await measure(name, store, count));
  await store.close();
}

for (const count of COUNTS) {
  await measureAndClose('memory', createMemoryApprovalStore(), count);
  if (count > MAX_SQLITE_COUNT) continue;
  await measureAndClose('sqlite', createSqliteApprovalStore({ path: join(directory, `${count}.db`) }), count);
}
rmSync(directory, { recursive: true, force: true });

const head = ['store', 'pending', 'file µs', 'find µs', 'grant µs', 'use µs', 'list a page µs'];
const report = `# Approvals against how many are waiting\n\n${describeMachine()}. Medians of ${SAMPLES}. SQLite flushes every change to disk.\n\n${table(head, rows)}\n`;
publishReport('approvals', report);
