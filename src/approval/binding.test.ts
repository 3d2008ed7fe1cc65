import { beforeAll, describe, expect, it } from 'vitest';
import { actionOf, agentOf } from '../../tests/helpers/approval-actions.js';
import { createApprovalWorld, type ApprovalWorld } from '../../tests/helpers/approval-world.js';
import type { ProposedAction } from '../domain/approval.js';
import { fingerprintOf } from './fingerprint.js';

const BASE: Partial<ProposedAction> = {
  arguments: { to: 'user@example.invalid', subject: 'hello', body: 'a line', extra: { b: 1, a: [1, 2] } },
  provenance: {
    source: 'model',
    trust: 'trusted',
    context_ids: ['b', 'a'],
    tenant_id: 'tenant-a',
    chunk_id: 'chunk-1',
    content_hash: 'c'.repeat(64),
  },
};
const provenance = BASE.provenance!;

let world: ApprovalWorld;
let token: string;
let id: string;

beforeAll(async () => {
  world = await createApprovalWorld();
  id = await world.request(BASE);
  await world.approve(id);
  token = (await world.fetchToken(id)) ?? '';
});

const differences: [string, Partial<ProposedAction>, string][] = [
  ['the user', { user_id: 'u-2' }, 'user'],
  ['the tenant', { tenant_id: 'tenant-b' }, 'tenant'],
  ['the tool', { tool_name: 'export_records' }, 'tool'],
  ['the target', { target: 'tenant-b' }, 'target'],
  ['no target', { target: null }, 'target'],
  ['the risk', { risk_level: 'critical' }, 'risk'],
  ['a context id', { provenance: { ...provenance, context_ids: ['a', 'c'] } }, 'context'],
  ['one context id less', { provenance: { ...provenance, context_ids: ['a'] } }, 'context'],
  ['one context id more', { provenance: { ...provenance, context_ids: ['a', 'b', 'c'] } }, 'context'],
  ['context ids run together', { provenance: { ...provenance, context_ids: ['a,b'] } }, 'context'],
  ["the provenance's source", { provenance: { ...provenance, source: 'system' } }, 'provenance'],
  ["the provenance's trust", { provenance: { ...provenance, trust: 'untrusted' } }, 'provenance'],
  ["the provenance's tenant", { provenance: { ...provenance, tenant_id: null } }, 'provenance'],
  ["the provenance's chunk", { provenance: { ...provenance, chunk_id: 'chunk-2' } }, 'provenance'],
  ["the provenance's content", { provenance: { ...provenance, content_hash: 'd'.repeat(64) } }, 'provenance'],
  ['the principal', { principal: agentOf({ id: 'other-bot' }) }, 'action'],
  ['the session', { session_id: 'session-2' }, 'action'],
  ['the schema of the tool', { tool_schema_sha256: 'e'.repeat(64) }, 'action'],
  ['the policy', { policy_sha256: 'e'.repeat(64) }, 'action'],
  ['an argument', { arguments: { ...BASE.arguments, to: 'User@example.invalid' } }, 'action'],
  ['one argument more', { arguments: { ...BASE.arguments, bcc: 'x@example.invalid' } }, 'action'],
  ['one argument less', { arguments: { to: 'user@example.invalid' } }, 'action'],
  ['the type of an argument', { arguments: { ...BASE.arguments, extra: { b: '1', a: [1, 2] } } }, 'action'],
  ['the order of a list', { arguments: { ...BASE.arguments, extra: { b: 1, a: [2, 1] } } }, 'action'],
  ['the Unicode form of an argument', { arguments: { ...BASE.arguments, body: 'a line\u0301' } }, 'action'],
  ['an invisible character', { arguments: { ...BASE.arguments, body: 'a\u200B line' } }, 'action'],
];

const equalities: [string, Partial<ProposedAction>][] = [
  [
    'the order of keys',
    {
      arguments: { extra: { a: [1, 2], b: 1 }, body: 'a line', subject: 'hello', to: 'user@example.invalid' },
    },
  ],
  ['the order of context ids', { provenance: { ...provenance, context_ids: ['a', 'b'] } }],
  ['a context id named twice', { provenance: { ...provenance, context_ids: ['b', 'a', 'a', 'b'] } }],
  ['a number written otherwise', { arguments: { ...BASE.arguments, extra: { b: 1.0, a: [1, 2] } } }],
  ['the role, which policy judges at use', { role: 'admin' }],
  ['the request', { request_id: 'req-9', correlation_id: 'corr-9', decision_id: 'decision-9' }],
  ['the proof of the provenance', { provenance: { ...provenance, signature: 'f'.repeat(64) } }],
];

describe('a grant', () => {
  it.each(differences)('is not for an action with another %s', async (_what, change, mismatch) => {
    expect(await world.propose({ ...BASE, ...change }, token)).toMatchObject({
      outcome: 'refused',
      reason: `approval_token_${mismatch}_mismatch`,
      approval_id: id,
    });
    expect(await world.store.get(id)).toMatchObject({ status: 'approved' });
  });

  it('names the first difference of several', async () => {
    const everything = Object.assign({}, BASE, ...differences.map(([, change]) => change), {
      provenance: { ...provenance, trust: 'untrusted', context_ids: ['z'] },
    }) as Partial<ProposedAction>;
    const repaired: Partial<ProposedAction>[] = [
      {},
      { user_id: 'u-1' },
      { tenant_id: 'tenant-a' },
      { tool_name: 'send_email' },
      { target: 'tenant-a' },
      { risk_level: 'high' },
      { provenance: { ...provenance, trust: 'untrusted' } },
      { provenance },
    ];
    const reasons: string[] = [];
    let action = everything;
    for (const repair of repaired) {
      action = { ...action, ...repair };
      const verdict = await world.propose(action, token);
      reasons.push(verdict.outcome === 'refused' ? verdict.reason : verdict.outcome);
    }
    expect(reasons).toEqual(
      ['user', 'tenant', 'tool', 'target', 'risk', 'context', 'provenance', 'action'].map(
        (name) => `approval_token_${name}_mismatch`,
      ),
    );
  });

  it.each(equalities)('is for the same action whatever %s', (_what, change) => {
    expect(fingerprintOf(actionOf({ ...BASE, ...change }))).toBe(fingerprintOf(actionOf(BASE)));
  });

  it('is still good after all these attempts', async () => {
    expect(await world.propose(BASE, token)).toMatchObject({ outcome: 'granted', approval_id: id });
  });
});

describe('fingerprintOf', () => {
  it('is what it was: SHA-256 over RFC 8785 JSON of the bound facts', () => {
    expect(fingerprintOf(actionOf())).toMatch(/^[0-9a-f]{64}$/);
  });
});
