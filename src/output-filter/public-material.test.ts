import { describe, expect, it } from 'vitest';
import { createRandom, expandExample } from '../../tests/fixtures/filter/generate.js';
import * as material from '../../tests/fixtures/filter/public-material.js';
import { armour } from '../../tests/fixtures/filter/public-material.js';
import { INSIDE_WITHOUT_TENANT, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';

const filter = createTestFilter();
const context = INSIDE_WITHOUT_TENANT;
const rulesOf = (text: string): string[] => ruleIds(filter.check({ text, context }));

const SEEDS = [1, 2, 3];

type Make = (random: () => number) => Buffer;
const BLOCKS: readonly (readonly [label: string, make: Make, before: string])[] = [
  ['CERTIFICATE', material.certificate, ''],
  ['CERTIFICATE REQUEST', material.certificateRequest, ''],
  ['NEW CERTIFICATE REQUEST', material.certificateRequest, ''],
  ['X509 CRL', material.revocationList, ''],
  ['PUBLIC KEY', material.publicKey, ''],
  ['RSA PUBLIC KEY', material.rsaPublicKey, ''],
  ['PGP PUBLIC KEY BLOCK', material.pgpKey, '\n'],
  ['PGP PUBLIC KEY BLOCK', material.pgpKey, 'Comment: a key\nVersion: 2\n\n'],
  ['PGP SIGNATURE', material.pgpSignature, '\n'],
  ['SSH SIGNATURE', material.sshSignature, ''],
];

const PLACES: readonly (readonly [string, (block: string) => string])[] = [
  ['alone', (block) => block],
  ['twice', (block) => `${block}${block}`],
  ['between CRLF', (block) => block.replaceAll('\n', '\r\n')],
  ['in JSON', (block) => JSON.stringify({ value: block })],
  ['in JSON in JSON', (block) => JSON.stringify({ body: JSON.stringify({ value: block }) })],
  ['in YAML', (block) => `value: |\n${block.replaceAll(/^/gm, '    ')}`],
  ['quoted in a mail', (block) => block.replaceAll(/^/gm, '> ')],
  ['in a commit', (block) => `gpgsig ${block.replaceAll('\n', '\n ')}`],
  ['in base64', (block) => `certificate-authority-data: ${Buffer.from(block).toString('base64')}`],
];

describe.each(BLOCKS)('a block of %s', (label, make, before) => {
  it.each(PLACES)('passes %s', (_, place) => {
    for (const seed of SEEDS) {
      expect(rulesOf(place(armour(label, make(createRandom(seed)), before)))).toEqual([]);
    }
  });

  it('is found when a random line, a random body or a part stands in its place', () => {
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const body = make(random).toString('base64');
      const line = material.bytes(random, 48).toString('base64');
      for (const bad of [
        `${line}\n${body}`,
        `${body}\n${line}`,
        body.slice(0, 128) + line + body.slice(128),
        line.repeat(4),
        body.slice(0, -40),
      ]) {
        expect(rulesOf(armour(label, bad, before))).toContain('entropy.token');
      }
    }
  });

  it('hides no credential before, behind or among its lines', () => {
    const block = armour(label, make(createRandom(4)), before);
    const token = expandExample('ghp_<alnum:36>', 4);
    const word = expandExample('<alnum:44>', 4);
    for (const text of [`${token}\n${block}`, `${block}${token}`, block.replace('\n', `\n${token}\n`)]) {
      expect(rulesOf(text)).toContain('secret.github_pat');
    }
    for (const text of [
      `${word}\n${block}`,
      `${block}${word}`,
      block.replace('\n', `\nComment: ${word}\n\n`),
    ]) {
      expect(rulesOf(text)).toContain('entropy.token');
    }
  });
});

describe('public material', () => {
  it.each([
    ['a certificate without armour', material.certificate],
    ['a public key without armour', material.publicKey],
    ['a signature', material.signature],
  ])('passes as %s', (_, make) => {
    for (const seed of SEEDS)
      expect(rulesOf(`x5c: ["${make(createRandom(seed)).toString('base64')}"]`)).toEqual([]);
  });

  it.each([
    ['CERTIFICATE', material.privateKey],
    ['PUBLIC KEY', material.privateKey],
    ['PUBLIC KEY', material.certificate],
    ['PGP PUBLIC KEY BLOCK', (random: () => number) => material.pgpKey(random, 5)],
    ['PGP MESSAGE', material.pgpSignature],
    ['NOTES', material.certificate],
  ] as const)('is not what a block of %s holds that is something else', (label, make) => {
    const found = rulesOf(armour(label, make(createRandom(5)), '\n'));
    expect(found).toEqual(label === 'NOTES' ? ['entropy.token'] : expect.arrayContaining(['entropy.token']));
  });

  it('is a signature under its name, and nothing else there', () => {
    for (const seed of SEEDS) {
      const signature = material.signature(createRandom(seed)).toString('base64');
      expect(rulesOf(`"Signature": "${signature}"`)).toEqual([]);
      expect(rulesOf(`"Signature": "M${signature.slice(1, -9)}AAAAAAAA"`)).toContain(
        'secret.generic_assignment',
      );
    }
  });

  it('is no private key without armour', () => {
    expect(rulesOf(material.privateKey(createRandom(6)).toString('base64'))).toContain('entropy.token');
  });

  it('is no private key under a public name, nor one inside a public key', () => {
    const key = material.privateKey(createRandom(6));
    expect(rulesOf(`"cursor": "${key.toString('base64')}"`)).toContain('entropy.token');
    const wrapped = material.der(
      0x30,
      material.der(0x30, material.der(6, key.subarray(0, 3))),
      material.der(3, key),
    );
    expect(rulesOf(armour('PUBLIC KEY', wrapped))).toContain('entropy.token');
    expect(rulesOf(wrapped.toString('base64'))).toContain('entropy.token');
  });

  it('is a private key in armour whatever it holds', () => {
    expect(rulesOf(armour('PRIVATE KEY', material.certificate(createRandom(7))))).toContain(
      'pattern.private_key',
    );
  });

  it('gives away a credential in a name', () => {
    const token = expandExample('ghp_<alnum:36>', 8);
    const block = armour('CERTIFICATE', material.certificate(createRandom(8), token));
    expect(rulesOf(block)).toContain('secret.github_pat');
    expect(filter.redact(`a ${block} b`)).toMatch(/^a -+BEGIN CERTIFICATE\[REDACTED:/);
    const key = armour('PGP PUBLIC KEY BLOCK', material.pgpKey(createRandom(8), 6, token), '\n');
    expect(rulesOf(key)).toContain('secret.github_pat');
  });
});

describe('a random word', () => {
  it.each([
    'golang.org/x/crypto v0.31.0 h1:<base64:43>=',
    'golang.org/x/crypto v0.31.0/go.mod h1:<base64:43>=',
    '"integrity": "sha512-<base64:86>=="',
    'Digest: SHA-256=<base64:43>=',
    'Content-Digest: sha-256=:<base64:43>=:',
    'pin-sha256="<base64:43>="',
    'PublicKey = <base64:43>=',
    '{"public_key":"<base64url:43>"}',
    'VAPID_PUBLIC_KEY=B<base64url:86>',
    '{"kty":"RSA","use":"sig","n":"<base64url:342>","e":"AQAB"}',
    '{"keys":[{"n":"<base64url:342>","e":"AQAB","kty":"RSA"}]}',
    '{"kty":"EC","crv":"P-256","x":"<base64url:43>","y":"<base64url:43>"}',
    '{"kty":"OKP","crv":"Ed25519","x":"<base64url:43>"}',
    'IPFS CID bafybei<base32lower:52>',
    'pinned Qm<base58:44> to the node',
    'recipient age1<bech32:58> added',
    'deployed as dpl_<alnum:28> to production',
    'https://acme.slack.com/archives/C0<upperalnum:9>/p1519828910894634',
    'https://drive.google.com/file/d/1<base64url:32>/view?usp=sharing',
    'https://docs.google.com/spreadsheets/d/1<base64url:43>/edit#gid=0',
    'https://shop.example.com/p/shoes?utm_source=mail&gclid=<base64url:60>',
    'http://<base32lower:56>.onion/',
    '"nextToken": "<base64:80>"',
    'next_page_token: <base64:44>==',
    '<NextToken><base64:44></NextToken>',
    '{"cursor":"<base64:40>","has_more":true}',
    'version_id: <base64url:32>',
    'x-amz-id-2: <base64:76>',
    'DKIM-Signature: v=1; a=rsa-sha256; d=example.org; bh=<base64:43>=; b=<base64:171>=',
    'From: a\nDKIM-Signature: v=1; a=rsa-sha256;\r\n\tbh=<base64:43>=;\r\n\tb=<base64:60>\r\n\t <base64:70>\r\n\t <base64:40>==\r\nTo: b',
    'ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none;\n        b=<base64:60>\n         <base64:70>\nX: y',
    'bc1q<loweralnum:0>ar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  ])('passes as %s', (example) => {
    for (const seed of SEEDS) expect(rulesOf(expandExample(example, seed))).toEqual([]);
  });

  it.each([
    'h1:<base64:60>',
    'sha256=<base64:60>',
    'PublicKey = <base64:60>',
    'PrivateKey = <base64:43>=',
    '{"kty":"RSA","n":"<base64url:300>"}',
    '{"n":"<base64url:342>","e":"AQAB"}',
    '{"kty":"EC"},{"x":"<base64url:43>"}',
    '{"kty":"EC","crv":"P-256","x":"<base64url:43>","y":"<base64url:43>","d":"<base64url:43>"}',
    '{"kty":"oct","k":"<base64url:43>"}',
    '{"kty":"RSA","n":"<base64url:342>","p":"<base64url:171>","q":"<base64url:171>"}',
    'https://host.example/<alnum:43>/view',
    'https://host.example/d/<alnum:43>x/view',
    'https://host.example/file/d/1<base64url:43>/view',
    'https://docs.google.com.host.example/file/d/1<base64url:43>/view',
    'https://host.example/docs.google.com/file/d/1<base64url:43>/view',
    'https://host.example/a?sig=<alnum:20>/<alnum:20>',
    '<alnum:20>/<alnum:20>',
    'the ARC-1 lamp b=<base64:44>',
    'see DKIM-Signature: v=1; b=<base64:171>=',
    'ARC-x\n b=<base64:44>',
    'private_not_public_key=<base64:43>',
    'nonpublickey=<base64:43>',
    'secret_______________________________public_key=<base64:43>',
    'client_secret_sha256=<base64:43>',
    'X-API-Key cursor=<base64:44>',
    'client_secret cursor: <base64:44>',
    'access_token etag=<base64:44>',
    'the password is cursor=<base64:44>',
    '{"password":{"cursor":"<base64:44>"}}',
    '{"kty":"oct","x":"<base64url:43>"}',
    '{"kty":1,"n":"<base64url:342>"}',
    'b=<base64:171>=',
    'bh=<base64:43>=',
    'DKIM-Signature: v=1; x=<base64:43>=',
    'DKIM-Signature: v=1; b=abc\nnext; b=<base64:43>=',
    'DKIM-Signature: v=1; b=abc;\n h=<base64:43>=',
    'DKIM-Signature: v=1; b=abc\n\n <base64:44>',
    'b=abc\n <base64:44>',
    'access_token: <base64:44>',
    'token: <base64:44>',
    'session: <alnum:40>',
  ])('is found as %s', (example) => {
    for (const seed of SEEDS) {
      const text = expandExample(example, seed);
      expect({ text, allowed: filter.check({ text, context }).allowed }).toEqual({ text, allowed: false });
    }
  });
});
