import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEYOND_ASCII, createWordSets } from './word-sets.js';

describe('sets of words', () => {
  const sets = {
    first: { anywhere: 'key token', atEnd: 'to' },
    second: { anywhere: 'keyboard' },
    signs: { anywhere: 'x_y ...' },
    last: { atEnd: 'key n' },
  };
  const { heldBy, bits } = createWordSets(sets);

  it('are told by the words that a text holds, in any case', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('keytonbardKTx_y.é ')), maxLength: 24 });
    fc.assert(
      fc.property(text, text, text, (before, middle, behind) => {
        const lower = middle.toLowerCase();
        const isHeld = ({ anywhere = '', atEnd = '' }): boolean =>
          anywhere.split(' ').some((word) => word !== '' && lower.includes(word)) ||
          atEnd.split(' ').some((word) => word !== '' && lower.endsWith(word));
        const names = ['first', 'second', 'signs', 'last'] as const;
        const expected = names
          .filter((name) => isHeld(sets[name]))
          .reduce((held, name) => held | bits[name], middle.includes('é') ? BEYOND_ASCII : 0);
        const start = before.length;
        expect(heldBy(before + middle + behind, start, start + middle.length)).toBe(expected);
      }),
    );
  });

  it.each([
    ['a word in two', 'KEYBOARD', bits.first | bits.second],
    ['words in one another, at the end', 'a token', bits.first | bits.last],
    ['a word of two sets, at the end', 'my-Key', bits.first | bits.last],
    ['the same before the end', 'my-Key-', bits.first],
    ['a word that counts at the end, before it', 'to_', 0],
    ['signs', 'a...b', bits.signs],
    ['none', 'ke y', 0],
    ['nothing', '', 0],
  ])('%s', (_, text, expected) => {
    expect(heldBy(text)).toBe(expected);
  });

  it('are as many as there are bits', () => {
    const many = (count: number): Record<string, { anywhere: string }> =>
      Object.fromEntries(
        Array.from({ length: count }, (_, place) => [`s${place}`, { anywhere: `w${place}.` }]),
      );
    const most = createWordSets(many(30));
    expect(most.heldBy('w29.')).toBe(most.bits['s29']);
    expect(() => createWordSets(many(31))).toThrow(RangeError);
  });

  it.each(['', ' word', 'word ', 'wörd'])('are not made of %j', (anywhere) => {
    expect(() => createWordSets({ some: { anywhere } })).toThrow(RangeError);
  });
});
