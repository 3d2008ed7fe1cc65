import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints, toCanonicalJson } from './canonical-json.js';

describe('toCanonicalJson', () => {
  it('writes compact JSON with sorted keys and nulls', () => {
    expect(toCanonicalJson({ b: [1, true, null], a: { d: 'x', c: 1.5 } })).toBe(
      '{"a":{"c":1.5,"d":"x"},"b":[1,true,null]}',
    );
  });

  it('escapes non-ASCII, astral and control characters in lowercase', () => {
    expect(toCanonicalJson('é😀\u0000\u001f\u007f\n"\\/')).toBe(
      String.raw`"\u00e9\ud83d\ude00\u0000\u001f\u007f\n\"\\/"`,
    );
  });

  it('sorts keys by code point, where UTF-16 order would differ', () => {
    expect(toCanonicalJson({ '\u{1f600}': 1, '\uffff': 2, a: 3 })).toBe(
      String.raw`{"a":3,"\uffff":2,"\ud83d\ude00":1}`,
    );
  });

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1])('refuses %s', (value) => {
    expect(() => toCanonicalJson([value])).toThrow(TypeError);
  });

  it('is ASCII and parses back to the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = toCanonicalJson(value);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.integer()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(toCanonicalJson(reversed)).toBe(toCanonicalJson(record));
      }),
    );
  });
});

describe('compareCodePoints', () => {
  it('agrees with the order of code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        const points = [left, right].map((text) =>
          Array.from(text, (character) => character.codePointAt(0)!),
        );
        const [a, b] = points as [number[], number[]];
        const index = a.findIndex((point, position) => point !== b[position]);
        const expected = index === -1 ? a.length - b.length : (a[index] ?? 0) - (b[index] ?? -1);
        expect(Math.sign(compareCodePoints(left, right))).toBe(Math.sign(expected));
      }),
    );
  });
});
