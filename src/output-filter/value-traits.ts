/** What kinds of characters a value has: a bit each. */

import { unitAt } from './characters.js';

export const DIGITS = 1;
export const LETTERS = 2;
/** `_` and `$`, which identifiers have besides letters and digits. */
export const IN_IDENTIFIERS = 4;
/** What stands between identifiers: `.`, `->`, `::`, `?.`. */
export const LINKS = 8;
export const BLANKS = 16;
/** Other characters of ASCII. */
export const SIGNS = 32;
/** Characters beyond ASCII; some may be blanks or letters. */
export const FOREIGN = 64;

const TRAITS = new Uint8Array(128)
  .fill(SIGNS)
  .fill(DIGITS, 48, 58)
  .fill(LETTERS, 65, 91)
  .fill(LETTERS, 97, 123);
for (const character of '_$') TRAITS[character.charCodeAt(0)] = IN_IDENTIFIERS;
for (const character of '.->:?') TRAITS[character.charCodeAt(0)] = LINKS;
for (const character of ' \t\n\v\f\r') TRAITS[character.charCodeAt(0)] = BLANKS;

/** The kinds of characters from `start` to `end`. */
export function traitsOf(text: string, start: number, end: number): number {
  let traits = 0;
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    traits |= code < 128 ? (TRAITS[code] ?? 0) : FOREIGN;
  }
  return traits;
}
