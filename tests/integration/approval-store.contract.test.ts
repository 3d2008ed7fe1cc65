import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalStatus } from '../../src/domain/approval.js';
import type { ApprovalListing, ApprovalRow, ApprovalStore } from '../../src/approval/store/approval-store.js';
import { agentOf } from '../helpers/approval-actions.js';
import { allBackends } from '../helpers/approval-backends.js';
import { filingOf, START, transitionTo, TTL_MS } from '../helpers/approval-filings.js';

const EVERYTHING: ApprovalListing = { status: null, tenants: null, after: null, limit: 100 };
const STATUSES: ApprovalStatus[] = ['pending', 'approved', 'denied', 'expired', 'revoked', 'consumed'];
const PERMITTED: Partial<Record<ApprovalStatus, readonly ApprovalStatus[]>> = {
  pending: ['approved', 'denied', 'expired', 'revoked'],
  approved: ['consumed', 'expired', 'revoked'],
};

for (const backend of allBackends()) {
  describe.skipIf(backend.skipped)(`the approval store in ${backend.name}`, () => {
    let store: ApprovalStore;
    let second: ApprovalStore;

    beforeAll(() => backend.setUp?.());
    afterAll(() => backend.tearDown?.());
    beforeEach(async () => {
      const open = await backend.fresh();
      store = await open();
      second = await open();
    });
    afterEach(async () => {
      await store.close();
      await second.close();
    });

    async function filed(...given: Parameters<typeof filingOf>): Promise<ApprovalRow> {
      const result = await store.file(filingOf(...given));
      if (result.outcome !== 'filed') throw new Error(`expected a filed request, got ${result.outcome}`);
      return result.row;
    }

    async function approved(...given: Parameters<typeof filingOf>): Promise<ApprovalRow> {
      const { approval_id } = await filed(...given);
      const result = await store.transition(transitionTo('approved', approval_id));
      if (!result.ok) throw new Error('expected an approval');
      return result.row;
    }

    it('gives back what was filed, exactly, to every store over the database', async () => {
      const row = await filed({
        arguments: { to: 'a\u0000b\u202Ec', n: 0.1, deep: [{ '': null, '\u{1F600}': '\u00e9' }] },
        target: 'tenant-a',
      });
      expect(row).toMatchObject({ status: 'pending', recorded: true, approver_id: null, consumed_at: null });
      expect(await second.get(row.approval_id)).toEqual(row);
    });

    it('knows nothing of an id that it does not hold', async () => {
      expect(await store.get('no-such-id')).toBeNull();
      expect(await store.transition(transitionTo('approved', 'no-such-id'))).toEqual({
        ok: false,
        row: null,
      });
      await store.markRecorded('no-such-id', 'no-such-transition');
    });

    it('answers with the open request where the same action is filed again', async () => {
      const row = await filed();
      expect(await second.file(filingOf())).toEqual({ expired: null, outcome: 'open', row });
      const { row: granted } = await store.transition(transitionTo('approved', row.approval_id));
      expect(await second.file(filingOf())).toEqual({ expired: null, outcome: 'open', row: granted });
    });

    it('answers a repeat of the same filing as the first', async () => {
      const filing = filingOf();
      const first = await store.file(filing);
      expect(await second.file(filing)).toEqual(first);
    });

    it('files one request where many ask for the same action at once', async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : second).file(filingOf())),
      );
      expect(results.filter(({ outcome }) => outcome === 'filed')).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === 'open')).toHaveLength(19);
    });

    it('files different actions side by side', async () => {
      await filed({ user_id: 'u-1' });
      await filed({ user_id: 'u-2' });
      expect(await store.list(EVERYTHING)).toHaveLength(2);
    });

    it('refuses an action that was denied since the given time, and only then', async () => {
      const { approval_id } = await filed();
      await store.transition(transitionTo('denied', approval_id, { at: START + 1_000 }));
      const again = await store.file(
        filingOf({}, { created_at: START + 2_000, denied_since: START + 1_000 }),
      );
      expect(again).toMatchObject({ outcome: 'denied_recently', row: { approval_id } });
      const later = await store.file(
        filingOf({}, { created_at: START + 3_000, denied_since: START + 1_001 }),
      );
      expect(later.outcome).toBe('filed');
    });

    it('holds the newest denial of an action against it, whichever was recorded last', async () => {
      const first = await filed();
      const unrecorded = transitionTo('denied', first.approval_id, { at: START + 1_000, recorded: false });
      await store.transition(unrecorded);
      const newer = await filed({}, { created_at: START + 2_000, denied_since: START + 1_001 });
      await store.transition(transitionTo('denied', newer.approval_id, { at: START + 3_000 }));
      await store.markRecorded(first.approval_id, unrecorded.transition_id);
      const again = await store.file(
        filingOf({}, { created_at: START + 4_000, denied_since: START + 3_000 }),
      );
      expect(again).toMatchObject({
        outcome: 'denied_recently',
        row: { approval_id: newer.approval_id },
      });
    });

    it('lets a principal have so many pending requests and no more, whoever asks at once', async () => {
      const filings = Array.from({ length: 12 }, (_, index) =>
        filingOf({ session_id: `session-${index}` }, { pending_cap: 5 }),
      );
      const results = await Promise.all(
        filings.map((filing, index) => (index % 2 === 0 ? store : second).file(filing)),
      );
      expect(results.filter(({ outcome }) => outcome === 'filed')).toHaveLength(5);
      expect(results.filter(({ outcome }) => outcome === 'too_many_pending')).toHaveLength(7);
      const other = filingOf({ principal: agentOf({ id: 'other-bot' }) }, { pending_cap: 5 });
      expect((await store.file(other)).outcome).toBe('filed');
    });

    it('counts against the cap only what still waits', async () => {
      const capped = (session_id: string, at = START) =>
        filingOf({ session_id }, { created_at: at, pending_cap: 1 });
      const first = capped('one');
      expect((await store.file(first)).outcome).toBe('filed');
      expect((await store.file(capped('two'))).outcome).toBe('too_many_pending');
      await store.transition(transitionTo('approved', first.approval_id));
      expect((await store.file(capped('two'))).outcome).toBe('filed');
      expect((await store.file(capped('three', START + TTL_MS))).outcome).toBe('filed');
    });

    it('counts against the cap what was denied to the principal since the given time, and nobody else', async () => {
      const asked = (session_id: string, denied_since = START, id = 'support-bot') =>
        filingOf({ session_id, principal: agentOf({ id }) }, { denied_since, pending_cap: 2 });
      for (const session of ['one', 'two']) {
        const { approval_id } = await filed({ session_id: session });
        await store.transition(transitionTo('denied', approval_id, { at: START + 1_000 }));
      }
      expect((await second.file(asked('three', START + 1_000))).outcome).toBe('too_many_pending');
      expect((await second.file(asked('three', START, 'other-bot'))).outcome).toBe('filed');
      expect((await second.file(asked('three', START + 1_001))).outcome).toBe('filed');
      expect((await second.file(asked('four', START + 1_000))).outcome).toBe('too_many_pending');
    });

    it('expires the open request of an action that is filed after its time', async () => {
      const first = await filed();
      const result = await store.file(filingOf({}, { created_at: first.expires_at }));
      expect(result).toMatchObject({
        outcome: 'filed',
        expired: {
          approval_id: first.approval_id,
          status: 'expired',
          changed_at: first.expires_at,
          recorded: true,
        },
      });
    });

    it('notes who decided, when and why, and when it was used', async () => {
      const { approval_id } = await filed();
      const decision = { approver_id: 'alice', reason: 'yes' };
      const granted = await store.transition(
        transitionTo('approved', approval_id, { at: START + 5, decision }),
      );
      expect(granted).toMatchObject({
        ok: true,
        row: { status: 'approved', decided_at: START + 5, approver_id: 'alice', decision_reason: 'yes' },
      });
      const used = await store.transition(
        transitionTo('consumed', approval_id, { at: START + 9, transition_id: 'decision-7' }),
      );
      expect(used).toMatchObject({
        ok: true,
        row: {
          status: 'consumed',
          consumed_at: START + 9,
          approver_id: 'alice',
          transition_id: 'decision-7',
        },
      });
    });

    async function bring(to: ApprovalStatus): Promise<string> {
      const { approval_id } = to === 'consumed' || to === 'approved' ? await approved() : await filed();
      if (to !== 'pending' && to !== 'approved') {
        const at = to === 'expired' ? START + TTL_MS : START + 2_000;
        await store.transition(transitionTo(to, approval_id, { at }));
      }
      return approval_id;
    }

    for (const from of STATUSES) {
      it.each(STATUSES)(`moves from ${from} to %s only where it may`, async (to) => {
        const id = await bring(from);
        const at = to === 'expired' ? START + TTL_MS : START + 3_000;
        const result = await store.transition(transitionTo(to, id, { at }));
        expect(result.ok).toBe(PERMITTED[from]?.includes(to) ?? false);
        expect((await store.get(id))?.status).toBe(result.ok ? to : from);
        expect(result.row?.status).toBe(result.ok ? to : from);
      });
    }

    it.each([
      ['approved', TTL_MS - 1, true],
      ['approved', TTL_MS, false],
      ['denied', TTL_MS, false],
      ['revoked', TTL_MS, false],
      ['expired', TTL_MS - 1, false],
      ['expired', TTL_MS, true],
    ] as const)('lets the time decide: to %s after %i ms is %s', async (to, after, ok) => {
      const { approval_id } = await filed();
      expect((await store.transition(transitionTo(to, approval_id, { at: START + after }))).ok).toBe(ok);
    });

    it('consumes nothing at or after its expiry', async () => {
      const { approval_id, expires_at } = await approved();
      expect(await store.transition(transitionTo('consumed', approval_id, { at: expires_at }))).toMatchObject(
        {
          ok: false,
          row: { status: 'approved' },
        },
      );
    });

    it('lets a status that is not recorded be followed by nothing', async () => {
      const { approval_id } = await filed();
      const grant = transitionTo('approved', approval_id, { recorded: false });
      expect((await store.transition(grant)).ok).toBe(true);
      for (const to of ['consumed', 'revoked'] as const) {
        expect((await store.transition(transitionTo(to, approval_id))).ok).toBe(false);
      }
      expect(await store.expireDue(START + TTL_MS, 10)).toEqual([]);
      await store.markRecorded(approval_id, 'of-another-transition');
      expect((await store.get(approval_id))?.recorded).toBe(false);
      await store.markRecorded(approval_id, grant.transition_id);
      expect((await store.get(approval_id))?.recorded).toBe(true);
      expect((await store.transition(transitionTo('consumed', approval_id))).ok).toBe(true);
    });

    it('finds what is not recorded, oldest first, once it is old enough', async () => {
      const ids: string[] = [];
      for (const [index, session_id] of ['a', 'b', 'c'].entries()) {
        const { approval_id } = await filed({ session_id });
        ids.push(approval_id);
        await store.transition(
          transitionTo('denied', approval_id, { recorded: session_id === 'b', at: START + 1_000 - index }),
        );
      }
      const found = await second.unrecorded(START + 1_001, 10);
      expect(found.map(({ approval_id }) => approval_id)).toEqual([ids[2], ids[0]]);
      expect(await second.unrecorded(START + 1_001, 1)).toHaveLength(1);
      expect(await second.unrecorded(START + 998, 10)).toEqual([]);
    });

    it('answers a repeated transition as the first, and another one as too late', async () => {
      const { approval_id } = await approved();
      const use = transitionTo('consumed', approval_id, { transition_id: 'decision-1' });
      const first = await store.transition(use);
      expect(first.ok).toBe(true);
      expect(await second.transition(use)).toEqual(first);
      expect(await second.transition({ ...use, transition_id: 'decision-2' })).toMatchObject({
        ok: false,
        row: { status: 'consumed', transition_id: 'decision-1' },
      });
    });

    it('lets exactly one of 200 simultaneous uses win', async () => {
      const { approval_id } = await approved();
      const uses = Array.from({ length: 200 }, (_, index) => {
        const use = transitionTo('consumed', approval_id, { transition_id: `decision-${index}` });
        return (index % 2 === 0 ? store : second).transition(use);
      });
      const results = await Promise.all(uses);
      const winners = results.filter(({ ok }) => ok);
      expect(winners).toHaveLength(1);
      expect(await store.get(approval_id)).toEqual(winners[0]?.row);
    });

    it.each([
      ['denial', transitionTo('denied', '')],
      ['withdrawal', transitionTo('revoked', '', { from: ['pending'] })],
    ])('lets either the approval or the %s of a pending request win, never both', async (_other, other) => {
      for (let round = 0; round < 10; round += 1) {
        const { approval_id } = await filed({ session_id: `round-${round}` });
        const results = await Promise.all([
          store.transition(transitionTo('approved', approval_id)),
          second.transition({ ...other, approval_id }),
        ]);
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        expect(results[0].row?.status).toBe(results[1].row?.status);
      }
    });

    it('lets either the use or the revocation of a grant win, never both', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { approval_id } = await approved({ session_id: `round-${round}` });
        const results = await Promise.all([
          store.transition(transitionTo('consumed', approval_id)),
          second.transition(transitionTo('revoked', approval_id)),
        ]);
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        expect(results[0].row?.status).toBe(results[1].row?.status);
      }
    });

    it('lets either the use or the expiry of a grant win, never both', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { approval_id, expires_at } = await approved({ session_id: `round-${round}` });
        const [use, expired] = await Promise.all([
          store.transition(transitionTo('consumed', approval_id, { at: expires_at - 1 })),
          second.transition(transitionTo('expired', approval_id, { at: expires_at })),
        ]);
        expect(use.ok).toBe(!expired.ok);
        expect((await store.get(approval_id))?.status).toBe(use.ok ? 'consumed' : 'expired');
      }
    });

    it('expires what is due, pending or approved, so many at a time, each once', async () => {
      const ids = new Set<string>();
      for (const session_id of ['a', 'b', 'c']) ids.add((await filed({ session_id })).approval_id);
      ids.add((await approved({ session_id: 'd' })).approval_id);
      const { approval_id: later } = await filed({ session_id: 'e' }, { created_at: START + 1 });
      expect(await store.expireDue(START + TTL_MS - 1, 10)).toEqual([]);
      const first = await store.expireDue(START + TTL_MS, 3);
      const rest = await second.expireDue(START + TTL_MS, 3);
      expect(first).toHaveLength(3);
      expect(new Set([...first, ...rest].map(({ approval_id }) => approval_id))).toEqual(ids);
      expect(rest[0]).toMatchObject({ status: 'expired', recorded: false, changed_at: START + TTL_MS });
      expect((await store.get(later))?.status).toBe('pending');
    });

    it('lists newest first, by pages that neither skip nor repeat', async () => {
      for (let index = 0; index < 25; index += 1) {
        await filed({ session_id: `s-${index}` }, { created_at: START + Math.floor(index / 4) });
      }
      const seen: ApprovalRow[] = [];
      for (let after: ApprovalListing['after'] = null; ;) {
        const page: readonly ApprovalRow[] = await second.list({ ...EVERYTHING, after, limit: 7 });
        seen.push(...page);
        const last = page.at(-1);
        if (last === undefined) break;
        after = last;
      }
      expect(new Set(seen.map(({ approval_id }) => approval_id)).size).toBe(25);
      const keys = seen.map(({ created_at, approval_id }) => `${created_at} ${approval_id}`);
      expect(keys).toEqual(keys.toSorted().reverse());
    });

    it('pages through many requests by reading one page at a time', async () => {
      const count = backend.name === 'memory' ? 10_000 : 400;
      for (let index = 0; index < count; index += 20) {
        const filings = Array.from({ length: 20 }, (_, offset) =>
          filingOf(
            { session_id: `s-${index + offset}` },
            { created_at: START + index + offset, pending_cap: 20_000 },
          ),
        );
        await Promise.all(filings.map((filing) => store.file(filing)));
      }
      let seen = 0;
      let after: ApprovalListing['after'] = null;
      for (;;) {
        const page: readonly ApprovalRow[] = await store.list({
          status: 'pending',
          tenants: ['tenant-a'],
          after,
          limit: 100,
        });
        const last = page.at(-1);
        if (last === undefined) break;
        expect(page.length).toBeLessThanOrEqual(100);
        seen += page.length;
        after = last;
      }
      expect(seen).toBe(count);
    });

    it('lists by status and by tenants', async () => {
      const mine = await filed({ tenant_id: 'tenant-a' });
      const theirs = await approved({ tenant_id: 'tenant-b' });
      await filed({ tenant_id: 'tenant-c' });
      const idsOf = async (change: Partial<ApprovalListing>) =>
        (await store.list({ ...EVERYTHING, ...change })).map(({ approval_id }) => approval_id);
      expect(await idsOf({ tenants: ['tenant-a'] })).toEqual([mine.approval_id]);
      expect((await idsOf({ tenants: ['tenant-b', 'tenant-a'] })).sort()).toEqual(
        [mine.approval_id, theirs.approval_id].sort(),
      );
      expect(await idsOf({ status: 'approved' })).toEqual([theirs.approval_id]);
      expect(await idsOf({ status: 'approved', tenants: ['tenant-a'] })).toEqual([]);
      expect(await idsOf({ tenants: [] })).toEqual([]);
      expect(await idsOf({ tenants: ["' OR true --"] })).toEqual([]);
    });

    it('prunes what ended before a time and is on record, and nothing else', async () => {
      const ended = await filed({ session_id: 'ended' });
      await store.transition(transitionTo('denied', ended.approval_id, { at: START + 10 }));
      const unheard = await filed({ session_id: 'unheard' });
      await store.transition(
        transitionTo('denied', unheard.approval_id, { at: START + 10, recorded: false }),
      );
      const recent = await filed({ session_id: 'recent' });
      await store.transition(transitionTo('revoked', recent.approval_id, { at: START + 20 }));
      const waiting = await filed({ session_id: 'waiting' });
      expect(await store.prune(START + 20, 100)).toBe(1);
      expect(await store.get(ended.approval_id)).toBeNull();
      for (const { approval_id } of [unheard, recent, waiting]) {
        expect(await store.get(approval_id)).not.toBeNull();
      }
    });

    it('serves, and closes more than once', async () => {
      await expect(store.check()).resolves.toBeUndefined();
      await expect(store.close()).resolves.toBeUndefined();
      await expect(store.close()).resolves.toBeUndefined();
    });
  });
}
