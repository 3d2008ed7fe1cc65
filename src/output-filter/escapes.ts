/** Characters written as others: percent-encoding, backslash escapes, character references. */
import { unitAt } from './characters.js';
import { readUtf8 } from './utf8.js';

/** The percent sign, with which the escapes of URLs begin. */
export const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;

/** The characters that escapes begin with. */
export const ESCAPE_STARTS: readonly number[] = [PERCENT, AMPERSAND, BACKSLASH];

/** Escapes of one letter: for what stands after the backslash, what it means; 0 for other characters. */
const SHORT_ESCAPES = new Uint8Array(128);
for (const pair of ['""', "''", '//', 'n\n', 'r\r', 't\t']) {
  SHORT_ESCAPES[pair.charCodeAt(0)] = pair.charCodeAt(1);
}
/** `\UXXXXXXXX`, `\u{…}`, `\uXXXX`, `\xXX`; of an octal number in another group. */
const BACKSLASH_ESCAPE =
  /\\(?:U(00(?:0[\dA-Fa-f]|10)[\dA-Fa-f]{4})|[uU]\{0{0,6}([\dA-Fa-f]{1,6})\}|[uU]{1,4}([\dA-Fa-f]{4})|[xX]([\dA-Fa-f]{2})|([0-3][0-7]{2}))/y;
const FIRST_OF_NUMBER = 1;
const SECOND_OF_NUMBER = 2;
/** For each ASCII character: whether it may stand first or second behind the backslash of {@link BACKSLASH_ESCAPE}. */
const IN_NUMBERS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  const isFirst = /[UX0-3]/i.test(character);
  return (isFirst ? FIRST_OF_NUMBER : 0) | (/[\dA-FU{]/i.test(character) ? SECOND_OF_NUMBER : 0);
});
/** Backslashes before one escape: text in JSON has two, in JSON in JSON four. */
const MAX_BACKSLASHES = 8;
/** `&#xXX;`, `&#DD;`; the semicolon may be missing. */
const NUMBER_REFERENCE = /&#(?:x0{0,8}([0-9a-f]{1,6})|0{0,8}(\d{1,7}));?/iy;

const NAMED_REFERENCES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    amp: 38,
    quot: 34,
    apos: 39,
    lt: 60,
    gt: 62,
    nbsp: 32,
    colon: 58,
    equals: 61,
    lowbar: 95,
    hyphen: 45,
    dash: 45,
    period: 46,
    sol: 47,
    plus: 43,
    commat: 64,
    num: 35,
    shy: 0xad,
    zwnj: 0x200c,
    zwj: 0x200d,
  }),
);
const MAX_NAME_LENGTH = Math.max(...Array.from(NAMED_REFERENCES.keys(), ({ length }) => length));

const HASH = 35;
const SEMICOLON = 59;
const isLetter = (code: number): boolean => {
  const letter = code | 32;
  return letter >= 97 && letter <= 122;
};
/** The first two letters of the names, as `first << 5 | second`: most words behind an ampersand begin otherwise. */
const BEGINS_NAME = new Uint8Array(32 * 32);
const pairAt = (text: string, index: number): number =>
  ((unitAt(text, index) & 31) << 5) | (unitAt(text, index + 1) & 31);
for (const name of NAMED_REFERENCES.keys()) BEGINS_NAME[pairAt(name, 0)] = 1;

/** An escape: the code point it stands for, and how long it is written. */
export interface Escape {
  readonly code: number;
  readonly length: number;
}

/** Whether the character at an index may stand at a place of an escape by a number. */
const mayStandInNumber = (text: string, index: number, place: number): boolean => {
  const code = unitAt(text, index);
  return code < 128 && ((IN_NUMBERS[code] ?? 0) & place) !== 0;
};

function numberEscape(text: string, index: number): Escape | null {
  // Most characters that follow a backslash begin none.
  if (!mayStandInNumber(text, index + 1, FIRST_OF_NUMBER)) return null;
  if (!mayStandInNumber(text, index + 2, SECOND_OF_NUMBER)) return null;
  BACKSLASH_ESCAPE.lastIndex = index;
  const match = BACKSLASH_ESCAPE.exec(text);
  if (match === null) return null;
  const [{ length }, long, braced, short, byte, octal] = match;
  const code =
    octal === undefined
      ? Number.parseInt(long ?? braced ?? short ?? byte ?? '', 16)
      : Number.parseInt(octal, 8);
  return { code, length };
}

/** An escape behind one backslash, or behind as many as the levels of quotation that the text went through ask for. */
function backslashEscape(text: string, index: number): Escape | null {
  let last = index;
  while (last - index < MAX_BACKSLASHES && unitAt(text, last + 1) === BACKSLASH) last += 1;
  const next = unitAt(text, last + 1);
  const short = next < 128 ? (SHORT_ESCAPES[next] ?? 0) : 0;
  const escape = short === 0 ? numberEscape(text, last) : { code: short, length: 2 };
  return escape === null || last === index
    ? escape
    : { code: escape.code, length: escape.length + last - index };
}

function characterReference(text: string, index: number): Escape | null {
  return unitAt(text, index + 1) === HASH ? numberReference(text, index) : namedReference(text, index);
}

function numberReference(text: string, index: number): Escape | null {
  NUMBER_REFERENCE.lastIndex = index;
  const match = NUMBER_REFERENCE.exec(text);
  if (match === null) return null;
  const [{ length }, hex, decimal] = match;
  const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
  return { code, length };
}

/** `&name;`; the semicolon may be missing. */
function namedReference(text: string, index: number): Escape | null {
  const start = index + 1;
  if (BEGINS_NAME[pairAt(text, start)] !== 1) return null;
  let end = start;
  while (end - start <= MAX_NAME_LENGTH && isLetter(unitAt(text, end))) end += 1;
  const code = NAMED_REFERENCES.get(text.slice(start, end).toLowerCase());
  if (code === undefined) return null;
  return { code, length: end - index + (unitAt(text, end) === SEMICOLON ? 1 : 0) };
}

/** The value of a hexadecimal digit; -1 for another character. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** How long `%XX` is. */
export const PERCENT_ESCAPE_LENGTH = 3;

/** The byte that `%XX` at `index` stands for; -1 where no such escape does. */
export function percentByte(text: string, index: number): number {
  if (unitAt(text, index) !== PERCENT) return -1;
  const high = hexDigit(unitAt(text, index + 1));
  const low = hexDigit(unitAt(text, index + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** `%XX` of an ASCII character, or several of one in UTF-8. */
function percentEscape(text: string, index: number): Escape | null {
  const first = percentByte(text, index);
  if (first < 0x80) return first < 0 ? null : { code: first, length: PERCENT_ESCAPE_LENGTH };
  const character = readUtf8((place) => percentByte(text, index + PERCENT_ESCAPE_LENGTH * place));
  return character === null
    ? null
    : { code: character.code, length: PERCENT_ESCAPE_LENGTH * character.length };
}

/** The escape that begins at `index` with the character `code`; null where none does. */
export function escapeAt(text: string, index: number, code: number): Escape | null {
  switch (code) {
    case PERCENT:
      return percentEscape(text, index);
    case BACKSLASH:
      return backslashEscape(text, index);
    case AMPERSAND:
      return characterReference(text, index);
    default:
      return null;
  }
}
