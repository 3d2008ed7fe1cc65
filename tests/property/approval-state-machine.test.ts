import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProposedAction } from '../../src/domain/approval.js';
import type { ApprovalStore } from '../../src/approval/store/approval-store.js';
import { createMemoryApprovalStore } from '../../src/approval/store/memory.js';
import { createSqliteApprovalStore } from '../../src/approval/store/sqlite.js';
import { agentOf, approverOf } from '../helpers/approval-actions.js';
import { createApprovalWorld, TTL_SECONDS, type ApprovalWorld } from '../helpers/approval-world.js';
import { sharedDirectory } from '../helpers/temporary-directory.js';

/** Everybody who may try to decide; the first two may succeed. */
const PEOPLE = {
  alice: approverOf('alice'),
  bob: approverOf('bob'),
  owner: approverOf('carol'),
  user: approverOf('u-1'),
  stranger: approverOf('dana', { grants: [{ tenant: 'tenant-b', roles: ['approver'] }] }),
  agent: agentOf(),
  rogue: agentOf({ scopes: new Set(['run', 'approve']) }),
};
const SEPARATE = new Set(['alice', 'bob']);

/** The actions that are proposed: two that differ in their arguments, one in its session. */
const ACTIONS: Partial<ProposedAction>[] = [
  { arguments: { to: 'a@example.invalid' } },
  { arguments: { to: 'b@example.invalid' } },
  { session_id: 's-1' },
];

type Step =
  | { readonly do: 'propose' | 'use'; readonly action: number; readonly token: number }
  | {
      readonly do: 'approve' | 'deny' | 'revoke';
      readonly action: number;
      readonly by: keyof typeof PEOPLE;
      readonly auditFails: boolean;
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'sweep' };

const people = Object.keys(PEOPLE) as (keyof typeof PEOPLE)[];
const action = fc.nat({ max: ACTIONS.length - 1 });
const by = fc.oneof(fc.constantFrom('alice' as const, 'bob' as const), fc.constantFrom(...people));
const auditFails = fc.oneof(
  { weight: 5, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);
/** Every kind of step, weighted so that grants are reached and used, and also lost on the way. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('propose' as const), action, token: action }) },
  { weight: 6, arbitrary: action.map((one) => ({ do: 'use' as const, action: one, token: one })) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('use' as const), action, token: action }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('approve' as const), action, by, auditFails }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('deny' as const, 'revoke' as const), action, by, auditFails }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 59, 61, TTL_SECONDS - 1, TTL_SECONDS),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
);

/** What can be written of one request, from its filing to its end. */
const LIVES = new Set([
  'requested',
  'requested rejected',
  'requested revoked',
  'requested expired',
  'requested granted',
  'requested granted consumed',
  'requested granted revoked',
  'requested granted expired',
]);

/** Runs steps against a world, and remembers what was granted to whom. */
class History {
  /** Approval ids of every verdict that let an action through. */
  readonly uses: string[] = [];
  /** Who the service said had approved. */
  readonly approvals: { readonly id: string; readonly by: string }[] = [];
  private readonly latest = new Map<number, string>();
  private readonly tokens = new Map<number, string>();

  constructor(private readonly world: ApprovalWorld) {}

  async take(next: Step): Promise<void> {
    switch (next.do) {
      case 'propose': {
        const verdict = await this.world.propose(ACTIONS[next.action]);
        if (verdict.outcome === 'missing' && verdict.approval !== null) {
          this.latest.set(next.action, verdict.approval.approval_id);
        }
        return;
      }
      case 'use': {
        await this.fetch(next.token);
        const verdict = await this.world.propose(ACTIONS[next.action], this.tokens.get(next.token) ?? 'none');
        if (verdict.outcome === 'granted' && verdict.via === 'token') {
          expect(next.action).toBe(next.token);
          this.uses.push(verdict.approval_id);
        }
        return;
      }
      case 'wait':
        this.world.clock.time += next.seconds * 1_000;
        return;
      case 'sweep':
        return this.world.service.sweep();
      default:
        return this.decide(next);
    }
  }

  private async fetch(which: number): Promise<void> {
    const id = this.latest.get(which);
    const token = id === undefined ? undefined : await this.world.fetchToken(id);
    if (token !== undefined) this.tokens.set(which, token);
  }

  private async decide(next: Extract<Step, { by: unknown }>): Promise<void> {
    const id = this.latest.get(next.action);
    if (id === undefined) return;
    this.world.audit.failing = next.auditFails;
    try {
      const call = { principal: PEOPLE[next.by], correlation_id: 'step' };
      const result = await this.world.service[next.do](call, id, 'because');
      if (result.ok) {
        expect(SEPARATE).toContain(next.by);
        if (next.do === 'approve') this.approvals.push({ id, by: next.by });
      }
    } catch (error) {
      if (!next.auditFails) throw error;
    } finally {
      this.world.audit.failing = false;
    }
  }
}

async function check(store: ApprovalStore, steps: readonly Step[]): Promise<void> {
  const world = await createApprovalWorld({ store });
  const history = new History(world);
  for (const next of steps) await history.take(next);
  world.clock.time += 2 * TTL_SECONDS * 1_000;
  await world.service.sweep();
  await world.service.sweep();

  expect(new Set(history.uses).size, 'an approval was used twice').toBe(history.uses.length);
  const lives = new Map<string, string[]>();
  for (const { approval_id, event_type } of world.audit.events) {
    if (approval_id === null || !event_type.startsWith('approval_')) continue;
    const life = lives.get(approval_id) ?? [];
    life.push(event_type.replace('approval_', ''));
    lives.set(approval_id, life);
  }
  for (const [id, life] of lives) {
    expect(LIVES).toContain(life.join(' '));
    expect(history.uses.includes(id)).toBe(life.includes('consumed'));
    const grants = world.audit.events.filter(
      ({ approval_id, event_type }) => approval_id === id && event_type === 'approval_granted',
    );
    for (const { approver_id, principal_kind } of grants) {
      expect(SEPARATE).toContain(approver_id);
      expect(principal_kind).toBe('human');
    }
    if (life.includes('consumed')) expect(grants).toHaveLength(1);
    const row = await store.get(id);
    expect(row?.status === 'consumed').toBe(life.includes('consumed'));
    expect(['pending', 'approved']).not.toContain(row?.status);
  }
  for (const { id, by: who } of history.approvals) {
    const row = await store.get(id);
    if (row?.status === 'consumed') expect(row.approver_id).toBe(who);
  }
}

describe('the life of approvals', () => {
  const directory = sharedDirectory();
  let databases = 0;

  const backends: [string, number, () => ApprovalStore][] = [
    ['memory', 400, createMemoryApprovalStore],
    [
      'SQLite',
      40,
      () => createSqliteApprovalStore({ path: join(directory, `${(databases += 1)}`, 'approvals.db') }),
    ],
  ];
  it.each(backends)(
    'never reaches a use without exactly one grant by another human, in %s',
    async (_name, numRuns, open) => {
      let uses = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
          const store = open();
          try {
            await check(store, steps);
          } finally {
            uses += (await store.list({ status: 'consumed', tenants: null, after: null, limit: 100 })).length;
            await store.close();
          }
        }),
        { numRuns },
      );
      expect(uses, 'the property was hardly put to the test').toBeGreaterThan(numRuns / 4);
    },
  );
});
