import { unitAt } from './characters.js';

/** The letters of a text, of either case: a bit for each. */
export function lettersOf(text: string, start = 0, end = text.length): number {
  let letters = 0;
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    if (code >= 65) letters |= 1 << (code & 31);
  }
  return letters;
}

/** The letters of each of some words, which a blank parts. */
export function lettersOfWords(words: string): readonly number[] {
  return words.split(' ').map((word) => lettersOf(word));
}

/** Whether a text with these letters may hold one of some words: has all the letters of one. */
export function mayHoldOneOf(letters: number, words: readonly number[]): boolean {
  for (const word of words) if ((letters & word) === word) return true;
  return false;
}
