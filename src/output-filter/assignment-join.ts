import { BLANK, GAP, hasTrait, NAME, QUOTE, skip } from './assignment-characters.js';
import { codeAt } from './characters.js';
import { isOtherColon } from './code-shapes.js';
import { operatorLength, operatorOf } from './operator.js';

const MAX_GAP_LENGTH = 24;

const BLANK_SPACE = 32;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const ASTERISK = 42;
const CLOSING_PARENTHESIS = 41;
const TABULATOR = 9;
const COMMA = 44;
const HYPHEN = 45;
const COLON = 58;
const EQUALS = 61;

/** What the name of a type consists of, and how many characters it and the blanks beside it have at most. */
const TYPE_CHARACTER = /[\w.<>*[\]?]/;
const MAX_TYPE_LENGTH = 31;
const MAX_TYPE_GAP = 4;
const IN_TYPE = Uint8Array.from({ length: 128 }, (_, code) =>
  TYPE_CHARACTER.test(String.fromCharCode(code)) ? 1 : 0,
);

const typeGap = `[ \\t]{0,${String(MAX_TYPE_GAP)}}`;
const typeRest = `${TYPE_CHARACTER.source}{0,${String(MAX_TYPE_LENGTH - 1)}}`;
const namedType = `${typeGap}:${typeGap}(?:&?'static )?[*&]?[A-Z]${typeRest}`;
const plainType = String.raw`[ \t]{1,4}[*&[\]]{0,3}(?:str|string|char|byte|text)(?:\[\])?`;
/** A type between name and value: `token: string = …`, `token string = …`, `token: &'static str = …`. */
// eslint-disable-next-line security/detect-non-literal-regexp -- made of this file's own literals
const TYPE = new RegExp(`(?:${namedType}|${plainType})${typeGap}:?=(?![=>])`, 'iy');
/** A value in another attribute of the same element or object. */
const ATTRIBUTE = /["']?[ \t\r\n,]{1,16}["']?(?:value|default|content|data)["']?[ \t]{0,4}[=:]/iy;
const SPEECH = /[ \t]+(?:is|was|are)[ \t]*:?(?=[ \t])/iy;

const codesOf = (letters: string): ReadonlySet<number> =>
  new Set(Array.from(letters, (letter) => letter.charCodeAt(0)));
const ATTRIBUTE_INITIALS = codesOf('cdv');
const TYPE_INITIALS = codesOf('bcst');
const SPEECH_INITIALS = codesOf('aiw');

/** What joins a name and a value. */
export interface Join {
  /** `=`, `:`, `,`, `>`, `->`, `:=` for all longer ones, `is`, a blank before an option's value. */
  operator: string;
  /** Where it ends. */
  end: number;
}

/** Where a match of a sticky pattern that begins at `index` ends; -1 where there is none. */
export function endOfMatch(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function setJoin(join: Join, operator: string, end: number): boolean {
  join.operator = operator;
  join.end = end;
  return end >= 0;
}

/** Finds the operator after a name that ends at `end`; false when what follows is no assignment. */
export function findJoin(text: string, nameStart: number, end: number, join: Join): boolean {
  const code = codeAt(text, end);
  if (code === EQUALS) return findOperator(text, nameStart, end, end, join);
  if (code === BLANK_SPACE || code === TABULATOR) {
    const isOption =
      code === BLANK_SPACE && codeAt(text, nameStart) === HYPHEN && codeAt(text, end - 1) !== HYPHEN;
    if (isOption || hasTrait(text, end + 1, QUOTE)) return setJoin(join, ' ', end + 1);
  }
  const index = skipGap(text, end);
  if (findWords(text, end, index, join)) return true;
  return findOperator(text, nameStart, end, index, join);
}

/**
 * Finds what joins a name that ends at `end` to a value and consists of words: an attribute, a type, speech.
 *
 * @param first where the first of the words, or a comma or colon before it, stands; most by their first letter are none
 *   of these
 */
function findWords(text: string, end: number, first: number, join: Join): boolean {
  const code = codeAt(text, first);
  if (code === COLON) return mayBeType(text, first + 1) && setJoin(join, '=', endOfMatch(TYPE, text, end));
  if (code !== COMMA && !hasTrait(text, first, NAME)) return false;
  if (code === COMMA || ATTRIBUTE_INITIALS.has(code | 32)) {
    if (setJoin(join, '=', endOfMatch(ATTRIBUTE, text, end))) return true;
  }
  if (TYPE_INITIALS.has(code | 32)) return setJoin(join, '=', endOfMatch(TYPE, text, end));
  return SPEECH_INITIALS.has(code | 32) && setJoin(join, 'is', endOfMatch(SPEECH, text, end));
}

function findOperator(text: string, nameStart: number, end: number, index: number, join: Join): boolean {
  const length = operatorLength(text, index);
  if (length === 0) return false;
  const code = codeAt(text, index);
  if (code === COMMA && index === end) return false;
  if (code === COLON && isOtherColon(text, nameStart, end, index)) return false;
  return setJoin(join, operatorOf(text, index, length), index + length);
}

/** Whether a type may stand behind the colon before a place: by its first character, and by the `=` behind it. */
function mayBeType(text: string, start: number): boolean {
  const first = skip(text, start, start + MAX_TYPE_GAP, BLANK);
  const code = codeAt(text, first);
  if (code === AMPERSAND || code === APOSTROPHE || code === ASTERISK) return true;
  const letter = code | 32;
  if (letter < 97 || letter > 122) return false;
  let end = first + 1;
  while (end < first + MAX_TYPE_LENGTH && IN_TYPE[codeAt(text, end)] === 1) end += 1;
  end = skip(text, end, end + MAX_TYPE_GAP, BLANK);
  return codeAt(text, codeAt(text, end) === COLON ? end + 1 : end) === EQUALS;
}

/** Past blanks, quotes and what closes before an operator; a parenthesis does only before a blank or a quote. */
function skipGap(text: string, start: number): number {
  const end = start + MAX_GAP_LENGTH;
  let index = skip(text, start, end, GAP);
  while (
    index < end &&
    codeAt(text, index) === CLOSING_PARENTHESIS &&
    hasTrait(text, index + 1, BLANK | QUOTE)
  ) {
    index = skip(text, index + 1, end, GAP);
  }
  return index;
}
