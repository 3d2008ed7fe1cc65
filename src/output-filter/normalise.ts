import { compatibleAscii, REMOVED } from './homoglyphs.js';
import { lastAtOrBefore } from './last-at-or-before.js';
import { readUtf8 } from './utf8.js';

/** A text with its disguises taken off, and where each of its characters came from. */
export interface NormalisedText {
  readonly text: string;
  /** The span of the source that a span of the text came from. */
  readonly toSource: (start: number, end: number) => readonly [number, number];
}

/** Takes the disguises off a text; null where it wears none. */
export type Normaliser = (text: string) => NormalisedText | null;

const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;

/** ASCII characters that stand for themselves. */
const PLAIN = new Uint8Array(128).fill(1, 32, 127);
for (const character of '\t\n\r') PLAIN[character.charCodeAt(0)] = 1;
for (const code of [PERCENT, AMPERSAND, BACKSLASH]) PLAIN[code] = 0;

/** Escapes of one letter: what stands after the backslash, and what it means. */
const SHORT_ESCAPES = new Map([
  [34, 34],
  [39, 39],
  [47, 47],
  [110, 10],
  [114, 13],
  [116, 9],
]);
/** `\UXXXXXXXX`, `\u{…}`, `\uXXXX`, `\xXX`; of an octal number in another group. */
const BACKSLASH_ESCAPE =
  /\\(?:U(00(?:0[\dA-Fa-f]|10)[\dA-Fa-f]{4})|[uU]\{0{0,6}([\dA-Fa-f]{1,6})\}|[uU]{1,4}([\dA-Fa-f]{4})|[xX]([\dA-Fa-f]{2})|([0-3][0-7]{2}))/y;
/** Backslashes before one escape: text in JSON has two, in JSON in JSON four. */
const MAX_BACKSLASHES = 8;
const REFERENCE = /&(?:#x0{0,8}([0-9a-f]{1,6})|#0{0,8}(\d{1,7})|([a-z]{2,8}));?/iy;

const NAMED_REFERENCES: Readonly<Record<string, number>> = {
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
};

interface Escape {
  readonly code: number;
  readonly length: number;
}

function numberEscape(text: string, index: number): Escape | null {
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
  while (last - index < MAX_BACKSLASHES && text.charCodeAt(last + 1) === BACKSLASH) last += 1;
  const short = SHORT_ESCAPES.get(text.charCodeAt(last + 1));
  const escape = short === undefined ? numberEscape(text, last) : { code: short, length: 2 };
  return escape === null || last === index
    ? escape
    : { code: escape.code, length: escape.length + last - index };
}

function characterReference(text: string, index: number): Escape | null {
  REFERENCE.lastIndex = index;
  const match = REFERENCE.exec(text);
  if (match === null) return null;
  const [whole, hex, decimal, name] = match;
  const code =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : decimal !== undefined
        ? Number.parseInt(decimal, 10)
        : NAMED_REFERENCES[(name ?? '').toLowerCase()];
  return code === undefined ? null : { code, length: whole.length };
}

/** The value of a hexadecimal digit; -1 for another character. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The byte that `%XX` at `index` stands for; -1 where no such escape does. */
function percentByte(text: string, index: number): number {
  if (text.charCodeAt(index) !== PERCENT) return -1;
  const high = hexDigit(text.charCodeAt(index + 1));
  const low = hexDigit(text.charCodeAt(index + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** `%XX` of an ASCII character, or several of one in UTF-8. */
function percentEscape(text: string, index: number): Escape | null {
  const first = percentByte(text, index);
  if (first < 0x80) return first < 0 ? null : { code: first, length: 3 };
  const character = readUtf8((place) => percentByte(text, index + 3 * place));
  return character === null ? null : { code: character.code, length: 3 * character.length };
}

function escapeAt(text: string, index: number, code: number): Escape | null {
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

/** Folds characters beyond the basic plane: styled letters and digits to ASCII, tags and selectors to nothing. */
function foldAstral(codePoint: number): number {
  if (codePoint >= 0x1_d400 && codePoint <= 0x1_d7ff) return compatibleAscii(codePoint)?.charCodeAt(0) ?? 0;
  if (codePoint >= 0x1_f100 && codePoint <= 0x1_f189) {
    // Squared and negative letters have no compatibility form of their own beyond the first two rows.
    const letter = (codePoint - 0x1_f110) % 32;
    return codePoint >= 0x1_f110 && letter < 26 ? 65 + letter : 0;
  }
  if (codePoint >= 0x1_fbf0 && codePoint <= 0x1_fbf9) return 48 + codePoint - 0x1_fbf0;
  return codePoint >= 0xe_0000 && codePoint <= 0xe_0fff ? REMOVED : 0;
}

interface Output {
  readonly codes: Uint16Array;
  length: number;
  /** Pairs of an offset in the output and the offset in the source it came from, where the distance changed. */
  readonly shifts: number[];
  changed: boolean;
}

function putCodePoint(output: Output, codePoint: number): void {
  if (codePoint > 0xffff) {
    output.codes[output.length++] = 0xd800 + ((codePoint - 0x1_0000) >> 10);
    output.codes[output.length++] = 0xdc00 + ((codePoint - 0x1_0000) & 0x3ff);
  } else output.codes[output.length++] = codePoint;
}

/** What a character folds to: an ASCII code, {@link REMOVED}, or 0 to stay as it is. */
function fold(codePoint: number, table: Uint16Array): number {
  return codePoint > 0xffff ? foldAstral(codePoint) : (table[codePoint] ?? 0);
}

/** Makes the function that folds one character, by its code point, as the normaliser does. */
export function createFold(table: Uint16Array): (codePoint: number) => number {
  return (codePoint) => fold(codePoint, table);
}

/** Emits what stands at `index`, which is no plain ASCII character, as folded; returns how much of the text it was. */
function putFolded(output: Output, table: Uint16Array, text: string, index: number): number {
  const code = text.charCodeAt(index);
  const escape = escapeAt(text, index, code);
  const codePoint = Math.min(escape?.code ?? text.codePointAt(index) ?? code, 0x10_ffff);
  const length = escape?.length ?? (codePoint > 0xffff ? 2 : 1);
  const folded = fold(codePoint, table);
  const before = output.length;
  if (folded !== REMOVED) putCodePoint(output, folded === 0 ? codePoint : folded);
  if (folded !== 0 || escape !== null) output.changed = true;
  if (output.length - before !== length) output.shifts.push(output.length, index + length);
  return length;
}

/** Finds the offset in the source of an offset in the output, by the last change of distance at or before it. */
class SourceMap {
  #last = 0;

  constructor(
    private readonly shifts: readonly number[],
    private readonly sourceLength: number,
  ) {}

  /** The span of the source; its end is where the character before it ended, which may have been written longer. */
  spanOf(start: number, end: number): readonly [number, number] {
    const from = this.#offsetOf(start);
    return [from, end === 0 ? 0 : Math.min(this.sourceLength, this.#offsetOf(end))];
  }

  #offsetOf(offset: number): number {
    const { shifts } = this;
    const place = (this.#last = lastAtOrBefore(shifts, 2, offset, this.#last)) * 2;
    return (shifts[place + 1] ?? 0) + offset - (shifts[place] ?? 0);
  }
}

/** Whether a character stands for itself, whatever follows it. */
function isPlain(code: number, table: Uint16Array): boolean {
  return code < 128 ? PLAIN[code] === 1 : (code & 0xf800) !== 0xd800 && table[code] === 0;
}

function normalise(text: string, table: Uint16Array): NormalisedText | null {
  let first = 0;
  while (first < text.length && isPlain(text.charCodeAt(first), table)) first += 1;
  if (first === text.length) return null;
  const codes = new Uint16Array(text.length + 1);
  for (let index = 0; index < first; index += 1) codes[index] = text.charCodeAt(index);
  const output: Output = { codes, length: first, shifts: [0, 0], changed: false };
  for (let index = first; index < text.length;) {
    let { length } = output;
    for (; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (!isPlain(code, table)) break;
      codes[length++] = code;
    }
    output.length = length;
    if (index < text.length) index += putFolded(output, table, text, index);
  }
  if (!output.changed) return null;
  const map = new SourceMap(output.shifts, text.length);
  return {
    text: textOf(codes.subarray(0, output.length)),
    toSource: (start, end) => map.spanOf(start, end),
  };
}

/** The text of character codes; of a byte a character where that is enough, since such a text is read faster. */
function textOf(codes: Uint16Array): string {
  let bits = 0;
  for (let index = 0; index < codes.length; index += 1) bits |= codes[index] ?? 0;
  if (bits < 256) return Buffer.from(codes).toString('latin1');
  return Buffer.from(codes.buffer, 0, codes.length * 2).toString('utf16le');
}

/**
 * Makes the function that takes disguises off a text: look-alikes and compatibility forms folded to ASCII, invisible
 * characters removed, percent, backslash and HTML escapes resolved. It answers null where there is nothing to take off.
 */
export function createNormaliser(table: Uint16Array): Normaliser {
  return (text) => normalise(text, table);
}
