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

/** Sets of words by their names. */
export interface WordSets<Name extends string> {
  /** The sets of which a part of a text holds a word, in any case: a bit for each; and {@link BEYOND_ASCII}. */
  readonly heldBy: (text: string, start?: number, end?: number) => number;
  readonly bits: Readonly<Record<Name, number>>;
}

/** The words of a list, blanks between them. */
export const wordsOf = (list: string): readonly string[] => list.split(/\s+/);
/** The words of a list as the alternatives of a pattern: none has a character that means something there. */
export const alternativesOf = (list: string): string => wordsOf(list).join('|');

const listed = (list: string | undefined): readonly string[] => (list === undefined ? [] : wordsOf(list));

/**
 * Makes what tells, in one pass over a text, of which sets it holds a word.
 *
 * @throws RangeError for more than 30 sets, for a word that is not ASCII, and for an empty one, which every text would hold
 */
export function createWordSets<Name extends string>(sets: Readonly<Record<Name, WordSet>>): WordSets<Name> {
  const names = Object.keys(sets) as Name[];
  if (names.length > MAX_SETS) throw new RangeError('there are more sets of words than bits');
  const bits = Object.fromEntries(names.map((name, place) => [name, 1 << place])) as Record<Name, number>;
  const words = names.flatMap((name) => [
    ...listed(sets[name].anywhere).map((word) => ({ word, within: bits[name], ending: 0 })),
    ...listed(sets[name].atEnd).map((word) => ({ word, within: 0, ending: bits[name] })),
  ]);
  if (words.some(({ word }) => word === ''))
    throw new RangeError('a list of words begins or ends with a blank');
  const automaton = createKeywordAutomaton(words.map(({ word }) => word));
  const { next, rowBits, classOf, firstFinal, endings } = automaton;
  const bitsOf = (kind: 'within' | 'ending') => (places: readonly number[]) =>
    places.reduce((all, place) => all | (words[place]?.[kind] ?? 0), 0);
  const within = Int32Array.from(endings, bitsOf('within'));
  const ending = Int32Array.from(endings, bitsOf('ending'));
  const heldBy = (text: string, start = 0, end = text.length): number => {
    let state = 0;
    let held = 0;
    for (let index = start; index < end; index += 1) {
      const code = unitAt(text, index);
      if (code > 127) held |= BEYOND_ASCII;
      state = next[(state << rowBits) | (classOf[code] ?? 0)] ?? 0;
      if (state >= firstFinal) held |= within[state - firstFinal] ?? 0;
    }
    return state < firstFinal ? held : held | (ending[state - firstFinal] ?? 0);
  };
  return { heldBy, bits };
}
