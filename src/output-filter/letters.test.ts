import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CROSSES, lettersAndSignsOf, lettersOf, lettersOfWords, mayHoldOneOf, SIGNS } from './letters.js';

describe('the letters of a text', () => {
  const words = ['token', 'key', 'dummy'];
  const letters = lettersOfWords(words.join(' '));

  it('rule out no word that it holds, whatever its case and whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...words),
        fc.string(),
        fc.string(),
        fc.boolean(),
        (word, before, behind, isUpper) => {
          const text = before + (isUpper ? word.toUpperCase() : word) + behind;
          expect(mayHoldOneOf(lettersOf(text), letters)).toBe(true);
          expect(mayHoldOneOf(lettersAndSignsOf(text, 0, text.length), letters)).toBe(true);
        },
      ),
    );
  });

  it('rule out words of which it has not all letters', () => {
    expect(mayHoldOneOf(lettersOf('tokek 123'), letters)).toBe(false);
  });

  it.each([
    ['aB3', 0],
    ['a_b', SIGNS],
    ['é1', SIGNS],
    ['xXx', 0],
    ['xXxX', CROSSES],
    ['x-x-x-x', SIGNS | CROSSES],
  ])('come with signs and crosses where it has them: %j', (text, expected) => {
    expect(lettersAndSignsOf(`!${text}!`, 1, 1 + text.length) & (SIGNS | CROSSES)).toBe(expected);
  });

  it.each(['change_me', 'h1', ''])('are not asked of a word that has more or none: %j', (word) => {
    expect(() => lettersOfWords(`token ${word}`)).toThrow(RangeError);
  });
});
