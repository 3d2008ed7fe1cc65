import { unitAt } from './characters.js';
import { createKeywordAutomaton } from './keyword-automaton.js';

/** Told for a text with a character beyond ASCII, which no word has. */
export const BEYOND_ASCII = 1 << 30;
const MAX_SETS = 30;

/** The sets of which a part of a text holds a word, in any case: a bit for each; and {@link BEYOND_ASCII}. */
export type WordSets = (text: string, start?: number, end?: number) => number;

/**
 * Makes what tells of which sets a text holds a word; the bit of a set is `1 << place`.
 *
 * @param sets the words of each, blanks between them
 * @throws RangeError for more than 30 sets, and for a word that is not ASCII
 */
export function createWordSets(sets: readonly string[]): WordSets {
  if (sets.length > MAX_SETS) throw new RangeError('there are more sets of words than bits');
  const words = sets.flatMap((set, place) => set.split(/\s+/).map((word) => ({ word, bit: 1 << place })));
  const automaton = createKeywordAutomaton(words.map(({ word }) => word));
  const { next, rowBits, classOf, firstFinal, endings } = automaton;
  const bitsOf = (places: readonly number[]): number =>
    places.reduce((bits, place) => bits | (words[place]?.bit ?? 0), 0);
  const endingHere = Int32Array.from(endings, bitsOf);
  return (text, start = 0, end = text.length) => {
    let state = 0;
    let found = 0;
    for (let index = start; index < end; index += 1) {
      const code = unitAt(text, index);
      if (code > 127) found |= BEYOND_ASCII;
      state = next[(state << rowBits) | (classOf[code] ?? 0)] ?? 0;
      if (state >= firstFinal) found |= endingHere[state - firstFinal] ?? 0;
    }
    return found;
  };
}
