import { hasTrait, QUOTE } from './assignment-characters.js';
import { endOfMatch } from './assignment-join.js';
import { codeAt, unitAt } from './characters.js';

const SPACE = 32;
const TABULATOR = 9;
const GREATER = 62;
const BAR = 124;

/** For each character the words before a credential that begin with it, in lower case. */
const WORDS: readonly (readonly string[])[] = Array.from({ length: 128 }, (_, code) =>
  ['bearer', 'basic', 'token', 'apikey', 'api-key', 'key', 'digest', 'bot'].filter(
    (word) => word.charAt(0) === String.fromCharCode(code).toLowerCase(),
  ),
);
const RAW_STRING = 'string.raw';
/** What a string literal may begin with before its quotation mark, in either case. */
const LITERAL_PREFIXES = new Uint8Array(128);
for (const character of '@rbfuRBFU') LITERAL_PREFIXES[character.charCodeAt(0)] = 1;
/** The marks of a block, which begins on the next line. */
const BLOCK = /[|>][-+]?[ \t]*\r?\n[ \t]*/y;

const isInlineBlank = (code: number): boolean => code === SPACE || code === TABULATOR;

/** Whether a word, given in lower case, stands at a place in any case. */
function isWordAt(text: string, index: number, word: string): boolean {
  for (let place = 0; place < word.length; place += 1) {
    const code = codeAt(text, index + place);
    const lower = code >= 65 && code <= 90 ? code | 32 : code;
    if (lower !== unitAt(word, place)) return false;
  }
  return true;
}

/** Past a word before the credential, if one begins at a place: the scheme of a header, the marks of a block, a prefix of a string literal. */
export function skipLead(text: string, index: number): number {
  const code = codeAt(text, index);
  if (code === BAR || code === GREATER) return Math.max(index, endOfMatch(BLOCK, text, index));
  if (LITERAL_PREFIXES[code] === 1 && hasTrait(text, index + 1, QUOTE)) return index + 1;
  const words = WORDS[code] ?? [];
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? '';
    let end = index + word.length;
    if (!isInlineBlank(codeAt(text, end)) || !isWordAt(text, index, word)) continue;
    while (isInlineBlank(codeAt(text, end))) end += 1;
    return end;
  }
  const isRaw = (code | 32) === RAW_STRING.charCodeAt(0) && hasTrait(text, index + RAW_STRING.length, QUOTE);
  return isRaw && isWordAt(text, index, RAW_STRING) ? index + RAW_STRING.length : index;
}
