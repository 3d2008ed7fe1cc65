import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryRateLimitStore } from '../../src/http/plugins/rate-limit-store.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestAnswer, type TestService } from '../helpers/service.js';
import { sharedDirectory } from '../helpers/temporary-directory.js';

const LIMIT = 3;
const GATEWAY_KEY = 'fake-gateway-key-for-tests-000000';
const KEYS = { first: 'fake-key-of-the-first-agent-0000', second: 'fake-key-of-the-second-agent-000' };

function principalsFile(): string {
  const entries = Object.entries(KEYS).map(
    ([id, key]) => `
  - id: ${id}
    kind: agent
    owner: somebody
    key_sha256: ${createHash('sha256').update(key).digest('hex')}
    users: '*'
    grants: [{ tenant: tenant-a, roles: [user] }]
    scopes: [run, authorize, filter]`,
  );
  const path = join(sharedDirectory(), 'principals.yaml');
  writeFileSync(path, `principals:${entries.join('')}\n`);
  return path;
}

describe('the rate limit', () => {
  let service: TestService;
  const clock = { time: 1_700_000_000_000, now: () => clock.time };
  afterEach(() => service.close());

  const start = async (variables: Record<string, string> = {}): Promise<void> => {
    service = await startService({
      variables: { ACP_RATE_LIMIT_PER_MINUTE: String(LIMIT), ...variables },
      app: { rateLimitStore: memoryRateLimitStore(clock) },
    });
  };
  const startWithKeys = (): Promise<void> =>
    start({ ACP_REQUIRE_API_AUTH: 'true', ACP_API_KEY: GATEWAY_KEY, ACP_PRINCIPALS_FILE: principalsFile() });
  const asCaller = (key: string, fields: object = {}): Promise<TestAnswer> =>
    service.post('/v1/authorize', authorizeBody({}, fields), { 'x-api-key': key });
  const statuses = async (count: number, send: () => Promise<TestAnswer>): Promise<number[]> => {
    const all: number[] = [];
    for (let index = 0; index < count; index += 1) all.push((await send()).status);
    return all;
  };

  it('answers 429 with the time to wait beyond so many a minute, and serves again after it', async () => {
    await start();
    expect(await statuses(LIMIT, () => service.post('/run', runBody()))).toEqual([200, 200, 200]);
    clock.time += 20_000;
    const { status, body, headers } = await service.post('/run', runBody());
    expect({ status, body, after: headers['retry-after'] }).toEqual({
      status: 429,
      body: { detail: 'rate_limited' },
      after: '40',
    });
    clock.time += 40_000;
    expect((await service.post('/run', runBody())).status).toBe(200);
  });

  it('decides nothing and records nothing for a request beyond it', async () => {
    await start();
    await statuses(LIMIT + 5, () => service.post('/run', runBody()));
    expect(service.events()).toHaveLength(LIMIT);
  });

  it('counts each principal for itself', async () => {
    await startWithKeys();
    expect(await statuses(LIMIT + 1, () => asCaller(KEYS.first))).toEqual([200, 200, 200, 429]);
    expect(await statuses(LIMIT + 1, () => asCaller(KEYS.second))).toEqual([200, 200, 200, 429]);
  });

  it('counts a caller that acts for several tenants by tenant, so that none uses up the others', async () => {
    await startWithKeys();
    const forTenant = (tenant: string) => () =>
      service.post(
        '/v1/authorize',
        { ...authorizeBody({ target: tenant }), tenant_id: tenant },
        { 'x-api-key': GATEWAY_KEY },
      );
    expect(await statuses(LIMIT + 1, forTenant('tenant-a'))).toEqual([200, 200, 200, 429]);
    expect(await statuses(LIMIT + 1, forTenant('tenant-b'))).toEqual([200, 200, 200, 429]);
  });

  it('gives a caller no count of its own for a tenant that is not its own', async () => {
    await startWithKeys();
    let tenant = 0;
    const outside = () => asCaller(KEYS.first, { tenant_id: `other-${(tenant += 1)}` });
    expect(await statuses(LIMIT + 1, outside)).toEqual([403, 403, 403, 429]);
  });

  it('stops an address that guesses at keys before its next guess is looked at', async () => {
    await startWithKeys();
    let guess = 0;
    const guessing = () => asCaller(`fake-guess-${(guess += 1)}`);
    expect(await statuses(LIMIT + 2, guessing)).toEqual([401, 401, 401, 429, 429]);
    const { status, headers } = await asCaller(KEYS.first);
    expect({ status, after: headers['retry-after'] }).toEqual({ status: 429, after: '60' });
  });

  it('lets callers with good keys share an address', async () => {
    await startWithKeys();
    const all = await statuses(LIMIT, async () => {
      await asCaller(KEYS.first);
      return asCaller(KEYS.second);
    });
    expect(all).toEqual([200, 200, 200]);
  });

  it('does not limit who asks whether the service lives', async () => {
    await start();
    for (const path of ['/health', '/livez', '/readyz'])
      expect(new Set(await statuses(LIMIT * 3, () => service.get(path)))).toEqual(new Set([200]));
  });

  it('counts requests whose body is refused too', async () => {
    await start();
    expect(await statuses(LIMIT + 1, () => service.post('/run', {}))).toEqual([422, 422, 422, 429]);
  });
});

describe('the store of the rate limit', () => {
  it('forgets the oldest callers beyond its bound', () => {
    const Store = memoryRateLimitStore({ now: () => 0 }, 2);
    const store = new Store({});
    const countOf = (key: string): number => {
      let current = 0;
      store.incr(key, (_error, result) => (current = result?.current ?? 0), 60_000, 10);
      return current;
    };
    expect(['a', 'b', 'a', 'c', 'a'].map(countOf)).toEqual([1, 1, 2, 1, 1]);
  });
});
