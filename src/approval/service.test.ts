import { beforeEach, describe, expect, it } from 'vitest';
import { actionOf, agentOf, approverOf } from '../../tests/helpers/approval-actions.js';
import { START } from '../../tests/helpers/approval-filings.js';
import { createApprovalWorld, TTL_SECONDS, type ApprovalWorld } from '../../tests/helpers/approval-world.js';
import { approvalRecordSchema } from '../domain/approval.js';
import type { Principal } from '../domain/principal.js';

const GATEWAY: Principal = {
  id: 'gateway:000000000000',
  kind: 'gateway',
  assurance: 'delegated',
  users: '*',
  grants: [{ tenant: '*', roles: ['*'] }],
  scopes: new Set(['run', 'authorize', 'filter']),
  owner: null,
  subject: null,
};

let world: ApprovalWorld;
const call = (principal: Principal) => ({ principal, correlation_id: 'corr-x' });

beforeEach(async () => {
  world = await createApprovalWorld();
});

describe('the approval workflow from request to use', () => {
  it('files, grants, hands out the token and consumes it, all on record', async () => {
    const id = await world.request();
    expect(await world.fetchToken(id)).toBeUndefined();
    const granted = await world.approve(id);
    expect(granted).toMatchObject({
      ok: true,
      value: { status: 'approved', approver_id: 'alice', decision_reason: 'looks right' },
    });
    const token = await world.fetchToken(id);
    const verdict = await world.propose({}, token ?? '');
    expect(verdict).toMatchObject({
      outcome: 'granted',
      via: 'token',
      approval_id: id,
      approver_id: 'alice',
    });
    expect(world.audit.types()).toEqual(['approval_requested', 'approval_granted', 'approval_consumed']);
    const [requested, grant, consumed] = world.audit.events;
    expect(requested).toMatchObject({ approval_id: id, principal_id: 'support-bot', stage: 'approval' });
    expect(grant).toMatchObject({
      principal_id: 'alice',
      principal_kind: 'human',
      approver_id: 'alice',
      approval_reason: 'looks right',
      approval_decision: 'granted',
      correlation_id: 'approve-1',
    });
    expect(consumed).toMatchObject({ approval_token_valid: true, approver_id: 'alice' });
  });

  it('answers the same request while it is open, and a new one after its use', async () => {
    const id = await world.request();
    expect(await world.request({ correlation_id: 'other', request_id: 'req-2' })).toBe(id);
    await world.approve(id);
    expect(await world.propose()).toMatchObject({
      outcome: 'missing',
      approval: { approval_id: id, status: 'approved' },
    });
    await world.propose({}, (await world.fetchToken(id)) ?? '');
    expect(await world.request()).not.toBe(id);
  });

  it('refuses a second use', async () => {
    const id = await world.request();
    await world.approve(id);
    const token = (await world.fetchToken(id)) ?? '';
    await world.propose({}, token);
    expect(await world.propose({}, token)).toMatchObject({
      outcome: 'refused',
      reason: 'approval_token_reused',
      approval_id: id,
      transitions: [],
    });
    expect(await world.fetchToken(id)).toBeUndefined();
  });

  it('lets a decision that was interrupted see that the use was its own', async () => {
    const id = await world.request();
    await world.approve(id);
    const token = (await world.fetchToken(id)) ?? '';
    const decision = { decision_id: 'decision-of-the-use' };
    expect(await world.propose(decision, token)).toMatchObject({ outcome: 'granted' });
    expect(await world.propose(decision, token)).toMatchObject({ outcome: 'granted', approval_id: id });
    expect(await world.propose({ decision_id: 'another' }, token)).toMatchObject({
      reason: 'approval_token_reused',
    });
  });

  it('keeps a denial standing against the same action for its time, and no other action', async () => {
    const id = await world.request();
    await world.service.deny(call(approverOf()), id, 'no');
    expect(await world.propose()).toMatchObject({
      outcome: 'refused',
      reason: 'approval_denied_recently',
      approval_id: id,
    });
    expect(await world.propose({ session_id: 'other' })).toMatchObject({ outcome: 'missing' });
    world.clock.time += TTL_SECONDS * 1_000 - 1;
    expect(await world.propose()).toMatchObject({ reason: 'approval_denied_recently' });
    world.clock.time += 1;
    expect(await world.propose()).toMatchObject({ outcome: 'missing' });
  });

  it('refuses a revoked grant and puts the revocation on record', async () => {
    const id = await world.request();
    await world.approve(id);
    const token = (await world.fetchToken(id)) ?? '';
    expect(await world.service.revoke(call(approverOf('bob')), id, 'wrong customer')).toMatchObject({
      ok: true,
      value: { status: 'revoked', approver_id: 'bob', decision_reason: 'wrong customer' },
    });
    expect(await world.propose({}, token)).toMatchObject({ reason: 'approval_token_revoked' });
    expect(world.audit.types()).toEqual(['approval_requested', 'approval_granted', 'approval_revoked']);
  });

  it('expires a grant to the millisecond and records it once', async () => {
    const id = await world.request();
    await world.approve(id);
    const token = (await world.fetchToken(id)) ?? '';
    world.clock.time = START + TTL_SECONDS * 1_000;
    const answers = await Promise.all([world.propose({}, token), world.propose({}, token)]);
    for (const answer of answers) expect(answer).toMatchObject({ reason: 'approval_token_expired' });
    await world.service.sweep();
    expect(world.audit.types().filter((type) => type === 'approval_expired')).toHaveLength(1);
    expect(await world.fetchToken(id)).toBeUndefined();
  });

  it('uses a grant in its last millisecond', async () => {
    const id = await world.request();
    await world.approve(id);
    const token = (await world.fetchToken(id)) ?? '';
    world.clock.time = START + TTL_SECONDS * 1_000 - 1;
    expect(await world.propose({}, token)).toMatchObject({ outcome: 'granted' });
  });

  it('files no action that is too large for a human to read', async () => {
    const verdict = await world.propose({ arguments: { body: 'x'.repeat(70_000) } });
    expect(verdict).toMatchObject({ outcome: 'missing', reason: 'approval_token_missing', approval: null });
  });

  it('stops a principal that floods the approvers with varied arguments', async () => {
    for (let index = 0; index < 100; index += 1) await world.request({ arguments: { index } });
    expect(await world.propose({ arguments: { index: 100 } })).toMatchObject({
      outcome: 'refused',
      reason: 'too_many_pending_approvals',
    });
    expect(await world.propose({ arguments: { index: 5 } })).toMatchObject({ outcome: 'missing' });
    expect(await world.propose({ principal: agentOf({ id: 'other' }) })).toMatchObject({
      outcome: 'missing',
    });
  });

  it('keeps a denial standing when a context id is named twice', async () => {
    const provenance = { ...actionOf().provenance, context_ids: ['t'] };
    await world.service.deny(call(approverOf()), await world.request({ provenance }), 'no');
    expect(await world.propose({ provenance: { ...provenance, context_ids: ['t', 't'] } })).toMatchObject({
      reason: 'approval_denied_recently',
    });
  });

  it('stops a principal that asks for one variation after the other of what is denied', async () => {
    for (let index = 0; index < 100; index += 1) {
      const id = await world.request({ arguments: { index } });
      await world.service.deny(call(approverOf()), id, 'no');
    }
    expect(await world.propose({ arguments: { index: 100 } })).toMatchObject({
      outcome: 'refused',
      reason: 'too_many_pending_approvals',
    });
    world.clock.time += TTL_SECONDS * 1_000;
    expect(await world.propose({ arguments: { index: 100 } })).toMatchObject({ outcome: 'missing' });
  });
});

describe('callers that nobody authenticated', () => {
  it('have a hundred requests waiting between them, and are denied as before beyond that', async () => {
    const principal: Principal = { ...GATEWAY, id: 'anonymous', kind: 'anonymous', assurance: 'asserted' };
    for (let index = 0; index < 100; index += 1) await world.request({ principal, arguments: { index } });
    expect(await world.propose({ principal, arguments: { index: 100 } })).toMatchObject({
      outcome: 'missing',
      reason: 'approval_token_missing',
      approval: null,
    });
  });
});

describe('what a grant needs before its token is visible', () => {
  it('shows no token while the grant is not in the log, and lets the same approver complete it', async () => {
    const id = await world.request();
    world.audit.failing = true;
    await expect(world.approve(id)).rejects.toThrow('the log is down');
    expect(await world.fetchToken(id)).toBeUndefined();
    world.audit.failing = false;
    expect(await world.fetchToken(id)).toBeUndefined();
    expect(await world.service.approve(call(approverOf('bob')), id, 'me too')).toMatchObject({
      ok: false,
      code: 'approval_state_conflict',
    });
    expect(await world.approve(id)).toMatchObject({ ok: true, value: { approver_id: 'alice' } });
    expect(await world.fetchToken(id)).toBeDefined();
    expect(world.audit.types().filter((type) => type === 'approval_granted')).toHaveLength(1);
  });

  it('completes by itself what a crash left unrecorded', async () => {
    const id = await world.request();
    world.audit.failing = true;
    await expect(world.approve(id)).rejects.toThrow();
    world.audit.failing = false;
    world.clock.time += 30_000;
    await world.service.sweep();
    expect(await world.fetchToken(id)).toBeUndefined();
    world.clock.time += 31_000;
    await world.service.sweep();
    expect(await world.fetchToken(id)).toBeDefined();
    expect(world.audit.events.at(-1)).toMatchObject({
      event_type: 'approval_granted',
      principal_id: 'alice',
      approver_id: 'alice',
    });
  });

  it('lets somebody else take back a grant that is not in the log, and then both are', async () => {
    const id = await world.request();
    world.audit.failing = true;
    await expect(world.approve(id)).rejects.toThrow();
    world.audit.failing = false;
    expect(await world.service.revoke(call(approverOf('bob')), id, 'stop')).toMatchObject({
      ok: true,
      value: { status: 'revoked', approver_id: 'bob' },
    });
    expect(world.audit.types()).toEqual(['approval_requested', 'approval_granted', 'approval_revoked']);
    expect(world.audit.events.map(({ principal_id }) => principal_id)).toEqual([
      'support-bot',
      'alice',
      'bob',
    ]);
  });

  it('answers the same approver the same, once on record', async () => {
    const id = await world.request();
    const first = await world.approve(id);
    expect(await world.approve(id)).toEqual(first);
    expect(world.audit.types().filter((type) => type === 'approval_granted')).toHaveLength(1);
  });

  it('answers the approver with the record and never the token', async () => {
    const id = await world.request();
    const granted = await world.approve(id);
    expect(granted.ok && 'approval_token' in granted.value).toBe(false);
    const seen = await world.service.get(call(approverOf()), id);
    expect(seen.ok && 'approval_token' in seen.value).toBe(false);
    const listed = await world.service.list(call(approverOf()), {});
    expect(JSON.stringify(listed)).not.toContain('approval_token');
  });
});

describe('who sees the token', () => {
  const others: [string, Principal][] = [
    ['another agent', agentOf({ id: 'other-bot' })],
    ['the same agent, no longer acting for the user', agentOf({ users: ['u-2'] })],
    [
      'the same agent, no longer in the tenant',
      agentOf({ grants: [{ tenant: 'tenant-b', roles: ['user'] }] }),
    ],
    [
      'the same agent, no longer in the role',
      agentOf({ grants: [{ tenant: 'tenant-a', roles: ['guest'] }] }),
    ],
    ['the same agent without a scope to use it', agentOf({ scopes: new Set(['filter']) })],
    ['an approver of the tenant', approverOf()],
    ['an approver of all tenants', approverOf('root', { grants: [{ tenant: '*', roles: ['approver'] }] })],
    [
      'an approver of another tenant',
      approverOf('eve', { grants: [{ tenant: 'tenant-b', roles: ['approver'] }] }),
    ],
    ['a gateway', GATEWAY],
    ['nobody in particular', { ...GATEWAY, id: 'anonymous', kind: 'anonymous', assurance: 'asserted' }],
    [
      'the user itself',
      approverOf('u-1', { scopes: new Set(['run']), grants: [{ tenant: 'tenant-a', roles: ['user'] }] }),
    ],
    ["the agent's owner", approverOf('carol', { scopes: new Set(['run', 'authorize']) })],
  ];
  it.each(others)('is not %s', async (_who, principal) => {
    const id = await world.request();
    await world.approve(id);
    expect(await world.fetchToken(id)).toBeDefined();
    expect(await world.fetchToken(id, principal)).toBeUndefined();
  });

  it('is the requesting gateway where a gateway asked', async () => {
    const id = await world.request({ principal: GATEWAY });
    await world.approve(id);
    expect(await world.fetchToken(id, GATEWAY)).toBeDefined();
    const record = await world.service.get(call(approverOf()), id);
    expect(record).toMatchObject({ ok: true, value: { identity_assurance: 'delegated' } });
  });

  it('is never an anonymous caller, even for a request of its own', async () => {
    const anonymous: Principal = { ...GATEWAY, id: 'anonymous', kind: 'anonymous', assurance: 'asserted' };
    const id = await world.request({ principal: anonymous });
    await world.approve(id);
    expect(await world.fetchToken(id, anonymous)).toBeUndefined();
  });
});

describe('separation of duties', () => {
  const forbidden: [string, Principal, Principal][] = [
    ['the user it is for', approverOf('u-1'), agentOf()],
    [
      'the user it is for, under another id',
      approverOf('jwt:u-1', { subject: 'u-1', users: ['u-1'] }),
      agentOf(),
    ],
    ['the user it is for, by subject alone', approverOf('x', { subject: 'u-1', users: [] }), agentOf()],
    ['the user it is for, in capitals', approverOf('U-1'), agentOf()],
    ["the agent's owner", approverOf('carol'), agentOf()],
    [
      "the agent's owner by a token",
      approverOf('jwt:carol', { subject: 'carol', users: ['carol'] }),
      agentOf(),
    ],
    ['the principal that asked', approverOf('dora'), approverOf('dora', { users: ['u-1'] })],
    [
      'the same human by a second credential',
      approverOf('jwt:dora', { subject: 'dora' }),
      approverOf('dora'),
    ],
    ['the same subject', approverOf('d-2', { subject: 'dora' }), approverOf('d-1', { subject: 'dora' })],
    ['a service that holds the scope', approverOf('svc', { kind: 'service' }), agentOf()],
    ['an agent that holds the scope', approverOf('bot-2', { kind: 'agent' }), agentOf()],
    ['a human whose name is only asserted', approverOf('alice', { assurance: 'asserted' }), agentOf()],
    ['a human whose name a gateway states', approverOf('alice', { assurance: 'delegated' }), agentOf()],
    ['a human that may act for anyone', approverOf('alice', { users: '*' }), agentOf()],
  ];
  for (const decide of ['approve', 'deny', 'revoke'] as const) {
    it.each(forbidden)(`lets %s not ${decide}`, async (_who, approver, requester) => {
      const id = await world.request({ principal: requester });
      expect(await world.service[decide](call(approver), id, 'mine')).toEqual({
        ok: false,
        code: 'separation_of_duties',
      });
      expect(await world.store.get(id)).toMatchObject({ status: 'pending' });
      expect(world.audit.events.at(-1)).toMatchObject({
        event_type: 'api_forbidden',
        policy_reason: 'separation_of_duties',
        principal_id: approver.id,
        approval_id: id,
      });
    });
  }

  it('lets another human decide', async () => {
    expect(await world.approve(await world.request(), approverOf('bob'))).toMatchObject({ ok: true });
  });
});

describe('tenants apart', () => {
  const stranger = approverOf('eve', { grants: [{ tenant: 'tenant-b', roles: ['approver'] }] });
  const noRole = approverOf('fred', { grants: [{ tenant: 'tenant-a', roles: ['user'] }] });

  it.each([
    ['an approver of another tenant', stranger],
    ['a human without the role', noRole],
  ])('lets %s neither see nor decide, and does not say that there is something', async (_who, principal) => {
    const id = await world.request();
    const absent = { ok: false, code: 'not_found' };
    expect(await world.service.get(call(principal), id)).toEqual(absent);
    expect(await world.service.get(call(principal), 'no-such-id')).toEqual(absent);
    for (const decide of ['approve', 'deny', 'revoke'] as const) {
      expect(await world.service[decide](call(principal), id, 'x')).toEqual(absent);
      expect(await world.service[decide](call(principal), 'no-such-id', 'x')).toEqual(absent);
    }
    expect(await world.service.list(call(principal), {})).toMatchObject({
      ok: true,
      value: { approvals: [] },
    });
  });

  it('lists only tenants of the approver, and refuses another by name, on record', async () => {
    await world.request();
    await world.request({ tenant_id: 'tenant-b', target: 'tenant-b' });
    const listed = await world.service.list(call(stranger), {});
    expect(listed).toMatchObject({ ok: true, value: { approvals: [{ tenant_id: 'tenant-b' }] } });
    expect(await world.service.list(call(stranger), { tenant_id: 'tenant-a' })).toEqual({
      ok: false,
      code: 'identity_mismatch',
    });
    expect(world.audit.events.at(-1)).toMatchObject({
      event_type: 'api_forbidden',
      policy_reason: 'identity_mismatch',
    });
    const all = approverOf('root', { grants: [{ tenant: '*', roles: ['approver'] }] });
    expect(await world.service.list(call(all), {})).toMatchObject({
      ok: true,
      value: { approvals: [{}, {}] },
    });
    expect(await world.service.list(call(all), { tenant_id: 'tenant-a' })).toMatchObject({
      ok: true,
      value: { approvals: [{ tenant_id: 'tenant-a' }] },
    });
  });

  it('asks for the scope before anything else', async () => {
    const id = await world.request();
    for (const decide of ['approve', 'deny', 'revoke'] as const) {
      for (const target of [id, 'no-such-id']) {
        expect(await world.service[decide](call(agentOf()), target, 'x')).toEqual({
          ok: false,
          code: 'insufficient_scope',
        });
      }
    }
    expect(await world.service.list(call(agentOf()), {})).toEqual({ ok: false, code: 'insufficient_scope' });
    const metrics = agentOf({ scopes: new Set(['metrics']) });
    expect(await world.service.get(call(metrics), id)).toEqual({ ok: false, code: 'insufficient_scope' });
  });
});

describe('states', () => {
  it.each([
    ['denied', ['approve', 'deny', 'revoke']],
    ['revoked', ['approve', 'deny', 'revoke']],
    ['consumed', ['approve', 'deny', 'revoke']],
    ['expired', ['approve', 'deny', 'revoke']],
    ['approved', ['deny']],
  ] as const)('answer everything that does not follow %s with a conflict', async (status, decisions) => {
    const id = await world.request();
    if (status === 'denied') await world.service.deny(call(approverOf()), id, 'no');
    if (status === 'revoked') await world.service.revoke(call(approverOf()), id, 'no');
    if (status === 'approved' || status === 'consumed') await world.approve(id);
    if (status === 'consumed') await world.propose({}, (await world.fetchToken(id)) ?? '');
    if (status === 'expired') world.clock.time += TTL_SECONDS * 1_000;
    const before = world.audit.events.length;
    for (const decide of decisions) {
      expect(await world.service[decide](call(approverOf()), id, 'again')).toEqual({
        ok: false,
        code: 'approval_state_conflict',
      });
    }
    expect(world.audit.events).toHaveLength(before);
  });

  it.each([
    ['deny', 'denied'],
    ['revoke', 'revoked'],
  ] as const)('let one of approve and %s win, record it once and tell the loser', async (other, status) => {
    for (let round = 0; round < 10; round += 1) {
      const id = await world.request({ session_id: `round-${round}` });
      const before = world.audit.events.length;
      const results = await Promise.all([
        world.approve(id),
        world.service[other](call(approverOf('bob')), id, 'no'),
      ]);
      const row = await world.store.get(id);
      const types = world.audit.types().slice(before);
      if (other === 'deny') {
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        expect(results.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'approval_state_conflict' });
        expect(types).toHaveLength(1);
      }
      expect(new Set(types).size).toBe(types.length);
      if (row?.status === status)
        expect(types.at(-1)).toBe(status === 'denied' ? 'approval_rejected' : 'approval_revoked');
    }
  });

  it('let a use or a revocation win, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const session = { session_id: `round-${round}` };
      const id = await world.request(session);
      await world.approve(id);
      const token = (await world.fetchToken(id)) ?? '';
      const [use, revocation] = await Promise.all([
        world.propose(session, token),
        world.service.revoke(call(approverOf()), id, 'stop'),
      ]);
      expect(use.outcome === 'granted').toBe(!revocation.ok);
      if (!revocation.ok) expect(revocation.code).toBe('approval_state_conflict');
      else expect(use).toMatchObject({ reason: 'approval_token_revoked' });
    }
  });
});

describe('records and lists', () => {
  it('hold to the schema of the wire, and show what is hidden', async () => {
    const id = await world.request({ arguments: { to: 'a\u202Eb@example.invalid', body: 'x\u0000' } });
    const result = await world.service.get(call(approverOf()), id);
    if (!result.ok) throw new Error(result.code);
    expect(approvalRecordSchema.parse(result.value)).toEqual(result.value);
    expect(result.value.arguments).toEqual({
      to: 'a⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧b@example.invalid',
      body: 'x⟦U+0000 NULL⟧',
    });
    expect(result.value.warnings).toEqual([
      'arguments/to: U+202E RIGHT-TO-LEFT OVERRIDE',
      'arguments/body: U+0000 NULL',
    ]);
    expect(result.value).toMatchObject({
      reason: 'human_approval_required_for_high_impact_action',
      identity_assurance: 'verified',
      principal_id: 'support-bot',
      created_at: '2026-01-02T03:04:05.000Z',
      expires_at: '2026-01-02T04:04:05.000Z',
    });
  });

  it('show control characters in a reason by name', async () => {
    const id = await world.request();
    const reason = 'fine\u0000\u001b[2J\nforged line';
    const result = await world.service.approve(call(approverOf()), id, reason);
    expect(result).toMatchObject({
      ok: true,
      value: { decision_reason: 'fine⟦U+0000 NULL⟧⟦U+001B ESCAPE⟧[2J⟦U+000A LINE FEED⟧forged line' },
    });
  });

  it.each([[''], ['   '], ['x'.repeat(501)], ['\uD800']])('refuse the reason %j', async (reason) => {
    const id = await world.request();
    expect(await world.service.approve(call(approverOf()), id, reason)).toEqual({
      ok: false,
      code: 'validation_error',
    });
  });

  it('page through everything once, whatever arrives meanwhile', async () => {
    const expected = new Set<string>();
    for (let index = 0; index < 23; index += 1) {
      world.clock.time = START + Math.floor(index / 5);
      expected.add(await world.request({ arguments: { index } }));
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.service.list(call(approverOf()), {
        status: 'pending',
        limit: 5,
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (!page.ok) throw new Error(page.code);
      seen.push(...page.value.approvals.map(({ approval_id }) => approval_id));
      cursor = page.value.next_cursor ?? undefined;
      world.clock.time += 1_000;
      await world.request({ arguments: { later: seen.length } });
    } while (cursor !== undefined);
    expect(new Set(seen)).toEqual(expected);
    expect(seen).toHaveLength(expected.size);
  });

  it.each([['x'], [''], ['W10'], [Buffer.from('[1]').toString('base64url')], ['e30'], ['🙂']])(
    'refuse the cursor %j',
    async (cursor) => {
      expect(await world.service.list(call(approverOf()), { cursor })).toEqual({
        ok: false,
        code: 'validation_error',
      });
    },
  );

  it('refuse to show an action that was changed in the store', async () => {
    const id = await world.request();
    const row = await world.store.get(id);
    if (row === null) throw new Error('expected a row');
    const tampered = { ...row, action: { ...row.action, arguments: { to: 'other@example.invalid' } } };
    const store = { ...world.store, get: () => Promise.resolve(tampered) };
    const { service } = await createApprovalWorld({ store });
    await expect(service.get(call(approverOf()), id)).rejects.toThrow('not the one that was filed');
    await expect(service.approve(call(approverOf()), id, 'yes')).rejects.toThrow(
      'not the one that was filed',
    );
  });

  it('say that a request is over as soon as it is', async () => {
    const id = await world.request();
    world.clock.time += TTL_SECONDS * 1_000;
    expect(await world.service.get(call(approverOf()), id)).toMatchObject({
      ok: true,
      value: { status: 'expired' },
    });
    expect(await world.service.list(call(approverOf()), { status: 'pending' })).toMatchObject({
      value: { approvals: [] },
    });
    expect(world.audit.types()).toEqual(['approval_requested', 'approval_expired']);
  });

  it('forget what ended longer ago than the retention', async () => {
    const id = await world.request();
    await world.service.deny(call(approverOf()), id, 'no');
    world.clock.time += 90 * 86_400_000;
    await world.service.sweep();
    expect(await world.store.get(id)).not.toBeNull();
    world.clock.time += 1;
    await world.service.sweep();
    expect(await world.store.get(id)).toBeNull();
  });
});
