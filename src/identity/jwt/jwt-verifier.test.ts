import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { parseJwks } from './jwks.js';
import { createJwtVerifier } from './jwt-verifier.js';
import { createRemoteJwks } from './remote-jwks.js';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');
const SECONDS = NOW / 1_000;
const ISSUER = 'https://issuer.example.invalid';
const AUDIENCE = 'acp-test';
const CLAIMS = { tenant: 'tenant', roles: 'roles', kind: 'acp_kind', scope: 'scope', owner: 'acp_owner' };

const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function jwkOf(key: KeyObject, kid: string, change: Partial<JWK> = {}): Promise<JWK> {
  return { ...(await exportJWK(key)), kid, use: 'sig', ...change };
}

const goodClaims = {
  sub: 'alice',
  iss: ISSUER,
  aud: AUDIENCE,
  iat: SECONDS,
  exp: SECONDS + 60,
  tenant: 'tenant-a',
  roles: ['user', 'approver'],
  acp_kind: 'human',
  scope: 'run approve',
};

interface TokenParts {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyObject;
}

function tokenOf({
  claims = {},
  header = {},
  key = signingKey.privateKey,
}: TokenParts = {}): Promise<string> {
  const all: Record<string, unknown> = { ...goodClaims, ...claims };
  return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg: 'ES256', kid: 'k-1', ...header })
    .sign(key);
}

function verifierOf(text: string, clock = { now: () => NOW }) {
  return createJwtVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: parseJwks(text),
    clock,
    claims: CLAIMS,
  });
}

const jwksText = JSON.stringify({
  keys: [
    await jwkOf(signingKey.publicKey, 'k-1'),
    await jwkOf(rsaKey.publicKey, 'k-rsa'),
    {
      kty: 'oct',
      kid: 'k-secret',
      k: Buffer.from('visibly fake secret of thirty-two').toString('base64url'),
    },
    await jwkOf(otherKey.privateKey, 'k-private'),
  ],
});

describe('createJwtVerifier', () => {
  const verifier = verifierOf(jwksText);

  it('establishes the principal that a good token names', async () => {
    expect(await verifier.verify(await tokenOf())).toEqual({
      id: 'jwt:alice',
      kind: 'human',
      assurance: 'verified',
      users: ['alice'],
      grants: [{ tenant: 'tenant-a', roles: ['user', 'approver'] }],
      scopes: new Set(['run', 'approve']),
      owner: null,
      subject: 'alice',
    });
  });

  it.each([
    ['expired within tolerance', { exp: SECONDS - 29 }],
    ['not yet valid within tolerance', { nbf: SECONDS + 30 }],
    ['for several audiences, this among them', { aud: ['other', AUDIENCE] }],
    ['without a tenant', { tenant: undefined }],
  ])('accepts a token %s', async (_what, claims) => {
    expect(await verifier.verify(await tokenOf({ claims }))).not.toBeNull();
  });

  const bad: [string, TokenParts][] = [
    ['expired', { claims: { exp: SECONDS - 30 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['whose end is no number', { claims: { exp: 'never' } }],
    ['not yet valid', { claims: { nbf: SECONDS + 31 } }],
    ['of another issuer', { claims: { iss: 'https://other.example.invalid' } }],
    ['of no issuer', { claims: { iss: undefined } }],
    ['for another audience', { claims: { aud: 'other' } }],
    ['for no audience', { claims: { aud: undefined } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['for everybody', { claims: { sub: '*' } }],
    ['whose subject is no identifier', { claims: { sub: 'a\u0000b' } }],
    ['whose subject is empty', { claims: { sub: '' } }],
    ['with an unknown key id', { header: { kid: 'k-9' } }],
    ['signed with another key', { key: otherKey.privateKey }],
    [
      'signed with a key that the set holds in private',
      { header: { kid: 'k-private' }, key: otherKey.privateKey },
    ],
    ['with the key id of a key of another kind', { header: { kid: 'k-rsa' } }],
    ['with an extension that is not understood', { header: { crit: ['x'], x: 1 } }],
  ];
  it.each(bad)('refuses a token %s', async (_what, parts) => {
    const token = await tokenOf(parts).catch(async () => forgedHeader(await tokenOf(), parts.header ?? {}));
    expect(await verifier.verify(token)).toBeNull();
  });

  function forgedHeader(token: string, header: Record<string, unknown>): string {
    const [first = '', ...rest] = token.split('.');
    const original = JSON.parse(Buffer.from(first, 'base64url').toString()) as Record<string, unknown>;
    const altered = Buffer.from(JSON.stringify({ ...original, ...header })).toString('base64url');
    return [altered, ...rest].join('.');
  }

  it('refuses a token without a signature', async () => {
    expect(await verifier.verify(new UnsecuredJWT(goodClaims).encode())).toBeNull();
  });

  it('refuses a MAC under a public key, or under a symmetric key of the set', async () => {
    const secrets: [string, string | Buffer][] = [
      ['k-rsa', rsaKey.publicKey.export({ type: 'spki', format: 'pem' })],
      ['k-1', signingKey.publicKey.export({ type: 'spki', format: 'der' })],
      ['k-secret', 'visibly fake secret of thirty-two'],
    ];
    for (const [kid, secret] of secrets) {
      const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid })).toString('base64url');
      const body = Buffer.from(JSON.stringify(goodClaims)).toString('base64url');
      const mac = createHmac('sha256', secret).update(`${header}.${body}`).digest('base64url');
      expect(await verifier.verify(`${header}.${body}.${mac}`)).toBeNull();
    }
  });

  it.each([[''], ['a.b.c'], ['a'], ['....'], ['e30.e30.']])('refuses %j', async (token) => {
    expect(await verifier.verify(token)).toBeNull();
  });

  it.each([
    ['human', 'human', true],
    ['agent', 'agent', false],
    ['service', 'service', false],
    ['gateway', 'service', false],
    ['anonymous', 'service', false],
    ['Human', 'service', false],
    [['human'], 'service', false],
    [undefined, 'service', false],
  ])('takes the kind %j for %s, which may approve: %s', async (acp_kind, kind, mayApprove) => {
    const principal = await verifier.verify(await tokenOf({ claims: { acp_kind } }));
    expect(principal?.kind).toBe(kind);
    expect(principal?.scopes.has('approve')).toBe(mayApprove);
  });

  it.each([
    ['*', []],
    [['tenant-a'], []],
    ['', []],
    [' tenant-a', []],
    ['tenant-a', [{ tenant: 'tenant-a', roles: ['user', 'approver'] }]],
  ])('takes the tenant %j for the grants %j', async (tenant, grants) => {
    const principal = await verifier.verify(await tokenOf({ claims: { tenant } }));
    expect(principal?.grants).toEqual(grants);
  });

  it.each([
    ['user admin', ['user', 'admin']],
    [['user', '*', 7, null], ['user']],
    ['*', []],
    [{ user: true }, []],
    [undefined, []],
  ])('takes the roles %j for %j', async (roles, expected) => {
    const principal = await verifier.verify(await tokenOf({ claims: { roles } }));
    expect(principal?.grants[0]?.roles).toEqual(expected);
  });

  it.each([
    ['carol', 'carol'],
    [undefined, null],
    [null, null],
  ])('takes the owner %j for %j, whatever the kind', async (acp_owner, owner) => {
    for (const acp_kind of ['agent', 'service', 'human', undefined]) {
      const principal = await verifier.verify(await tokenOf({ claims: { acp_kind, acp_owner } }));
      expect(principal?.owner).toBe(owner);
    }
  });

  it.each([[''], ['*'], [7], [['carol']], [{ sub: 'carol' }], ['a\u0000b']])(
    'refuses a token whose owner is stated as %j, since nobody could be kept apart by it',
    async (acp_owner) => {
      expect(await verifier.verify(await tokenOf({ claims: { acp_owner } }))).toBeNull();
    },
  );

  it('takes known scopes and leaves out the rest', async () => {
    const principal = await verifier.verify(
      await tokenOf({ claims: { scope: ['run', 'root', 7, 'metrics'] } }),
    );
    expect(principal?.scopes).toEqual(new Set(['run', 'metrics']));
  });
});

describe('parseJwks', () => {
  it.each([[''], ['null'], ['{}'], ['{"keys": {}}'], ['{"keys": [{}]}'], ['[]']])('refuses %j', (text) => {
    expect(() => parseJwks(text)).toThrow('not a JSON Web Key Set');
  });
});

describe('createRemoteJwks', () => {
  let server: Server;
  let url: string;
  let requests: number;
  let answer: { status: number; body: string; hang?: boolean };
  let clock: { time: number; now(): number };

  beforeEach(async () => {
    requests = 0;
    answer = { status: 200, body: JSON.stringify({ keys: [await jwkOf(signingKey.publicKey, 'k-1')] }) };
    clock = {
      time: NOW,
      now() {
        return this.time;
      },
    };
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(answer.status, answer.status === 302 ? { location: '/' } : {}).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `http://127.0.0.1:${address.port}/jwks`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function remoteVerifier(onFault?: (error: unknown) => void) {
    return createJwtVerifier({
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: createRemoteJwks({ url, clock, ...(onFault === undefined ? {} : { onFault }) }),
      clock,
      claims: CLAIMS,
    });
  }
  /** A token that outlives everything these tests do with the clock. */
  const lasting = (parts: TokenParts = {}) => tokenOf({ ...parts, claims: { exp: SECONDS + 86_400 } });

  it('fetches once for any number of tokens, and again after five minutes', async () => {
    const verifier = remoteVerifier();
    const token = await lasting();
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    clock.time += 5 * 60_000 - 1;
    expect(await verifier.verify(token)).not.toBeNull();
    expect(requests).toBe(1);
    clock.time += 1;
    expect(await verifier.verify(token)).not.toBeNull();
    expect(requests).toBe(2);
  });

  it('fetches for an unknown key id, but not again and again', async () => {
    const verifier = remoteVerifier();
    expect(await verifier.verify(await lasting())).not.toBeNull();
    const rotated = await lasting({ header: { kid: 'k-2' }, key: otherKey.privateKey });
    answer.body = JSON.stringify({ keys: [await jwkOf(otherKey.publicKey, 'k-2')] });
    for (let index = 0; index < 10; index += 1) expect(await verifier.verify(rotated)).toBeNull();
    expect(requests).toBe(1);
    clock.time += 30_000;
    expect(await verifier.verify(rotated)).not.toBeNull();
    expect(await verifier.verify(await lasting())).toBeNull();
    expect(requests).toBe(2);
  });

  it('serves cached keys for an hour while the issuer is away, then fails closed, then recovers', async () => {
    const faults: unknown[] = [];
    const verifier = remoteVerifier((error) => faults.push(error));
    const token = await lasting();
    expect(await verifier.verify(token)).not.toBeNull();
    answer.status = 500;
    clock.time += 60 * 60_000;
    expect(await verifier.verify(token)).not.toBeNull();
    expect(
      await verifier.verify(await lasting({ header: { kid: 'k-2' }, key: otherKey.privateKey })),
    ).toBeNull();
    expect(faults).toHaveLength(1);
    clock.time += 1;
    expect(await verifier.verify(token)).toBeNull();
    answer.status = 200;
    clock.time += 30_000;
    expect(await verifier.verify(token)).not.toBeNull();
  });

  it.each([
    ['nothing but an error', () => (answer.status = 503)],
    ['a redirection', () => (answer.status = 302)],
    ['something else', () => (answer.body = '<html>')],
    ['too much', () => (answer.body = JSON.stringify({ keys: [], padding: 'x'.repeat(300_000) }))],
    ['too many keys', () => (answer.body = JSON.stringify({ keys: Array(101).fill({ kty: 'EC' }) }))],
  ])('verifies nothing where it is answered with %s', async (_what, spoil) => {
    spoil();
    const faults: unknown[] = [];
    expect(await remoteVerifier((error) => faults.push(error)).verify(await lasting())).toBeNull();
    expect(faults).toHaveLength(1);
  });

  it('verifies nothing where nobody answers', async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(await remoteVerifier().verify(await lasting())).toBeNull();
  });

  it.each([['http://issuer.example.invalid/jwks'], ['file:///etc/jwks.json'], ['nonsense'], ['']])(
    'refuses the URL %j',
    (unsafe) => {
      expect(() => createRemoteJwks({ url: unsafe, clock })).toThrow('jwks_url must be https');
    },
  );
});
