import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApprovalKeyPem } from '../../src/approval/signing-keys.js';
import {
  approvalIdOf,
  headersOf,
  obtainToken,
  propose,
  startApprovalService,
  type Caller,
} from '../helpers/approval-service.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import type { TestService } from '../helpers/service.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

let service: TestService;

beforeEach(async () => {
  service = await startApprovalService();
});
afterEach(() => service.close());

const decide = (verb: string, id: string, caller: Caller, reason: unknown = 'looks right') =>
  service.post(`/v1/approvals/${id}/${verb}`, { reason }, headersOf(caller));
const view = (id: string, caller: Caller) => service.get(`/v1/approvals/${id}`, headersOf(caller));
const eventTypes = () => service.events().map(({ event_type }) => event_type);

describe('an approval through HTTP', () => {
  it('is asked for, granted, fetched and used, and the log shows all of it', async () => {
    const asked = await propose(service);
    expect(asked.body).toMatchObject({
      effect: 'step_up',
      allowed: false,
      reason: 'approval_token_missing',
      requires_human_approval: true,
      approval: { status: 'pending' },
    });
    const id = approvalIdOf(asked);

    const listed = await service.get('/v1/approvals?status=pending', headersOf('alice'));
    expect(listed.body).toMatchObject({
      approvals: [{ approval_id: id, tool_name: 'send_email' }],
      next_cursor: null,
    });

    const granted = await decide('approve', id, 'alice');
    expect(granted.status).toBe(200);
    expect(granted.body).toMatchObject({ status: 'approved', approver_id: 'alice' });
    expect(granted.text).not.toContain('approval_token"');

    const fetched = await view(id, 'support-bot');
    const token = String(fetched.body.approval_token);
    const used = await propose(service, { approval_token: token });
    expect(used.body).toMatchObject({ effect: 'allow', reason: 'explicit_allow_after_policy_checks' });
    expect((await view(id, 'support-bot')).body).toMatchObject({ status: 'consumed' });
    expect((await propose(service, { approval_token: token })).body).toMatchObject({
      effect: 'deny',
      reason: 'approval_token_reused',
    });

    expect(eventTypes()).toEqual([
      'approval_requested',
      'approval_denied',
      'approval_granted',
      'approval_consumed',
      'tool_allowed',
      'approval_denied',
    ]);
    const [requested, denied, grant, consumed, allowed, reused] = service.events();
    expect(requested).toMatchObject({ approval_id: id, principal_id: 'support-bot', stage: 'approval' });
    expect(denied).toMatchObject({ approval_decision: 'denied', policy_reason: 'approval_token_missing' });
    expect(grant).toMatchObject({ principal_id: 'alice', principal_kind: 'human', approver_id: 'alice' });
    expect(consumed).toMatchObject({ decision_id: used.body.decision_id, approval_token_valid: true });
    expect(allowed).toMatchObject({ approval_id: id, approver_id: 'alice', approval_token_valid: true });
    expect(reused).toMatchObject({ approval_token_failure_reason: 'approval_token_reused' });
    expect(JSON.stringify(service.allEvents())).not.toContain(token);
  });

  it('lets a whole turn run its tool once', async () => {
    const turn = runBody({ scenario: 'send_email_approved', user_id: 'u-1' });
    const asked = await service.post('/run', turn, headersOf('support-bot'));
    expect(asked.body).toMatchObject({ tool_executed: false, reason: 'approval_token_missing' });
    const id = approvalIdOf(asked);
    await decide('approve', id, 'alice');
    const approval_token = (await view(id, 'support-bot')).body.approval_token;
    const ran = await service.post('/run', { ...turn, approval_token }, headersOf('support-bot'));
    expect(ran.body).toMatchObject({ tool_executed: true, stage: 'simulation' });
    const again = await service.post('/run', { ...turn, approval_token }, headersOf('support-bot'));
    expect(again.body).toMatchObject({ tool_executed: false, reason: 'approval_token_reused' });
  });

  it('judges a token that comes with a call that needs no human, and leaves it unused', async () => {
    const approval_token = await obtainToken(service);
    const reading = async (fields: object) =>
      service.post(
        '/v1/authorize',
        authorizeBody({}, { user_id: 'u-1', ...fields }),
        headersOf('support-bot'),
      );
    expect((await reading({})).body).toMatchObject({ effect: 'allow', requires_human_approval: false });
    expect((await reading({ approval_token })).body).toMatchObject({
      effect: 'deny',
      reason: 'approval_token_tool_mismatch',
    });
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'approval_denied',
      approval_token_failure_reason: 'approval_token_tool_mismatch',
    });
    expect((await reading({ approval_token: 'no token' })).body).toMatchObject({
      effect: 'deny',
      reason: 'approval_token_malformed',
    });
    expect((await propose(service, { approval_token })).body).toMatchObject({ effect: 'allow' });
  });

  it('is used by exactly one of 200 simultaneous calls', async () => {
    const approval_token = await obtainToken(service);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        propose(service, { approval_token, request_id: `req-${index}` }),
      ),
    );
    expect(answers.filter(({ body }) => body.effect === 'allow')).toHaveLength(1);
    expect(answers.filter(({ body }) => body.reason === 'approval_token_reused')).toHaveLength(199);
    expect(eventTypes().filter((type) => type === 'approval_consumed')).toHaveLength(1);
    expect(eventTypes().filter((type) => type === 'tool_allowed')).toHaveLength(1);
  });

  it.each([
    ['user', { user_id: 'u-2' }, {}],
    ['action', { session_id: 'session-2' }, {}],
    ['context', {}, { provenance: { source: 'model', trust: 'trusted', context_ids: ['other'] } }],
    ['provenance', {}, { provenance: { source: 'system', trust: 'trusted', context_ids: ['model-turn'] } }],
    [
      'action',
      {},
      { arguments: { to: 'other@example.invalid', subject: 'your order', body: 'it is on its way' } },
    ],
  ])('is for nothing but the approved action: %s', async (name, fields, toolCall) => {
    const approval_token = await obtainToken(service);
    expect((await propose(service, { approval_token, ...fields }, toolCall)).body).toMatchObject({
      effect: 'deny',
      reason: `approval_token_${name}_mismatch`,
    });
    expect((await propose(service, { approval_token })).body.effect).toBe('allow');
  });

  it('does not let the flag stand in for a token, or excuse a bad one', async () => {
    const flag = await propose(service, { human_approval: true });
    expect(flag.body).toMatchObject({ effect: 'step_up', reason: 'approval_token_missing' });
    const bad = await propose(service, { human_approval: true, approval_token: 'nonsense' });
    expect(bad.body).toMatchObject({ effect: 'deny', reason: 'approval_token_malformed', approval: null });
  });

  it('is refused for a while once a human has denied it', async () => {
    const id = approvalIdOf(await propose(service));
    expect((await decide('deny', id, 'alice', 'not this customer')).body).toMatchObject({ status: 'denied' });
    expect((await propose(service)).body).toMatchObject({
      effect: 'deny',
      reason: 'approval_denied_recently',
    });
  });
});

describe('approvals that outlive the process', () => {
  let directory: string;
  beforeEach(() => {
    directory = temporaryDirectory();
  });

  it('keep requests, grants and tokens over a restart and a rotation of keys', async () => {
    const keyFiles = ['new.pem', 'old.pem'].map((name) => join(directory, name));
    for (const file of keyFiles) writeFileSync(file, createApprovalKeyPem());
    const start = (keys: readonly string[]) =>
      startApprovalService({
        variables: {
          ACP_APPROVAL_STORE: 'sqlite',
          ACP_APPROVAL_DB: join(directory, 'approvals.db'),
          ACP_APPROVAL_SIGNING_KEY_FILE: keys.join(','),
        },
      });

    const before = await start(keyFiles.slice(1));
    const approval_token = await obtainToken(before);
    const waiting = approvalIdOf(await propose(before, { session_id: 'session-2' }));
    await before.close();

    const after = await start(keyFiles);
    expect((await after.get(`/v1/approvals/${waiting}`, headersOf('alice'))).body.status).toBe('pending');
    expect((await propose(after, { approval_token })).body).toMatchObject({ effect: 'allow' });
    await after.close();

    const without = await start(keyFiles.slice(0, 1));
    expect((await propose(without, { approval_token })).body).toMatchObject({
      reason: 'approval_token_signature_invalid',
    });
    await without.close();
  });
});

describe('who may do what with approvals', () => {
  it('tells nothing of a request to another tenant, and nothing of ids that are none', async () => {
    const id = approvalIdOf(await propose(service));
    const unknown = ['00000000-0000-4000-8000-000000000000', 'x', '..%2f..', '%00', "'%20OR%201=1--"];
    for (const candidate of [id, ...unknown]) {
      const answers = [
        await view(candidate, 'dana'),
        await decide('approve', candidate, 'dana'),
        await decide('deny', candidate, 'dana'),
        await decide('revoke', candidate, 'dana'),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 404, body: { detail: 'not_found' } });
      }
    }
    expect((await service.get('/v1/approvals', headersOf('dana'))).body).toEqual({
      approvals: [],
      next_cursor: null,
    });
    expect((await service.get('/v1/approvals?tenant_id=tenant-a', headersOf('dana'))).body).toEqual({
      detail: 'identity_mismatch',
    });
    expect((await view(id, 'support-bot')).body).toMatchObject({ status: 'pending' });
  });

  it('refuses the owner of the agent, on record', async () => {
    const id = approvalIdOf(await propose(service));
    for (const verb of ['approve', 'deny', 'revoke']) {
      expect(await decide(verb, id, 'carol')).toMatchObject({
        status: 403,
        body: { detail: 'separation_of_duties' },
      });
    }
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'api_forbidden',
      policy_reason: 'separation_of_duties',
      principal_id: 'carol',
    });
  });

  it('refuses the agent itself and whoever lacks the scope', async () => {
    const id = approvalIdOf(await propose(service));
    for (const caller of ['support-bot', 'auditor'] as const) {
      expect(await decide('approve', id, caller)).toMatchObject({
        status: 403,
        body: { detail: 'insufficient_scope' },
      });
      expect(await service.get('/v1/approvals', headersOf(caller))).toMatchObject({ status: 403 });
    }
    expect(await view(id, 'auditor')).toMatchObject({ status: 403, body: { detail: 'insufficient_scope' } });
  });

  it('shows the token to the agent and to nobody else', async () => {
    const id = approvalIdOf(await propose(service));
    await decide('approve', id, 'alice');
    expect((await view(id, 'support-bot')).body.approval_token).toBeTypeOf('string');
    for (const caller of ['alice', 'carol', 'dana', 'auditor'] as const) {
      expect((await view(id, caller)).text).not.toContain('approval_token"');
    }
    expect((await service.get('/v1/approvals', headersOf('alice'))).text).not.toContain('approval_token"');
  });

  it.each(['GET', 'POST'])('needs a credential in every mode (%s)', async (method) => {
    const open = await startApprovalService({ variables: { ACP_REQUIRE_API_AUTH: 'false' } });
    const asked = await open.post('/v1/authorize', { ...runlessBody(), user_id: 'u-1' });
    const id = approvalIdOf(asked);
    const answer =
      method === 'GET'
        ? await open.get(`/v1/approvals/${id}`)
        : await open.post(`/v1/approvals/${id}/approve`, { reason: 'x' });
    expect(answer).toMatchObject({ status: 401, body: { detail: 'unauthorized' } });
    await open.close();
  });

  function runlessBody(): Record<string, unknown> {
    return {
      request_id: 'req-1',
      session_id: 'session-1',
      tenant_id: 'tenant-a',
      tool_call: {
        tool_name: 'send_email',
        arguments: { to: 'user@example.invalid', subject: 's', body: 'b' },
        target: 'tenant-a',
        provenance: { source: 'model', trust: 'trusted' },
      },
    };
  }

  it('refuses identities that the credential does not hold', async () => {
    for (const claim of [{ user_id: 'u-3' }, { tenant_id: 'tenant-b' }, { role: 'admin' }]) {
      expect(await propose(service, claim)).toMatchObject({
        status: 403,
        body: { detail: 'identity_mismatch' },
      });
    }
  });
});

describe('bad input to approvals', () => {
  it('shows control characters in a reason by name', async () => {
    const id = approvalIdOf(await propose(service));
    const answer = await decide('approve', id, 'alice', 'fine\u0000\u001b]0;x\u0007\n{"forged": "line"}');
    expect(answer.body.decision_reason).toBe(
      'fine⟦U+0000 NULL⟧⟦U+001B ESCAPE⟧]0;x⟦U+0007 BELL⟧⟦U+000A LINE FEED⟧{"forged": "line"}',
    );
    expect(eventTypes().filter((type) => type === 'approval_granted')).toHaveLength(1);
  });

  it.each([[''], ['  '], [7], [null], ['x'.repeat(501)], ['\ud800']])(
    'refuses the reason %j',
    async (reason) => {
      const id = approvalIdOf(await propose(service));
      expect((await decide('approve', id, 'alice', reason)).status).toBe(422);
      expect((await view(id, 'alice')).body.status).toBe('pending');
    },
  );

  it.each(['limit=0', 'limit=101', 'limit=x', 'status=open', 'cursor=x', 'sort=up', 'limit=1&limit=2'])(
    'refuses the query %s',
    async (query) => {
      expect((await service.get(`/v1/approvals?${query}`, headersOf('alice'))).status).toBe(422);
    },
  );

  it('stops a principal at a hundred requests, and says when to come back', async () => {
    for (let index = 0; index < 100; index += 1) {
      expect((await propose(service, { session_id: `s-${index}` })).status).toBe(200);
    }
    const refused = await propose(service, { session_id: 's-100' });
    expect(refused).toMatchObject({ status: 429, body: { detail: 'too_many_pending_approvals' } });
    expect(refused.headers['retry-after']).toBeDefined();
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'approval_denied',
      policy_reason: 'too_many_pending_approvals',
    });
    expect((await propose(service, { session_id: 's-1' })).status).toBe(200);
  });

  it('makes what hides in arguments visible to the approver', async () => {
    const hidden = { to: 'user@ex\u0430mple.invalid', subject: 'a\u202Ecod.exe', body: 'b' };
    const id = approvalIdOf(await propose(service, {}, { arguments: hidden }));
    const { body } = await view(id, 'alice');
    expect(body.arguments).toEqual({
      to: 'user@ex⟦U+0430 CYRILLIC LOOK-ALIKE OF a⟧mple.invalid',
      subject: 'a⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧cod.exe',
      body: 'b',
    });
    expect(body.warnings).toHaveLength(2);
  });
});
