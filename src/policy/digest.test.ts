import { describe, expect, it } from 'vitest';
import { parseDigestFile, verifyDigest } from './digest.js';

const hex = 'ab'.repeat(32);

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
