import { unitAt } from './characters.js';
import { ESCAPE_STARTS, escapeAt, PERCENT, PERCENT_ESCAPE_LENGTH, percentByte } from './escapes.js';
import { compatibleAscii, REMOVED } from './homoglyphs.js';
import { Rewriting, ROOM_CODES, type NormalisedText } from './rewriting.js';

/** Takes the disguises off a text; null where it wears none. */
export type Normaliser = (text: string) => NormalisedText | null;

/** ASCII characters that stand for themselves. */
const PLAIN = new Uint8Array(128).fill(1, 32, 127);
for (const character of '\t\n\r') PLAIN[character.charCodeAt(0)] = 1;
for (const code of ESCAPE_STARTS) PLAIN[code] = 0;

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

/** What a character folds to: an ASCII code, {@link REMOVED}, or 0 to stay as it is. */
function fold(codePoint: number, table: Uint16Array): number {
  return codePoint > 0xffff ? foldAstral(codePoint) : (table[codePoint] ?? 0);
}

/** Makes the function that folds one character, by its code point, as the normaliser does. */
export function createFold(table: Uint16Array): (codePoint: number) => number {
  return (codePoint) => fold(codePoint, table);
}

/** Emits what stands at `index`, which is no plain ASCII character, as folded; returns how much of the text it was. */
function putFolded(output: Rewriting, table: Uint16Array, text: string, index: number): number {
  const code = unitAt(text, index);
  // Most escapes are of one ASCII character, and need no object to be told of.
  const byte = code === PERCENT ? percentByte(text, index) : -1;
  const isAscii = byte >= 0 && byte < 0x80;
  const escape = isAscii ? null : escapeAt(text, index, code);
  const codePoint = isAscii ? byte : Math.min(escape?.code ?? text.codePointAt(index) ?? code, 0x10_ffff);
  const length = isAscii ? PERCENT_ESCAPE_LENGTH : (escape?.length ?? (codePoint > 0xffff ? 2 : 1));
  const folded = fold(codePoint, table);
  const isChanged = folded !== 0 || isAscii || escape !== null;
  output.put(folded === REMOVED ? null : folded || codePoint, isChanged, length, index + length);
  return length;
}

/** Whether a character stands for itself, whatever follows it. */
function isPlain(code: number, table: Uint16Array): boolean {
  return code < 128 ? PLAIN[code] === 1 : (code & 0xf800) !== 0xd800 && table[code] === 0;
}

function normalise(text: string, table: Uint16Array, room: Rewriting): NormalisedText | null {
  // Asked of the text each time, its length would be looked up each time, once the runtime met texts of many kinds.
  const { length: end } = text;
  let first = 0;
  while (first < end && isPlain(unitAt(text, first), table)) first += 1;
  if (first === end) return null;
  const output = end < room.capacity ? room : new Rewriting(end + 1);
  const { codes } = output;
  for (let index = 0; index < first; index += 1) codes[index] = unitAt(text, index);
  output.begin(first);
  for (let index = first; index < end;) {
    let { length } = output;
    for (; index < end; index += 1) {
      const code = unitAt(text, index);
      if (!isPlain(code, table)) break;
      codes[length++] = code;
    }
    output.length = length;
    if (index < end) index += putFolded(output, table, text, index);
  }
  return output.finish(text);
}

/**
 * Makes the function that takes disguises off a text: look-alikes and compatibility forms folded to ASCII, invisible
 * characters removed, percent, backslash and HTML escapes resolved. It answers null where there is nothing to take off.
 */
export function createNormaliser(table: Uint16Array): Normaliser {
  const room = new Rewriting(ROOM_CODES);
  return (text) => normalise(text, table, room);
}
