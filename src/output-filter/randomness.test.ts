import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, randomString } from '../../tests/fixtures/filter/generate.js';
import { distinctForBits, entropyBits } from './entropy.js';
import { hasDistinctCharacters, isHexLike, isRandomLike, plainShare } from './randomness.js';

describe('entropyBits', () => {
  it.each([
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
    ['', 0],
  ])('of %j is %d', (text, bits) => {
    expect(entropyBits(text)).toBeCloseTo(bits, 10);
  });

  it('is the same however long the text, for the same shares', () => {
    expect(entropyBits('abcd'.repeat(5000))).toBeCloseTo(2, 10);
  });

  it('is below that of the entropy rule for any hexadecimal string', () => {
    expect(entropyBits(randomString(createRandom(1), 'hex', 4000))).toBeLessThan(4.001);
  });
});

describe('distinctForBits', () => {
  it('never says that a string has entropy which it has not', () => {
    const sure = distinctForBits(2.5);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aaaaaaabcdefghijklmnop')), minLength: 1 }),
        (text) => {
          fc.pre(hasDistinctCharacters(text, sure[text.length] ?? Infinity));
          expect(entropyBits(text)).toBeGreaterThanOrEqual(2.5);
        },
      ),
    );
  });
});

describe('plainShare', () => {
  it.each([
    'src/output-filter/detectors/source-control',
    'createDefaultAuthenticationProviderManager',
    'how-to-configure-the-gateway-for-production-v2',
    '2026-03-03T10-00-00',
    '4f2a9c1e8b7d6a5f4e3d2c1b0a9f8e7d6c5b4a39',
  ])('of %s is high', (text) => {
    expect(plainShare(text)).toBeGreaterThan(0.7);
  });

  it('of random base64 is low, with and without slashes', () => {
    const random = createRandom(3);
    const shares = Array.from({ length: 1000 }, () => plainShare(randomString(random, 'base64', 44)));
    expect(shares.filter((share) => share >= 0.5).length).toBeLessThan(10);
  });
});

describe('plainShare with a floor', () => {
  it('is the same share where that is not below the floor, and below the floor where it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aeinorstWORDxqzJK0123ab-_/')), maxLength: 80 }),
        fc.constantFrom(0.4, 0.5, 0.9),
        fc.boolean(),
        (text, floor, hexIsPlain) => {
          const share = plainShare(text, 0, text.length, hexIsPlain);
          const some = plainShare(text, 0, text.length, hexIsPlain, floor);
          if (share >= floor) expect(some).toBe(share);
          else expect(some).toBeLessThan(floor);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('isRandomLike', () => {
  it.each(['correct-horse-battery-staple', 'password', '12345678901234567890', 'aaaaaaaaaaaaaaaa', 'short'])(
    'is false of %s',
    (text) => {
      expect(isRandomLike(text)).toBe(false);
    },
  );

  it('is true of nearly every random string of twenty characters', () => {
    const random = createRandom(4);
    for (const charset of ['alnum', 'loweralnum', 'hex', 'base64url', 'letters']) {
      const hits = Array.from({ length: 300 }, () => isRandomLike(randomString(random, charset, 20))).filter(
        Boolean,
      );
      expect(hits.length, charset).toBeGreaterThan(280);
    }
  });
});

describe('isHexLike', () => {
  it('knows digests and UUIDs', () => {
    expect(isHexLike('4f2a9c1e8b7d6a5f')).toBe(true);
    expect(isHexLike('0198a7b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b')).toBe(true);
    expect(isHexLike('ghij')).toBe(false);
  });
});
