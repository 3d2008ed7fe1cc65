import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headersOf, propose, startApprovalService } from '../helpers/approval-service.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';

const KEY = 'fake-gateway-key-for-tests-000000';

describe('a service with authentication', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ variables: { ACP_REQUIRE_API_AUTH: 'true', ACP_API_KEY: KEY } });
  });
  afterAll(() => service.close());

  it.each([['/run'], ['/v1/authorize'], ['/v1/filter']])(
    'answers 401 to %s without a key, before the body',
    async (url) => {
      const { status, body } = await service.post(url, 'not even an object');
      expect({ status, body }).toEqual({ status: 401, body: { detail: 'unauthorized' } });
    },
  );

  it.each([
    ['a wrong key', { 'x-api-key': 'wrong' }],
    ['an empty key', { 'x-api-key': '' }],
    ['a key with a blank', { 'x-api-key': `${KEY} x` }],
    ['two different credentials', { 'x-api-key': KEY, authorization: 'Bearer wrong' }],
    ['another scheme', { authorization: `Basic ${KEY}` }],
  ])('answers 401 to %s', async (_name, headers) => {
    expect((await service.post('/run', runBody(), headers)).status).toBe(401);
  });

  it('accepts the key in either header, and records a delegated caller', async () => {
    for (const headers of [
      { 'x-api-key': KEY },
      { authorization: `Bearer ${KEY}` },
      { authorization: `bearer ${KEY}` },
    ]) {
      expect((await service.post('/run', runBody(), headers)).status).toBe(200);
    }
    expect(service.events().at(-1)).toMatchObject({
      principal_kind: 'gateway',
      identity_assurance: 'delegated',
    });
  });

  it('answers health without a key, and 404, 405 and preflights before authentication', async () => {
    expect((await service.get('/health')).status).toBe(200);
    expect((await service.get('/livez')).status).toBe(200);
    expect((await service.get('/readyz')).status).toBe(200);
    expect((await service.get('/nowhere')).status).toBe(404);
    expect((await service.app.inject({ method: 'PUT', url: '/run' })).statusCode).toBe(405);
    const preflight = await service.app.inject({
      method: 'OPTIONS',
      url: '/run',
      headers: { origin: 'http://127.0.0.1:8080', 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(204);
  });

  it("refuses a gateway what is not a gateway's: the policy and approvals", async () => {
    for (const url of ['/v1/policy', '/v1/approvals']) {
      const { status, body } = await service.get(url, { 'x-api-key': KEY });
      expect({ status, body }).toEqual({ status: 403, body: { detail: 'insufficient_scope' } });
    }
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'api_forbidden',
      stage: 'api_auth',
      policy_reason: 'insufficient_scope',
      allowed: false,
      policy_decision: 'deny',
      principal_kind: 'gateway',
    });
  });
});

describe('authentication failures', () => {
  it('are recorded without the key, first at once and then as a count', async () => {
    const service = await startService({ variables: { ACP_REQUIRE_API_AUTH: 'true', ACP_API_KEY: KEY } });
    const secret = 'fake-but-somebodys-mistyped-key';
    for (let count = 0; count < 50; count += 1) await service.post('/run', {}, { 'x-api-key': secret });
    expect(service.events()).toHaveLength(1);
    await service.composition.plane.close();
    const events = service.events();
    expect(events.map(({ event_type }) => event_type)).toEqual(['api_auth_failure', 'api_auth_failure']);
    expect(events.map(({ count }) => count)).toEqual([1, 49]);
    expect(events[0]).toMatchObject({
      policy_reason: 'unauthorized',
      stage: 'api_auth',
      request_id: 'api-unauthenticated',
      correlation_id: 'api-unauthenticated',
      user_id: 'unknown',
    });
    expect(JSON.stringify(events)).not.toContain(secret);
    await service.close();
  });
});

describe('refusals of known callers', () => {
  it('are counted for each caller and tenant apart', async () => {
    const service = await startApprovalService();
    const probe = (tenant_id: string) => propose(service, { tenant_id });
    await service.post('/run', {}, headersOf('alice'));
    for (let count = 0; count < 5; count += 1) await service.get('/v1/policy', headersOf('support-bot'));
    await service.post('/run', {}, headersOf('auditor'));
    for (const tenant of ['tenant-x', 'tenant-y', 'tenant-z']) await probe(tenant);
    await service.composition.plane.close();
    const refusals = service
      .events()
      .map(({ principal_id, tenant_id, count }) => [principal_id, tenant_id, count]);
    expect(refusals).toEqual([
      ['alice', 'unknown', 1],
      ['support-bot', 'unknown', 1],
      ['auditor', 'unknown', 1],
      ['support-bot', 'tenant-x', 1],
      ['support-bot', 'tenant-y', 1],
      ['support-bot', 'tenant-z', 1],
      ['support-bot', 'unknown', 4],
    ]);
    await service.close();
  });
});

describe('a service without authentication', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());

  it('refuses a wrong key even though none is needed', async () => {
    expect((await service.post('/run', runBody(), { 'x-api-key': 'wrong' })).status).toBe(401);
  });

  it('serves only the hosts it knows, so that a rebound name cannot reach it', async () => {
    for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'LOCALHOST']) {
      expect((await service.get('/health', { host })).status).toBe(200);
    }
    for (const host of [
      'attacker.example.invalid',
      'localhost.example.invalid',
      '127.0.0.1.example.invalid',
    ]) {
      const { status, body } = await service.get('/health', { host });
      expect({ status, body }).toEqual({ status: 403, body: { detail: 'host_not_allowed' } });
    }
  });

  it('lets only listed origins read its answers', async () => {
    const listed = await service.get('/health', { origin: 'http://127.0.0.1:8080' });
    expect(listed.headers).toMatchObject({
      'access-control-allow-origin': 'http://127.0.0.1:8080',
      'access-control-expose-headers': 'X-Correlation-ID, Retry-After',
      vary: 'Origin',
    });
    const other = await service.get('/health', { origin: 'https://attacker.example.invalid' });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    expect(other.headers['vary']).toBe('Origin');
    const none = await service.get('/health');
    expect(none.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers preflights of listed origins with what they may send, and of others with nothing', async () => {
    const preflight = (origin: string) =>
      service.app.inject({
        method: 'OPTIONS',
        url: '/run',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-api-key',
        },
      });
    const listed = await preflight('http://127.0.0.1:8080');
    expect(listed.statusCode).toBe(204);
    expect(listed.headers).toMatchObject({
      'access-control-allow-origin': 'http://127.0.0.1:8080',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Content-Type, X-API-Key, Authorization, X-Correlation-ID',
    });
    const other = await preflight('https://attacker.example.invalid');
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('shows the policy in force', async () => {
    const { status, body } = await service.get('/v1/policy');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      policy_sha256: 'a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d',
      source: 'default.yaml',
    });
  });

  it('asks for a credential at the approval endpoints in every mode', async () => {
    expect((await service.get('/v1/approvals')).status).toBe(401);
    expect((await service.get('/v1/approvals/some-id')).status).toBe(401);
    expect((await service.post('/v1/approvals/some-id/approve', { reason: 'x' })).status).toBe(401);
  });

  it('describes itself: every endpoint, offline', async () => {
    const { body } = await service.get('/openapi.json');
    expect(body['openapi']).toBe('3.1.0');
    expect(Object.keys(body['paths'] as object).sort()).toEqual([
      '/health',
      '/livez',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/run',
      '/v1/approvals',
      '/v1/approvals/{approval_id}',
      '/v1/approvals/{approval_id}/approve',
      '/v1/approvals/{approval_id}/deny',
      '/v1/approvals/{approval_id}/revoke',
      '/v1/authorize',
      '/v1/filter',
      '/v1/policy',
    ]);
    const page = await service.get('/docs/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('swagger-ui');
    for (const outside of ['src="http', 'href="http', 'src="//', 'href="//'])
      expect(page.text).not.toContain(outside);
  });
});

describe('what is sent twice, or in another form than it is read', () => {
  let service: TestService;
  let port: number;
  beforeAll(async () => {
    service = await startService({ variables: { ACP_API_KEY: KEY } });
    port = Number(new URL(await service.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => service.close());

  const body = JSON.stringify(runBody());
  /** The status of a request whose headers no client library would send. */
  const statusOf = (...headers: string[]): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        const lines = [
          'POST /run HTTP/1.1',
          ...headers,
          `content-length: ${body.length}`,
          'connection: close',
          '',
          body,
        ];
        socket.write(lines.join('\r\n'));
      });
      socket.once('data', (data) => {
        socket.destroy();
        resolve(Number(data.toString().split(' ')[1]));
      });
      socket.on('error', reject);
    });

  const json = 'content-type: application/json';
  it.each<[string, number, ...string[]]>([
    ['one of each', 200, 'host: localhost', json, `authorization: Bearer ${KEY}`],
    [
      'a second authorization that is no good',
      401,
      'host: localhost',
      json,
      `authorization: Bearer ${KEY}`,
      'authorization: Bearer x',
    ],
    [
      'the same authorization twice',
      401,
      'host: localhost',
      json,
      `authorization: Bearer ${KEY}`,
      `authorization: Bearer ${KEY}`,
    ],
    ['a second host', 403, 'host: localhost', 'host: attacker.example.invalid', json],
    ['a second media type', 415, 'host: localhost', json, 'content-type: text/plain'],
    ['another character set', 415, 'host: localhost', `${json}; charset=utf-16le`],
    ['the character set it is read in', 200, 'host: localhost', `${json}; charset=UTF-8`],
    ['a compressed body', 415, 'host: localhost', json, 'content-encoding: gzip'],
  ])('answers to %s: %i', async (_name, status, ...headers) => {
    expect(await statusOf(...headers)).toBe(status);
  });

  it('answers 404 to a path that cannot be read', async () => {
    for (const url of ['/v1/approvals/%ff', `/v1/approvals/${'x'.repeat(200)}`]) {
      expect((await service.get(url)).body).toEqual({ detail: 'not_found' });
    }
  });

  it('has no fault of its own for a method that it does not know', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/run`, { method: 'QUERY' });
    expect(response.status).toBeLessThan(500);
  });

  it('repeats the correlation id in a refusal', async () => {
    const { headers } = await service.post('/run', [], { 'x-correlation-id': 'corr-9' });
    expect(headers['x-correlation-id']).toBe('corr-9');
  });
});

describe('a service with documents and the vulnerable path switched off', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({
      variables: { ACP_ENABLE_API_DOCS: 'false', ACP_ENABLE_VULNERABLE_PATH: 'false' },
    });
  });
  afterAll(() => service.close());

  it('has no documents', async () => {
    expect((await service.get('/openapi.json')).status).toBe(404);
    expect((await service.get('/docs')).status).toBe(404);
  });

  it('refuses the vulnerable path, on record', async () => {
    const { status, body } = await service.post('/run', runBody({ path: 'vulnerable' }));
    expect({ status, body }).toEqual({ status: 403, body: { detail: 'path_not_permitted' } });
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'api_forbidden',
      policy_reason: 'path_not_permitted',
      request_id: 'req-1',
      user_id: 'user-1',
      tenant_id: 'tenant-a',
    });
  });
});

describe('a service without an agent', () => {
  it('answers 503 and records that the adapter failed; decisions need no agent', async () => {
    const service = await startService({ variables: { ACP_LLM_ADAPTER_MODE: 'disabled_external' } });
    const { status, body } = await service.post('/run', runBody());
    expect({ status, body }).toEqual({ status: 503, body: { detail: 'llm_adapter_unavailable' } });
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'adapter_failure',
      stage: 'llm_adapter',
      policy_reason: 'llm_adapter_unavailable',
      allowed: false,
      policy_decision: 'deny',
    });
    expect((await service.post('/v1/authorize', authorizeBody())).body['allowed']).toBe(true);
    await service.close();
  });
});
