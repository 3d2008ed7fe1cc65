import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEYOND_ASCII, createWordSets } from './word-sets.js';

describe('sets of words', () => {
  const sets = ['key token', 'keyboard to', 'x_y ...'];
  const setsOf = createWordSets(sets);

  it('are told by the words that a text holds, in any case and wherever they stand', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('keytonbardKTx_y.é ')), maxLength: 24 });
    fc.assert(
      fc.property(text, text, text, (before, middle, behind) => {
        const lower = middle.toLowerCase();
        const expected = sets.reduce(
          (bits, set, place) => bits | (set.split(' ').some((word) => lower.includes(word)) ? 1 << place : 0),
          middle.includes('é') ? BEYOND_ASCII : 0,
        );
        const start = before.length;
        expect(setsOf(before + middle + behind, start, start + middle.length)).toBe(expected);
      }),
    );
  });

  it.each([
    ['a word in two', 'KEYBOARD', 0b11],
    ['words in one another', 'a token', 0b11],
    ['signs', 'a...b', 0b100],
    ['none', 'ke y', 0],
    ['nothing', '', 0],
    ['a part of the text before', 'n', 0],
  ])('%s', (_, text, expected) => {
    expect(setsOf(text)).toBe(expected);
  });

  it('are as many as there are bits', () => {
    const letters = Array.from({ length: 31 }, (_, place) => `w${place}`);
    expect(createWordSets(letters.slice(0, 30))('w29')).toBe((1 << 29) | (1 << 2));
    expect(() => createWordSets(letters)).toThrow(RangeError);
  });
});
