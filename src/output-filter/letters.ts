import { unitAt } from './characters.js';

/** Beside the bits of letters: a character that is neither letter nor digit. */
export const SIGNS = 1 << 27;
/** The same: `x`, of either case, four times and more. */
export const CROSSES = 1 << 28;

const LETTER_X = 120;
const MIN_CROSSES = 4;

/** The letters of a text, of either case: a bit for each. Other characters beyond the digits may share one of them. */
export function lettersOf(text: string, start = 0, end = text.length): number {
  let letters = 0;
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    if (code >= 65) letters |= 1 << (code & 31);
  }
  return letters;
}

/** The letters of a text, of either case: a bit for each; and {@link SIGNS} and {@link CROSSES} where it has them. */
export function lettersAndSignsOf(text: string, start: number, end: number): number {
  let letters = 0;
  let crosses = 0;
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    const letter = code | 32;
    if (letter >= 97 && letter <= 122) {
      letters |= 1 << (letter & 31);
      if (letter === LETTER_X) crosses += 1;
    } else if (code < 48 || code > 57) letters |= SIGNS;
  }
  return crosses < MIN_CROSSES ? letters : letters | CROSSES;
}

/**
 * The letters of each of some words, which a blank parts.
 *
 * @throws RangeError for a word that has anything but letters: no text would be found to hold it
 */
export function lettersOfWords(words: string): readonly number[] {
  return words.split(' ').map((word) => {
    if (!/^[a-z]+$/.test(word)) throw new RangeError(`'${word}' has more than letters`);
    return lettersOf(word);
  });
}

/** Whether a text with these letters may hold one of some words: has all the letters of one. */
export function mayHoldOneOf(letters: number, words: readonly number[]): boolean {
  for (const word of words) if ((letters & word) === word) return true;
  return false;
}
