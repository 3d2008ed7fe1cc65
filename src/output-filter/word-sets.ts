import { unitAt } from './characters.js';
import { createKeywordAutomaton } from './keyword-automaton.js';

/** Words to look for, blanks between them: those that count wherever they stand, and those that count at the end alone. */
export interface WordSet {
  readonly anywhere?: string;
  readonly atEnd?: string;
}

/** Told for a text with a character beyond ASCII, which no word has. */
export const BEYOND_ASCII = 1 << 30;
const MAX_SETS = 30;

/** The sets of which a part of a text holds a word, in any case: a bit for each; and {@link BEYOND_ASCII}. */
export type WordSets = (text: string, start?: number, end?: number) => number;

const wordsOf = (list: string | undefined): readonly string[] => list?.split(/\s+/) ?? [];

/**
 * Makes what tells of which sets a text holds a word; the bit of a set is `1 << place`.
 *
 * @throws RangeError for more than 30 sets, and for a word that is not ASCII
 */
export function createWordSets(sets: readonly WordSet[]): WordSets {
  if (sets.length > MAX_SETS) throw new RangeError('there are more sets of words than bits');
  const words = sets.flatMap(({ anywhere, atEnd }, place) => [
    ...wordsOf(anywhere).map((word) => ({ word, within: 1 << place, ending: 0 })),
    ...wordsOf(atEnd).map((word) => ({ word, within: 0, ending: 1 << place })),
  ]);
  const automaton = createKeywordAutomaton(words.map(({ word }) => word));
  const { next, rowBits, classOf, firstFinal, endings } = automaton;
  const bitsOf = (kind: 'within' | 'ending') => (places: readonly number[]) =>
    places.reduce((bits, place) => bits | (words[place]?.[kind] ?? 0), 0);
  const within = Int32Array.from(endings, bitsOf('within'));
  const ending = Int32Array.from(endings, bitsOf('ending'));
  return (text, start = 0, end = text.length) => {
    let state = 0;
    let found = 0;
    for (let index = start; index < end; index += 1) {
      const code = unitAt(text, index);
      if (code > 127) found |= BEYOND_ASCII;
      state = next[(state << rowBits) | (classOf[code] ?? 0)] ?? 0;
      if (state >= firstFinal) found |= within[state - firstFinal] ?? 0;
    }
    return state < firstFinal ? found : found | (ending[state - firstFinal] ?? 0);
  };
}
