import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';

const LIVE = ['/health', '/livez', '/readyz'];

describe('the headers of every answer', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());

  it.each(['/health', '/nowhere', '/metrics', '/v1/policy', '/v1/approvals', '/openapi.json'])(
    'let a browser do nothing with %s',
    async (path) => {
      const { headers } = await service.get(path);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      // Nothing encrypts a connection to a local or a test process.
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['server']).toBeUndefined();
    },
  );

  it('let the page of documents run its own scripts and styles, and nothing else', async () => {
    const { status, headers } = await service.get('/docs/');
    const policy = String(headers['content-security-policy']);
    expect(status).toBe(200);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).not.toContain('unsafe-eval');
    expect(/script-src[^;]*unsafe-inline/.test(policy)).toBe(false);
    for (const file of ['/docs/static/swagger-ui-bundle.js', '/docs/static/swagger-ui.css'])
      expect((await service.get(file)).status, file).toBe(200);
  });
});

describe('a process that is too busy', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({
      // No process is this small, so that the first sample finds it too busy.
      app: {
        loadLimits: {
          maxEventLoopDelayMilliseconds: 60_000,
          maxHeapBytes: 1,
          maxResidentBytes: 1,
          sampleMilliseconds: 10,
        },
      },
    });
    await vi.waitUntil(async () => (await service.post('/run', runBody())).status !== 200, {
      timeout: 10_000,
    });
  });
  afterAll(() => service.close());

  it('answers 503 overloaded with the time to wait, and decides nothing', async () => {
    const before = service.events().length;
    for (const url of ['/run', '/v1/authorize', '/v1/filter']) {
      const { status, body, headers } = await service.post(url, runBody());
      expect({ status, body, after: headers['retry-after'] }).toEqual({
        status: 503,
        body: { detail: 'overloaded' },
        after: '1',
      });
    }
    expect(service.events()).toHaveLength(before);
  });

  it.each(LIVE)('still answers %s, so that nobody restarts it', async (path) => {
    expect((await service.get(path)).status).toBe(200);
  });

  it('still shows its metrics', async () => {
    expect((await service.get('/metrics')).text).toMatch(
      /acp_error_responses_total\{code="overloaded"\} [1-9]/,
    );
  });
});

describe('a process whose event loop is held up', () => {
  it('turns requests away, and takes them again once it is over', async () => {
    const service = await startService({
      app: {
        loadLimits: {
          maxEventLoopDelayMilliseconds: 500,
          maxHeapBytes: Infinity,
          maxResidentBytes: Infinity,
          sampleMilliseconds: 50,
        },
      },
    });
    expect((await service.post('/run', runBody())).status).toBe(200);
    const end = performance.now() + 2_000;
    while (performance.now() < end);
    const status = async (): Promise<number> => (await service.post('/run', runBody())).status;
    await expect.poll(status, { interval: 1, timeout: 10_000 }).toBe(503);
    await expect.poll(status, { interval: 10, timeout: 10_000 }).toBe(200);
    await service.close();
  });
});
