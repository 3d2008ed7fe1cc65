import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSimulatedAdapter } from '../../src/agent/simulated-adapter.js';
import { keyDigest } from '../../src/identity/key-digest.js';
import { signProvenance } from '../../src/provenance/signature.js';
import { headersOf, propose, startApprovalService } from '../helpers/approval-service.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';
import { sharedDirectory } from '../helpers/temporary-directory.js';

const ISSUER = 'https://issuer.example.invalid';
const AUDIENCE = 'acp-test';
const GATEWAY_KEY = 'visibly-fake-key-of-a-gateway';
const signingKey = generateKeyPairSync('ed25519');
const EMAIL_CALL = {
  tool_name: 'send_email',
  arguments: { to: 'user@example.invalid', subject: 'hello', body: 'as agreed' },
};
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

let directory: string;
let service: TestService;

beforeAll(async () => {
  directory = sharedDirectory();
  const jwk = { ...(await exportJWK(signingKey.publicKey)), kid: 'k-1', alg: 'EdDSA' };
  writeFileSync(join(directory, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
});
afterEach(() => service.close());

function token(claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({
    tenant: 'tenant-a',
    roles: ['user'],
    acp_kind: 'service',
    scope: 'run authorize',
    sub: 'u-1',
    iss: ISSUER,
    aud: AUDIENCE,
    exp: Math.floor(Date.now() / 1_000) + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k-1' })
    .sign(signingKey.privateKey);
}

const jwtVariables = () => ({
  ACP_JWT_ISSUER: ISSUER,
  ACP_JWT_AUDIENCE: AUDIENCE,
  ACP_JWKS_FILE: join(directory, 'jwks.json'),
  ACP_API_KEY: GATEWAY_KEY,
});

describe('callers through HTTP', () => {
  it.each([
    ['a principal', () => headersOf('support-bot'), 'support-bot', 'agent', 'verified'],
    ['a gateway', () => ({ 'x-api-key': GATEWAY_KEY }), /^gateway:[0-9a-f]{12}$/, 'gateway', 'delegated'],
    ['a token', async () => bearer(await token()), 'jwt:u-1', 'service', 'verified'],
  ] as const)('are on record in the audit log: %s', async (_who, headers, id, kind, assurance) => {
    service = await startApprovalService({ variables: jwtVariables() });
    const answer = await service.post(
      '/v1/authorize',
      authorizeBody({}, { user_id: 'u-1' }),
      await headers(),
    );
    expect(answer).toMatchObject({ status: 200, body: { effect: 'allow' } });
    const event = service.events().at(-1);
    expect(event).toMatchObject({ principal_kind: kind, identity_assurance: assurance });
    expect(String(event?.principal_id)).toMatch(id);
  });

  it('are taken at their word where nobody needs a credential, and the log says so', async () => {
    service = await startService();
    expect((await service.post('/v1/authorize', authorizeBody())).status).toBe(200);
    expect(service.events().at(-1)).toMatchObject({
      principal_id: 'anonymous',
      principal_kind: 'anonymous',
      identity_assurance: 'asserted',
    });
  });

  it.each([
    ['a wrong key', () => ({ 'x-api-key': 'visibly-fake-wrong' })],
    ['a key and a different bearer', () => ({ 'x-api-key': GATEWAY_KEY, ...bearer('other') })],
    ['an expired token', async () => bearer(await token({ exp: 1 }))],
    ["another audience's token", async () => bearer(await token({ aud: 'other' }))],
    ['an unsigned token', () => bearer('eyJhbGciOiJub25lIn0.e30.')],
    ['another scheme', () => ({ authorization: 'Basic dTpw' })],
  ])('are refused with %s even where none is needed', async (_what, headers) => {
    service = await startService({ variables: jwtVariables() });
    const answer = await service.post('/v1/authorize', authorizeBody(), await headers());
    expect(answer).toMatchObject({ status: 401, body: { detail: 'unauthorized' } });
    expect(service.events().at(-1)).toMatchObject({ event_type: 'api_auth_failure', allowed: false });
  });

  it.each([
    ['another user', { user_id: 'u-2' }],
    ['another tenant', { tenant_id: 'tenant-b', tool_call: { target: 'tenant-b' } }],
    ['another role', { role: 'admin' }],
  ])('with a token are refused as %s', async (_what, claim) => {
    service = await startApprovalService({ variables: jwtVariables() });
    const body = { ...authorizeBody({}, { user_id: 'u-1' }), ...claim };
    const tool_call = (body as { tool_call: object }).tool_call;
    const answer = await service.post(
      '/v1/authorize',
      { ...body, tool_call: { ...(authorizeBody().tool_call as object), ...tool_call } },
      bearer(await token()),
    );
    expect(answer).toMatchObject({ status: 403, body: { detail: 'identity_mismatch' } });
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'api_forbidden',
      policy_reason: 'identity_mismatch',
    });
  });

  it('need the scope of the endpoint', async () => {
    service = await startApprovalService({ variables: jwtVariables() });
    const narrow = bearer(await token({ scope: 'filter' }));
    const answer = await service.post('/v1/authorize', authorizeBody({}, { user_id: 'u-1' }), narrow);
    expect(answer).toMatchObject({ status: 403, body: { detail: 'insufficient_scope' } });
    expect((await service.post('/v1/filter', { text: 'x' }, narrow)).status).toBe(200);
  });

  it('may approve by token if human, separate and of the tenant, and not otherwise', async () => {
    service = await startApprovalService({ variables: jwtVariables() });
    const asked = await propose(service);
    const url = `/v1/approvals/${(asked.body.approval as { approval_id: string }).approval_id}/approve`;
    const approver = { acp_kind: 'human', roles: ['approver'], scope: 'approve', sub: 'erin' };
    const attempts: [Record<string, unknown>, number][] = [
      [{ ...approver, acp_kind: 'service' }, 403],
      [{ ...approver, acp_kind: undefined }, 403],
      [{ ...approver, tenant: 'tenant-b' }, 404],
      [{ ...approver, roles: ['user'] }, 404],
      [{ ...approver, sub: 'u-1' }, 403],
      [{ ...approver, sub: 'carol' }, 403],
      [{ ...approver, sub: 'support-bot' }, 403],
      [approver, 200],
    ];
    for (const [claims, status] of attempts) {
      const answer = await service.post(url, { reason: 'fine' }, bearer(await token(claims)));
      expect(answer.status, JSON.stringify(claims)).toBe(status);
    }
  });

  it.each([
    ['as it is called by default', {}, 'acp_owner'],
    ['under another name', { ACP_JWT_OWNER_CLAIM: 'answerable' }, 'answerable'],
  ])('may not approve what an agent asked whose token names them as owner, %s', async (_how, more, claim) => {
    service = await startApprovalService({ variables: { ...jwtVariables(), ...more } });
    const agent = bearer(await token({ acp_kind: 'agent', [claim]: 'carol' }));
    const asked = await service.post('/v1/authorize', authorizeBody(EMAIL_CALL, { user_id: 'u-1' }), agent);
    expect(asked.body).toMatchObject({ effect: 'step_up' });
    const url = `/v1/approvals/${(asked.body.approval as { approval_id: string }).approval_id}/approve`;
    const approver = { acp_kind: 'human', roles: ['approver'], scope: 'approve' };
    const byOwnToken = bearer(await token({ ...approver, sub: 'Carol' }));
    for (const headers of [byOwnToken, headersOf('carol')]) {
      const refused = await service.post(url, { reason: 'mine' }, headers);
      expect(refused).toMatchObject({ status: 403, body: { detail: 'separation_of_duties' } });
    }
    const other = bearer(await token({ ...approver, sub: 'erin' }));
    expect((await service.post(url, { reason: 'fine' }, other)).status).toBe(200);
  });

  it('have their keys replaced by a reload, all at once or not at all', async () => {
    const principals = join(directory, 'principals.yaml');
    const write = (key: string) =>
      writeFileSync(
        principals,
        `principals: [{id: bot, kind: service, key_sha256: ${keyDigest(key)}, users: "*",
          grants: [{tenant: "*", roles: [user]}], scopes: [authorize]}]`,
      );
    write('visibly-fake-old');
    service = await startService({
      variables: { ACP_REQUIRE_API_AUTH: 'true', ACP_PRINCIPALS_FILE: principals },
    });
    const statusWith = async (key: string) =>
      (await service.post('/v1/authorize', authorizeBody(), { 'x-api-key': key })).status;
    write('visibly-fake-new');
    expect([await statusWith('visibly-fake-old'), await statusWith('visibly-fake-new')]).toEqual([200, 401]);
    await service.composition.reload();
    expect([await statusWith('visibly-fake-old'), await statusWith('visibly-fake-new')]).toEqual([401, 200]);
    writeFileSync(principals, 'principals: [{id: bot}]');
    await service.composition.reload();
    expect(await statusWith('visibly-fake-new')).toBe(200);
  });

  it('have the key set file read anew by a reload, together with the keys or not at all', async () => {
    const jwksFile = join(directory, 'jwks-reloaded.json');
    const keysFile = join(directory, 'keys-reloaded.txt');
    const jwk = { ...(await exportJWK(signingKey.publicKey)), kid: 'k-1', alg: 'EdDSA' };
    const write = (...keys: object[]) => writeFileSync(jwksFile, JSON.stringify({ keys }));
    write(jwk);
    writeFileSync(keysFile, 'visibly-fake-old-gateway-key\n');
    service = await startService({
      variables: { ...jwtVariables(), ACP_JWKS_FILE: jwksFile, ACP_ALLOWED_API_KEYS_FILE: keysFile },
    });
    const body = authorizeBody({}, { user_id: 'u-1' });
    const statusesOf = async () => [
      (await service.post('/v1/authorize', body, bearer(await token()))).status,
      (await service.post('/v1/authorize', body, { 'x-api-key': 'visibly-fake-old-gateway-key' })).status,
    ];
    expect(await statusesOf()).toEqual([200, 200]);

    writeFileSync(keysFile, 'visibly-fake-new-gateway-key\n');
    writeFileSync(jwksFile, 'no key set');
    await service.composition.reload();
    expect(await statusesOf()).toEqual([200, 200]);

    write();
    await service.composition.reload();
    expect(await statusesOf()).toEqual([401, 401]);
  });

  it('cannot keep a removed provenance key in force by a fault in their own files', async () => {
    const provenanceKey = join(directory, 'provenance.key');
    const principals = join(directory, 'principals-broken.yaml');
    writeFileSync(provenanceKey, 'visibly-fake-old-provenance-key-0000');
    writeFileSync(principals, 'principals: []');
    const oldKey = createSecretKey(Buffer.from('visibly-fake-old-provenance-key-0000'));
    const adapter = createSimulatedAdapter({ sign: (claim) => signProvenance(claim, oldKey) });
    service = await startService({
      variables: {
        ACP_ENABLE_STRICT_PROVENANCE: 'true',
        ACP_PROVENANCE_HMAC_KEY_FILE: provenanceKey,
        ACP_PRINCIPALS_FILE: principals,
      },
      overrides: { adapter },
    });
    const reason = async () =>
      (await service.post('/run', runBody({ scenario: 'strict_signed_read' }))).body.reason;
    expect(await reason()).toBe('explicit_allow_after_policy_checks');

    writeFileSync(provenanceKey, '');
    await service.composition.reload();
    expect(await reason()).toBe('explicit_allow_after_policy_checks');

    writeFileSync(provenanceKey, 'visibly-fake-new-provenance-key-0000');
    writeFileSync(principals, 'principals: [{id: bot}]');
    await service.composition.reload();
    expect(await reason()).toBe('provenance_signature_invalid');
  });
});
