import { createHmac, generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createApprovalKeyPem,
  generateApprovalKeys,
  parseApprovalKeys,
  type ApprovalKeys,
} from './signing-keys.js';
import { createApprovalTokens, type ApprovalClaims, type ApprovalTokens } from './token.js';

const claims: ApprovalClaims = {
  jti: '00000000-0000-4000-8000-000000000001',
  sub: 'u-1',
  iat: 1_767_323_045,
  exp: 1_767_326_645,
  approver: 'alice',
  tenant: 'tenant-a',
  tool: 'send_email',
  fingerprint: 'f'.repeat(64),
};
const INVALID = { ok: false, reason: 'approval_token_signature_invalid' };
const MALFORMED = { ok: false, reason: 'approval_token_malformed' };

let keys: ApprovalKeys;
let tokens: ApprovalTokens;
let token: string;

beforeAll(async () => {
  keys = await generateApprovalKeys();
  tokens = createApprovalTokens({ keys });
  token = await tokens.sign(claims);
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const partsOf = (compact: string): [string, string, string] => compact.split('.') as [string, string, string];
const decode = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** A token signed with the real key, but with another header or payload. */
function signedWith(header: Record<string, unknown>, payload: Record<string, unknown>): Promise<string> {
  const original = decode(partsOf(token)[0]);
  return new CompactSign(Buffer.from(JSON.stringify({ ...decode(partsOf(token)[1]), ...payload })))
    .setProtectedHeader({ alg: 'Ed25519', ...original, ...header })
    .sign(keys.signing.privateKey);
}

describe('createApprovalTokens', () => {
  it('accepts what it signed, and gives back its claims', async () => {
    const answer = await tokens.check(token);
    expect(answer).toMatchObject({ ok: true, claims });
    expect(decode(partsOf(token)[0])).toEqual({
      alg: 'Ed25519',
      typ: 'approval+jwt',
      kid: keys.signing.kid,
    });
  });

  it('accepts a token of any configured key, and signs with the first', async () => {
    const pems = [createApprovalKeyPem(), createApprovalKeyPem()];
    const [oldOnly, rotated, newOnly] = await Promise.all(
      [[pems[0]], [pems[1], pems[0]], [pems[1]]].map(async (chosen) =>
        createApprovalTokens({ keys: await parseApprovalKeys(chosen as string[]) }),
      ),
    );
    const old = await oldOnly!.sign(claims);
    expect(await rotated!.check(old)).toMatchObject({ ok: true });
    expect(await newOnly!.check(old)).toEqual(INVALID);
    expect(await newOnly!.check(await rotated!.sign(claims))).toMatchObject({ ok: true });
  });

  const everyClaim = ['iss', 'aud', 'jti', 'sub', 'iat', 'exp', 'approver', 'tenant', 'tool', 'fingerprint'];
  it.each(everyClaim)('refuses a token whose %s was altered', async (claim) => {
    const [header, payload, signature] = partsOf(token);
    const body = decode(payload);
    const altered = { ...body, [claim]: typeof body[claim] === 'number' ? body[claim] + 1 : 'other' };
    expect(await tokens.check(`${header}.${encode(altered)}.${signature}`)).toEqual(INVALID);
    const rest = Object.fromEntries(Object.entries(body).filter(([name]) => name !== claim));
    expect(await tokens.check(`${header}.${encode(rest)}.${signature}`)).toEqual(INVALID);
  });

  it.each([
    ['alg', 'none'],
    ['alg', 'HS256'],
    ['alg', 'ES256'],
    ['alg', 'EdDSA'],
    ['typ', 'JWT'],
    ['typ', undefined],
    ['kid', 'other'],
    ['kid', undefined],
    ['kid', '__proto__'],
    ['crit', ['b64']],
    ['b64', false],
  ])('refuses a token whose header %s was made %s', async (name, value) => {
    const [header, payload, signature] = partsOf(token);
    const altered = encode({ ...decode(header), [name]: value });
    expect(await tokens.check(`${altered}.${payload}.${signature}`)).toEqual(INVALID);
  });

  it('refuses a token without a signature that says it needs none', async () => {
    const [header, payload] = partsOf(token);
    const altered = encode({ ...decode(header), alg: 'none' });
    expect(await tokens.check(`${altered}.${payload}.`)).toEqual(INVALID);
  });

  it('refuses a MAC made with the public key as its secret', async () => {
    const [header, payload] = partsOf(token);
    const altered = encode({ ...decode(header), alg: 'HS256' });
    const publicKey = keys.verification.get(keys.signing.kid)!;
    for (const secret of [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'),
    ]) {
      const mac = createHmac('sha256', secret).update(`${altered}.${payload}`).digest('base64url');
      expect(await tokens.check(`${altered}.${payload}.${mac}`)).toEqual(INVALID);
    }
  });

  it('refuses a key that the header brings along', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const forged = await new CompactSign(Buffer.from(JSON.stringify(decode(partsOf(token)[1]))))
      .setProtectedHeader({
        alg: 'Ed25519',
        typ: 'approval+jwt',
        kid: keys.signing.kid,
        jwk: publicKey.export({ format: 'jwk' }),
      })
      .sign(privateKey);
    expect(await tokens.check(forged)).toEqual(INVALID);
  });

  it('refuses a token of another service, made with another key under the same id', async () => {
    const other = await generateApprovalKeys();
    const forged = await createApprovalTokens({
      keys: { ...other, signing: { ...other.signing, kid: keys.signing.kid } },
    }).sign(claims);
    expect(await tokens.check(forged)).toEqual(INVALID);
  });

  it.each([
    ['another issuer', {}, { iss: 'other' }],
    ['another audience', {}, { aud: 'other' }],
    ['several audiences', {}, { aud: ['llm-agent-control-plane/approvals', 'other'] }],
    ['another type', { typ: 'JWT' }, {}],
    ['a claim that no token has', {}, { admin: true }],
    ['a claim of another kind', {}, { exp: 'never' }],
  ])('refuses %s although the signature holds', async (_what, header, payload) => {
    expect(await tokens.check(await signedWith(header, payload))).toEqual(INVALID);
  });

  it('accepts what the previous test alters, unaltered', async () => {
    expect(await tokens.check(await signedWith({}, {}))).toMatchObject({ ok: true });
  });

  it.each([
    ['nothing', ''],
    ['a word', 'token'],
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['five parts, as if encrypted', 'a.b.c.d.e'],
    ['blanks', ' a.b.c'],
    ['a line break at the end', 'e30.e30.AA\n'],
    ['padding', 'e30=.e30=.AA=='],
    ['a header that is not JSON', 'AAAA.e30.AAAA'],
    ['a header that is a list', `${encode([])}.e30.AAAA`],
    ['a header that is null', `${encode(null)}.e30.AAAA`],
  ])('calls %s malformed', async (_what, text) => {
    expect(await tokens.check(text)).toEqual(MALFORMED);
  });

  it('refuses the token with any one character of it changed, removed or doubled', async () => {
    for (let index = 0; index < token.length; index += 1) {
      const before = token.slice(0, index);
      const after = token.slice(index + 1);
      const other = token[index] === 'A' ? 'B' : 'A';
      for (const altered of [
        `${before}${other}${after}`,
        `${before}${after}`,
        `${before}${token[index]!}${token[index]!}${after}`,
      ]) {
        expect((await tokens.check(altered)).ok, altered).toBe(false);
      }
    }
  });

  it('refuses another spelling of the same bytes', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const signature = partsOf(token)[2];
    const respelt = `${signature.slice(0, -1)}${alphabet[alphabet.indexOf(signature.at(-1)!) + 1]!}`;
    expect(Buffer.from(respelt, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
    expect(await tokens.check(token.replace(signature, respelt))).toEqual(INVALID);
  });

  it('refuses every truncation', async () => {
    for (let length = 0; length < token.length; length += 1) {
      expect((await tokens.check(token.slice(0, length))).ok).toBe(false);
    }
  });
});

describe('parseApprovalKeys', () => {
  const pem = createApprovalKeyPem();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const { publicKey } = generateKeyPairSync('ed25519');
  it.each([
    ['no key', []],
    ['the same key twice', [pem, pem]],
    ['text', ['not a key']],
    ['an empty file', ['']],
    ['another kind of key', [rsa.export({ type: 'pkcs8', format: 'pem' }) as string]],
    ['a public key', [publicKey.export({ type: 'spki', format: 'pem' }) as string]],
  ])('refuses %s', async (_what, pems) => {
    await expect(parseApprovalKeys(pems)).rejects.toThrow('approval_signing_key_file');
  });
});
