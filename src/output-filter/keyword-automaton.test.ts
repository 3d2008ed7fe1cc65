import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeywordAutomaton } from './keyword-automaton.js';

/** Where each keyword ends in a text, by running the automaton as the scanner does. */
function endsIn(keywords: readonly string[], text: string): string[] {
  const { next, rowBits, classOf, firstFinal, endings } = createKeywordAutomaton(keywords);
  const found: string[] = [];
  let state = 0;
  for (let index = 0; index < text.length; index += 1) {
    state = next[(state << rowBits) | (classOf[text.charCodeAt(index)] ?? 0)]!;
    if (state >= firstFinal)
      found.push(...endings[state - firstFinal]!.map((keyword) => `${keywords[keyword]!}@${index + 1}`));
  }
  return found.sort();
}

function endsBySearch(keywords: readonly string[], text: string): string[] {
  return keywords
    .flatMap((keyword) =>
      Array.from({ length: text.length + 1 }, (_, end) => end)
        .filter((end) => text.slice(0, end).toLowerCase().endsWith(keyword))
        .map((end) => `${keyword}@${end}`),
    )
    .sort();
}

describe('the keyword automaton', () => {
  it('finds keywords inside, before and after one another, in any case', () => {
    expect(endsIn(['key', 'api_key', 'keys'], 'API_KEYS')).toEqual(['api_key@7', 'key@7', 'keys@8']);
  });

  it('finds exactly what a search for each keyword finds', () => {
    const words = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 4 }),
      { minLength: 1, maxLength: 6 },
    );
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '-', 'c', ' ') });
    fc.assert(
      fc.property(words, texts, (keywords, text) => {
        expect(endsIn(keywords, text)).toEqual(endsBySearch(keywords, text));
      }),
    );
  });

  it('refuses a keyword that is not ASCII', () => {
    expect(() => createKeywordAutomaton(['clé'])).toThrow(RangeError);
  });

  it('refuses more keywords than its table has room for, and takes as many', () => {
    const longest = 'a'.repeat(65_535);
    expect(createKeywordAutomaton([longest]).endings).toEqual([[0]]);
    expect(() => createKeywordAutomaton([`${longest}a`])).toThrow(RangeError);
  });
});
