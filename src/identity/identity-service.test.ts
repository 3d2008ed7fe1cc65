import { describe, expect, it } from 'vitest';
import type { Authentication, Principal } from '../domain/principal.js';
import { createIdentityService, type TokenVerifier } from './identity-service.js';
import { keyDigest } from './key-digest.js';
import { ANONYMOUS } from './well-known-principals.js';

const bot: Principal = {
  id: 'support-bot',
  kind: 'agent',
  assurance: 'verified',
  users: ['u-1'],
  grants: [
    { tenant: 'tenant-a', roles: ['user'] },
    { tenant: 'tenant-b', roles: ['admin'] },
  ],
  scopes: new Set(['run']),
  owner: 'carol',
  subject: null,
};
const GATEWAY_KEY = 'fake-gateway-key';
const BOT_KEY = 'fake-bot-key';
const bearer = (value: string) => `Bearer ${value}`;

function serviceOf(options: { requireAuth?: boolean; jwt?: TokenVerifier } = {}) {
  return createIdentityService({
    requireAuth: options.requireAuth ?? true,
    apiKeys: [GATEWAY_KEY],
    principals: [{ key_sha256: keyDigest(BOT_KEY), principal: bot }],
    jwt: options.jwt ?? null,
  });
}

function principalOf(answer: Authentication | Promise<Authentication>): Principal {
  if (answer instanceof Promise || !answer.ok) throw new Error('expected a principal at once');
  return answer.principal;
}

describe('createIdentityService', () => {
  it('knows a principal by its key in either header, without a promise', () => {
    const service = serviceOf();
    for (const credentials of [
      { api_key: BOT_KEY, authorization: undefined },
      { api_key: undefined, authorization: bearer(BOT_KEY) },
      { api_key: undefined, authorization: `bearer ${BOT_KEY}` },
      { api_key: BOT_KEY, authorization: bearer(BOT_KEY) },
    ]) {
      expect(principalOf(service.authenticate(credentials))).toBe(bot);
    }
  });

  it('knows a gateway by its key, under a stable name that is neither the key nor its digest', () => {
    const [first, second] = [serviceOf(), serviceOf()].map((service) =>
      principalOf(service.authenticate({ api_key: GATEWAY_KEY, authorization: undefined })),
    );
    expect(first).toMatchObject({ kind: 'gateway', assurance: 'delegated', users: '*' });
    expect([...(first?.scopes ?? [])].sort()).toEqual(['authorize', 'filter', 'run']);
    expect(first?.id).toMatch(/^gateway:[0-9a-f]{12}$/);
    expect(first?.id).toBe(second?.id);
    expect(keyDigest(GATEWAY_KEY)).not.toContain(first?.id.slice('gateway:'.length));
  });

  it.each([true, false])('answers no credential according to the mode (required: %s)', (requireAuth) => {
    const answer = serviceOf({ requireAuth }).authenticate({ api_key: undefined, authorization: undefined });
    expect(answer).toEqual(
      requireAuth ? { ok: false, reason: 'unauthorized' } : { ok: true, principal: ANONYMOUS },
    );
  });

  it('lets nobody approve without a credential', () => {
    expect(ANONYMOUS.scopes.has('approve')).toBe(false);
    expect(ANONYMOUS.scopes.has('admin')).toBe(false);
  });

  const wrong: [string, string | undefined, string | undefined][] = [
    ['an unknown key', 'fake-other', undefined],
    ['an unknown bearer', undefined, bearer('fake-other')],
    ['an empty key', '', undefined],
    ['an empty authorization', undefined, ''],
    ['a bearer without a value', undefined, 'Bearer '],
    ['another scheme', undefined, `Basic ${BOT_KEY}`],
    ['a bare key as authorization', undefined, BOT_KEY],
    ['two bearers', undefined, `Bearer ${BOT_KEY}, Bearer ${BOT_KEY}`],
    ['two keys joined by a proxy', `${BOT_KEY}, ${BOT_KEY}`, undefined],
    ['different values, both good', BOT_KEY, bearer(GATEWAY_KEY)],
    ['a good key and a bad bearer', BOT_KEY, bearer('fake-other')],
    ['a bad key and a good bearer', 'fake-other', bearer(BOT_KEY)],
    ['a good key and another scheme', BOT_KEY, `Basic ${BOT_KEY}`],
    ['the digest instead of the key', keyDigest(BOT_KEY), undefined],
    ['an endless key', 'k'.repeat(20_000), undefined],
    ['a key with a blank before it', ` ${BOT_KEY}`, undefined],
    ['a key in another case', BOT_KEY.toUpperCase(), undefined],
  ];
  for (const requireAuth of [true, false]) {
    it.each(wrong)(`refuses %s (required: ${requireAuth})`, (_what, api_key, authorization) => {
      expect(serviceOf({ requireAuth }).authenticate({ api_key, authorization })).toEqual({
        ok: false,
        reason: 'unauthorized',
      });
    });
  }

  it('asks the token verifier only for a bearer that is no key and comes alone', async () => {
    const asked: string[] = [];
    const jwt: TokenVerifier = {
      verify: (token) => {
        asked.push(token);
        return Promise.resolve(token === 'good' ? bot : null);
      },
    };
    const service = serviceOf({ jwt });
    expect(await service.authenticate({ api_key: undefined, authorization: bearer('good') })).toEqual({
      ok: true,
      principal: bot,
    });
    expect(await service.authenticate({ api_key: undefined, authorization: bearer('bad') })).toMatchObject({
      ok: false,
    });
    expect(service.authenticate({ api_key: 'good', authorization: undefined })).toMatchObject({ ok: false });
    expect(service.authenticate({ api_key: 'good', authorization: bearer('good') })).toMatchObject({
      ok: false,
    });
    expect(service.authenticate({ api_key: undefined, authorization: bearer(BOT_KEY) })).toMatchObject({
      ok: true,
    });
    expect(asked).toEqual(['good', 'bad']);
  });

  it('replaces all keys at once, or none', () => {
    const service = serviceOf();
    const withBot = { api_key: BOT_KEY, authorization: undefined };
    expect(() => service.reload({ apiKeys: ['fake-new', 'fake-new'], principals: [] })).toThrow(
      'bound twice',
    );
    expect(service.authenticate(withBot)).toMatchObject({ ok: true });
    service.reload({ apiKeys: ['fake-new'], principals: [] });
    expect(service.authenticate(withBot)).toMatchObject({ ok: false });
    expect(service.authenticate({ api_key: 'fake-new', authorization: undefined })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    [
      'a gateway key that is a principal’s too',
      [BOT_KEY],
      [{ key_sha256: keyDigest(BOT_KEY), principal: bot }],
    ],
    [
      'a key of two principals',
      [],
      [
        { key_sha256: keyDigest(BOT_KEY), principal: bot },
        { key_sha256: keyDigest(BOT_KEY), principal: { ...bot, id: 'other' } },
      ],
    ],
  ])('refuses %s', (_what, apiKeys, principals) => {
    expect(() => createIdentityService({ requireAuth: true, apiKeys, principals })).toThrow('bound twice');
  });

  it('refuses two principals of one id', () => {
    const principals = [BOT_KEY, 'fake-second'].map((key) => ({
      key_sha256: keyDigest(key),
      principal: bot,
    }));
    expect(() => createIdentityService({ requireAuth: true, apiKeys: [], principals })).toThrow(
      'defined twice',
    );
  });
});

describe('holds', () => {
  const gateway = principalOf(serviceOf().authenticate({ api_key: GATEWAY_KEY, authorization: undefined }));
  it.each([
    ['its own user, tenant and role', bot, 'u-1', 'tenant-a', 'user', true],
    ['a role of another grant', bot, 'u-1', 'tenant-a', 'admin', false],
    ['another tenant', bot, 'u-1', 'tenant-c', 'user', false],
    ['another user', bot, 'u-2', 'tenant-a', 'user', false],
    ['the wildcard as a tenant', bot, 'u-1', '*', 'user', false],
    ['the wildcard as a user', bot, '*', 'tenant-a', 'user', false],
    ['the wildcard as a role', bot, 'u-1', 'tenant-a', '*', false],
    ['anything, for a gateway', gateway, 'anyone', 'anywhere', 'admin', true],
    ['anything, for nobody in particular', ANONYMOUS, 'anyone', 'anywhere', 'other', true],
  ])('answers for %s', (_what, principal, user_id, tenant_id, role, expected) => {
    expect(serviceOf().holds(principal, { user_id, tenant_id, role })).toBe(expected);
  });
});
