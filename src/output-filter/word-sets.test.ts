import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEYOND_ASCII, createWordSets } from './word-sets.js';

describe('sets of words', () => {
  const sets = [
    { anywhere: 'key token', atEnd: 'to' },
    { anywhere: 'keyboard' },
    { anywhere: 'x_y ...' },
    { atEnd: 'key n' },
  ];
  const setsOf = createWordSets(sets);

  it('are told by the words that a text holds, in any case', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('keytonbardKTx_y.é ')), maxLength: 24 });
    fc.assert(
      fc.property(text, text, text, (before, middle, behind) => {
        const lower = middle.toLowerCase();
        const isHeld = ({ anywhere = '', atEnd = '' }): boolean =>
          anywhere.split(' ').some((word) => word !== '' && lower.includes(word)) ||
          atEnd.split(' ').some((word) => word !== '' && lower.endsWith(word));
        const expected = sets.reduce(
          (bits, set, place) => bits | (isHeld(set) ? 1 << place : 0),
          middle.includes('é') ? BEYOND_ASCII : 0,
        );
        const start = before.length;
        expect(setsOf(before + middle + behind, start, start + middle.length)).toBe(expected);
      }),
    );
  });

  it.each([
    ['a word in two', 'KEYBOARD', 0b11],
    ['words in one another, at the end', 'a token', 0b1001],
    ['a word of two sets, at the end', 'my-Key', 0b1001],
    ['the same before the end', 'my-Key-', 0b1],
    ['a word that counts at the end, before it', 'to_', 0],
    ['signs', 'a...b', 0b100],
    ['none', 'ke y', 0],
    ['nothing', '', 0],
  ])('%s', (_, text, expected) => {
    expect(setsOf(text)).toBe(expected);
  });

  it('are as many as there are bits', () => {
    const many = Array.from({ length: 31 }, (_, place) => ({ anywhere: `w${place}` }));
    expect(createWordSets(many.slice(0, 30))('w29')).toBe((1 << 29) | (1 << 2));
    expect(() => createWordSets(many)).toThrow(RangeError);
  });
});
