import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDigestFile, policyDigest, verifyDigest } from './digest.js';
import type { PolicyDocument, PolicyTool } from './document.js';
import { parsePolicy } from './parse.js';

const hex = 'ab'.repeat(32);

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('policyDigest', () => {
  const tool: PolicyTool = {
    requires_human_approval: false,
    enabled: true,
    allowed_roles: ['user', 'admin'],
    risk_level: 'low',
    external_effect: false,
    destructive: false,
  };

  it('is the published one for the default policy', () => {
    const text = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
    expect(policyDigest(parsePolicy(text))).toBe(
      'a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d',
    );
  });

  it('is taken over compact ASCII JSON with sorted keys and roles, and each key that is given', () => {
    const document: PolicyDocument = {
      tools: { Zürich: { ...tool, description: 'größe 🔑' }, a: tool },
      tenant_isolation: 'strict',
      default_decision: 'deny',
    };
    const rule = (extra: string) =>
      `{"allowed_roles":["admin","user"],${extra}"destructive":false,"enabled":true,` +
      '"external_effect":false,"requires_human_approval":false,"risk_level":"low"}';
    expect(policyDigest(document)).toBe(
      sha256(
        String.raw`{"default_decision":"deny","tenant_isolation":"strict","tools":{"Z\u00fcrich":` +
          rule(String.raw`"description":"gr\u00f6\u00dfe \ud83d\udd11",`) +
          `,"a":${rule('')}}}`,
      ),
    );
  });

  it('leaves the order of roles in the document itself', () => {
    const document: PolicyDocument = {
      default_decision: 'deny',
      tenant_isolation: 'strict',
      tools: { a: tool },
    };
    policyDigest(document);
    expect(tool.allowed_roles).toEqual(['user', 'admin']);
  });
});

describe('parseDigestFile', () => {
  it.each([
    ['a bare digest', hex],
    ['a digest and a file name', `${hex}  default.yaml\n`],
    ['comments and blanks before it', `\n# made by hand\n   \n\t${hex}\nsecond line`],
    ['upper case', hex.toUpperCase()],
    ['carriage returns', `# x\r\n${hex}\r\n`],
  ])('reads %s', (_what, text) => {
    expect(parseDigestFile(text, 'p.sha256')).toBe(hex);
  });

  it.each([
    ['an empty file', '', 'no hash found in p.sha256'],
    ['only comments', '# a\n\n#b', 'no hash found in p.sha256'],
    ['a short digest', hex.slice(1), 'invalid hash in p.sha256'],
    ['a long digest', `${hex}0`, 'invalid hash in p.sha256'],
    ['other characters', 'zz'.repeat(32), 'invalid hash in p.sha256'],
    ['a digest after other words', `sha256 ${hex}`, 'invalid hash in p.sha256'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseDigestFile(text, 'p.sha256')).toThrow(message);
  });
});

describe('verifyDigest', () => {
  it('accepts the same digest in either case', () => {
    expect(() => verifyDigest(hex.toUpperCase(), hex)).not.toThrow();
  });

  it('names both digests of a mismatch', () => {
    const other = 'cd'.repeat(32);
    expect(() => verifyDigest(hex, other)).toThrow(`policy hash mismatch: expected ${hex}, got ${other}`);
  });
});
