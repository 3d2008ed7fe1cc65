import { isOtherColon } from './code-shapes.js';
import { operatorLength, operatorOf } from './operator.js';

/**
 * Reading `name = value` in the many forms of configuration files and programming languages.
 *
 * Written by hand rather than as a pattern: every step looks at a bounded window, so a text of nothing but names
 * costs no more than its length.
 */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Whether the value stood in quotation marks. */
  readonly quoted: boolean;
  readonly quote: string;
  /** The character after the value; empty at the end of the text. */
  readonly next: string;
  /** Whether there are blanks on both sides of the operator. */
  readonly spaced: boolean;
  /** Whether the name is the last part of a path of `::`, as types are. */
  readonly scoped: boolean;
  /** Whether the value begins on the line of its name. */
  readonly sameLine: boolean;
  /** What joined name and value: `=`, `:`, `,`, `>`, `->`, `:=` for all longer ones, `is`, a blank before an option's value. */
  readonly operator: string;
}

const MAX_NAME_LENGTH = 80;
const MAX_GAP_LENGTH = 24;
const MAX_VALUE_LENGTH = 512;

const LINE_FEED = 10;
const COMMA = 44;
const HYPHEN = 45;
const COLON = 58;

const NAME = 1;
const BLANK = 2;
const QUOTE = 4;
const STOP = 8;
/** May begin what stands before a value: see {@link LEAD}. */
const LEADS = 16;

const TRAITS = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.') {
  TRAITS[character.charCodeAt(0)] = NAME;
}
for (const character of ' \t\r\n') TRAITS[character.charCodeAt(0)] = BLANK | STOP;
for (const character of '"\'`') TRAITS[character.charCodeAt(0)] = QUOTE | STOP;
for (const character of ';,<>&()[]{}|') TRAITS[character.charCodeAt(0)] = STOP;
for (const character of 'abdfkrstuABDFKRSTU@|>') {
  TRAITS[character.charCodeAt(0)] = (TRAITS[character.charCodeAt(0)] ?? 0) | LEADS;
}

function hasTrait(text: string, index: number, trait: number): boolean {
  const code = text.charCodeAt(index);
  return code < 128 && ((TRAITS[code] ?? 0) & trait) !== 0;
}

/** Where the name that holds the text from `start` to `end` begins and ends. */
export function nameAround(text: string, start: number, end: number): { start: number; end: number } {
  let from = start;
  const lowest = Math.max(0, start - MAX_NAME_LENGTH);
  while (from > lowest && hasTrait(text, from - 1, NAME)) from -= 1;
  let to = end;
  const highest = Math.min(text.length, end + MAX_NAME_LENGTH);
  while (to < highest && hasTrait(text, to, NAME)) to += 1;
  return { start: from, end: to };
}

/** A type between name and value: `token: string = …`, `token string = …`, `token: &'static str = …`. */
const TYPE =
  /(?:[ \t]{0,4}:[ \t]{0,4}(?:&?'static )?[*&]?[A-Z][\w.<>*[\]?]{0,30}|[ \t]{1,4}[*&[\]]{0,3}(?:str|string|char|byte|text)(?:\[\])?)[ \t]{0,4}:?=(?![=>])/iy;
/** A value in another attribute of the same element or object. */
const ATTRIBUTE = /["']?[ \t\r\n,]{1,16}["']?(?:value|default|content|data)["']?[ \t]{0,4}[=:]/iy;
const SPEECH = /[ \t]+(?:is|was|are)[ \t]*:?(?=[ \t])/iy;

interface Join {
  readonly operator: string;
  readonly end: number;
}

/** Where a match of a sticky pattern that begins at `index` ends; -1 where there is none. */
function endOfMatch(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function joinOf(operator: string, pattern: RegExp, text: string, at: number): Join | null {
  const end = endOfMatch(pattern, text, at);
  return end < 0 ? null : { operator, end };
}

/**
 * What joins a name that ends at `end` to a value that follows words: an attribute, a type, speech.
 *
 * @param first where the first of the words, or a comma before it, stands; most by their first letter are none of these
 */
function joinByWords(text: string, end: number, first: number): Join | null {
  const code = text.charCodeAt(first);
  const letter = String.fromCharCode(code | 32);
  const join = code === COMMA || 'cdv'.includes(letter) ? joinOf('=', ATTRIBUTE, text, end) : null;
  if (join !== null) return join;
  if ('bcst'.includes(letter)) return joinOf('=', TYPE, text, end);
  return 'aiw'.includes(letter) ? joinOf('is', SPEECH, text, end) : null;
}

/** The operator after a name that ends at `end`; null when what follows is no assignment. */
function joinAfter(text: string, nameStart: number, end: number): Join | null {
  const code = text.charCodeAt(end);
  if ((code === 32 || code === 9) && hasTrait(text, end + 1, QUOTE)) return { operator: ' ', end: end + 1 };
  if (code === 32 && text.charCodeAt(nameStart) === HYPHEN && text.charCodeAt(end - 1) !== HYPHEN) {
    return { operator: ' ', end: end + 1 };
  }
  let index = end;
  const highest = Math.min(text.length, end + MAX_GAP_LENGTH);
  while (index < highest && (hasTrait(text, index, BLANK | QUOTE) || isCloser(text, index))) index += 1;
  if (hasTrait(text, index, NAME) || text.charCodeAt(index) === COMMA) {
    const join = joinByWords(text, end, index);
    if (join !== null) return join;
  } else if (text.charCodeAt(index) === COLON && mayBeType(text, index + 1)) {
    const join = joinOf('=', TYPE, text, end);
    if (join !== null) return join;
  }
  const length = operatorLength(text, index);
  if (length === 0 || (code === COMMA && index === end)) return null;
  if (text.charCodeAt(index) === COLON && isOtherColon(text, nameStart, end, index)) return null;
  return { operator: operatorOf(text, index, length), end: index + length };
}

/** Whether a type may begin behind the colon before a place; most values show by their first character that none does. */
function mayBeType(text: string, start: number): boolean {
  let index = start;
  while (index < start + 4 && hasTrait(text, index, BLANK)) index += 1;
  const code = text.charCodeAt(index);
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || code === 38 || code === 39 || code === 42;
}

function isCloser(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 93 || code === 92 || (code === 41 && hasTrait(text, index + 1, BLANK | QUOTE));
}

/** A word before the credential: the scheme of a header, the marks of a block, a prefix of a string literal. */
const LEAD =
  /(?:bearer|basic|token|apikey|api-key|key|digest|bot)[ \t]+|[|>][-+]?[ \t]*\r?\n[ \t]*|(?:[@rbfu]|String\.raw)(?=["'`])/iy;

/** Whether a character opens a value, besides a quote: a backslash, a bracket, and a parenthesis before a quote. */
function isOpener(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 92 || code === 91 || (code === 40 && hasTrait(text, index + 1, QUOTE));
}

function skipBlanks(text: string, start: number): number {
  let index = start;
  const highest = Math.min(text.length, start + MAX_GAP_LENGTH);
  while (index < highest && hasTrait(text, index, BLANK)) index += 1;
  return index;
}

interface Opening {
  readonly start: number;
  readonly quote: string;
}

/** A value as a field of a quoted table has it: each of its quotation marks twice. */
const DOUBLED_QUOTES = /""[^"\r\n]{1,200}""/y;

function openingLength(text: string, index: number, mark: string): number {
  if (text.charAt(index + 1) !== mark) return 1;
  if (text.charAt(index + 2) === mark) return 3;
  return endOfMatch(DOUBLED_QUOTES, text, index) < 0 ? 1 : 2;
}

/** Past blanks, brackets, lead words and opening quotes: where the value begins, and the quote it stands in. */
function openValue(text: string, start: number): Opening {
  let index = skipBlanks(text, start);
  let quote = '';
  for (let round = 0; round < 3; round += 1) {
    const before = index;
    if (hasTrait(text, index, LEADS)) index = Math.max(index, endOfMatch(LEAD, text, index));
    while (isOpener(text, index)) index += 1;
    if (hasTrait(text, index, QUOTE)) {
      const mark = text.charAt(index);
      if (mark === quote) break;
      quote = mark;
      index += openingLength(text, index, mark);
    }
    if (quote === '') index = skipBlanks(text, index);
    if (index === before) break;
  }
  return { start: index, quote };
}

function closeValue(text: string, start: number, quote: string): number {
  const highest = Math.min(text.length, start + MAX_VALUE_LENGTH);
  let index = start;
  if (quote === '') {
    while (index < highest && !hasTrait(text, index, STOP)) index += 1;
    return index;
  }
  while (index < highest && text.charAt(index) !== quote && text.charCodeAt(index) !== LINE_FEED) index += 1;
  return index;
}

/** The assignment to the name that spans `nameStart` to `nameEnd`; null where there is none. */
export function readAssignment(text: string, nameStart: number, nameEnd: number): Assignment | null {
  const join = joinAfter(text, nameStart, nameEnd);
  if (join === null) return null;
  const { start, quote } = openValue(text, join.end);
  let end = closeValue(text, start, quote);
  while (end > start && isTail(text.charCodeAt(end - 1), quote)) end -= 1;
  if (end === start) return null;
  return {
    name: text.slice(nameStart, nameEnd),
    value: text.slice(start, end),
    valueStart: start,
    valueEnd: end,
    next: text.charAt(end),
    spaced: hasTrait(text, nameEnd, BLANK) && hasTrait(text, start - 1, BLANK),
    scoped: text.charCodeAt(nameStart - 1) === COLON && text.charCodeAt(nameStart - 2) === COLON,
    quoted: quote !== '',
    quote,
    sameLine: quote !== '' || !hasLineEnd(text, join.end, start),
    operator: join.operator,
  };
}

function hasLineEnd(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (text.charCodeAt(index) === LINE_FEED) return true;
  return false;
}

/** Whether a last character belongs to what surrounds the value: an escape, or the end of a sentence. */
function isTail(code: number, quote: string): boolean {
  return code === 92 || code === 13 || (quote === '' && (code === 46 || code === 58));
}

/** Where a value really ends: one longer than is judged is a secret as a whole. */
export function endOfValue(text: string, { valueStart, valueEnd, quote }: Assignment): number {
  if (valueEnd - valueStart < MAX_VALUE_LENGTH) return valueEnd;
  let end = valueEnd;
  while (end < text.length && !(quote === '' ? hasTrait(text, end, STOP) : text.charAt(end) === quote))
    end += 1;
  return end;
}
