import { createInterface } from 'node:readline';
import { createApprovalGate } from '../../src/approval/gate.js';
import { parseApprovalKeys } from '../../src/approval/signing-keys.js';
import type { ApprovalStore } from '../../src/approval/store/approval-store.js';
import { createPostgresApprovalStore } from '../../src/approval/store/postgres.js';
import { createSqliteApprovalStore } from '../../src/approval/store/sqlite.js';
import { createApprovalTokens } from '../../src/approval/token.js';
import { createApprovalWorkflow } from '../../src/approval/workflow.js';
import { randomIds } from '../../src/domain/ids.js';
import { actionOf } from './approval-actions.js';
import { START } from './approval-filings.js';

/**
 * A process that shares an approval store with others. It reads one order a line and writes one answer a line:
 * `open` opens the store; `use <count> <token>` makes that many simultaneous uses and answers how many were granted.
 */
const [where = '', pem = ''] = process.argv.slice(2);
const opened: ApprovalStore[] = [];

async function open(): Promise<ApprovalStore> {
  return where.startsWith('postgres:')
    ? createPostgresApprovalStore({ connectionString: where })
    : createSqliteApprovalStore({ path: where, busyTimeoutMs: 10_000 });
}

async function use(count: number, token: string): Promise<number> {
  const [store] = opened;
  if (store === undefined) throw new Error('not open');
  const tokens = createApprovalTokens({ keys: await parseApprovalKeys([pem]) });
  const clock = { now: () => START + 1_000 };
  const workflow = createApprovalWorkflow({ store, tokens, clock, ids: randomIds, ttlSeconds: 3_600 });
  const gate = createApprovalGate({ requireToken: true, workflow });
  const verdicts = await Promise.all(
    Array.from({ length: count }, async () =>
      gate.check(actionOf({ decision_id: randomIds.next() }), {
        human_approval: false,
        approval_token: token,
      }),
    ),
  );
  return verdicts.filter(({ outcome }) => outcome === 'granted').length;
}

async function obey(order: string): Promise<string> {
  const [verb, count, token] = order.split(' ');
  if (verb === 'use') return String(await use(Number(count), token ?? ''));
  opened.push(await open());
  return 'opened';
}

const answer = (text: string): boolean => process.stdout.write(`${text}\n`);
answer('ready');
for await (const order of createInterface({ input: process.stdin })) {
  answer(await obey(order).catch((error: unknown) => `failed: ${String(error)}`));
}
for (const store of opened) await store.close();
