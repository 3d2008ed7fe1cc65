import { BLANK, hasTrait, QUOTE } from './assignment-characters.js';
import { endOfMatch } from './assignment-join.js';
import { codeAt } from './characters.js';

const GREATER = 62;
const BAR = 124;

/** A word before the credential: the scheme of a header, the marks of a block, a prefix of a string literal. */
const LEAD =
  /(?:bearer|basic|token|apikey|api-key|key|digest|bot)[ \t]+|[|>][-+]?[ \t]*\r?\n[ \t]*|(?:[@rbfu]|String\.raw)(?=["'`])/iy;
/** For each character that a lead may begin with: at which distances behind it a blank or a quote may end its word, a bit each. */
const LEAD_ENDS = new Uint16Array(128);
for (const [first, distances] of [
  ['a', [6, 7]],
  ['b', [1, 3, 5, 6]],
  ['d', [6]],
  ['fru@', [1]],
  ['k', [3]],
  ['s', [10]],
  ['t', [5]],
] as const) {
  for (const character of first + first.toUpperCase()) {
    LEAD_ENDS[character.charCodeAt(0)] = distances.reduce((bits, distance) => bits | (1 << distance), 0);
  }
}

/** Whether a lead may begin at a place; most words that begin as one show by their length that they are none. */
function mayLead(text: string, index: number): boolean {
  const code = codeAt(text, index);
  if (code === BAR || code === GREATER) return true;
  let distance = 0;
  for (let ends = LEAD_ENDS[code] ?? 0; ends !== 0; ends >>= 1, distance += 1) {
    if ((ends & 1) === 1 && hasTrait(text, index + distance, BLANK | QUOTE)) return true;
  }
  return false;
}

/** Past a word before the credential, if one begins at a place. */
export function skipLead(text: string, index: number): number {
  return mayLead(text, index) ? Math.max(index, endOfMatch(LEAD, text, index)) : index;
}
