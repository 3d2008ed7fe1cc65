import { ESCAPE_STARTS, escapeAt } from './escapes.js';
import { compatibleAscii, REMOVED } from './homoglyphs.js';
import type { Revision } from './revision.js';
import { SourceMap, type DerivedText } from './source-map.js';

/** A text with its disguises taken off. */
export interface NormalisedText extends DerivedText {
  /** Where the text is another than the source, and where given ascending places of the source are in it. */
  revise(rests: readonly number[]): Revision;
}

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

interface Output {
  readonly codes: Uint16Array;
  length: number;
  /** Pairs of an offset in the output and the offset in the source it came from, where the distance changed. */
  shifts: number[] | null;
  /** Starts and ends, alternating, of what is not as it was, in the output. */
  changes: number[] | null;
}

/** Changes that are this near to one another count as one. */
const MIN_CHANGE_DISTANCE = 1024;

// A list that is made with what it holds takes the room of that: most texts have one change, and one that grows takes
// room for many.
function noteChange(output: Output, start: number): void {
  const { changes, length } = output;
  if (changes === null) output.changes = [start, length];
  else if (start - (changes.at(-1) ?? -Infinity) < MIN_CHANGE_DISTANCE) changes[changes.length - 1] = length;
  else changes.push(start, length);
}

function noteShift(output: Output, sourceOffset: number): void {
  const { shifts, length } = output;
  if (shifts === null) output.shifts = [0, 0, length, sourceOffset];
  else shifts.push(length, sourceOffset);
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
  if (folded !== 0 || escape !== null) noteChange(output, before);
  if (output.length - before !== length) noteShift(output, index + length);
  return length;
}

/** Whether a character stands for itself, whatever follows it. */
function isPlain(code: number, table: Uint16Array): boolean {
  return code < 128 ? PLAIN[code] === 1 : (code & 0xf800) !== 0xd800 && table[code] === 0;
}

/** The shifts of a text in which every character is where it was. */
const UNSHIFTED: readonly number[] = Object.freeze([0, 0]);

/** What was made of a text. */
class Normalised implements NormalisedText {
  readonly text: string;
  readonly #map: SourceMap;
  readonly #changes: readonly number[];

  constructor({ codes, length, shifts, changes }: Output, sourceLength: number) {
    this.text = textOf(codes, length);
    this.#map = new SourceMap(shifts ?? UNSHIFTED, sourceLength);
    this.#changes = changes ?? [];
  }

  toSource(start: number, end: number): readonly [number, number] {
    return this.#map.spanOf(start, end);
  }

  revise(rests: readonly number[]): Revision {
    return { changes: this.#changes, rests: this.#map.outputOf(rests) };
  }
}

function normalise(text: string, table: Uint16Array, room: Uint16Array): NormalisedText | null {
  let first = 0;
  while (first < text.length && isPlain(text.charCodeAt(first), table)) first += 1;
  if (first === text.length) return null;
  const codes = text.length < room.length ? room : new Uint16Array(text.length + 1);
  for (let index = 0; index < first; index += 1) codes[index] = text.charCodeAt(index);
  const output: Output = { codes, length: first, shifts: null, changes: null };
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
  if (output.changes === null) return null;
  return new Normalised(output, text.length);
}

/** The text of character codes; of a byte a character where that is enough, since such a text is read faster. */
function textOf(codes: Uint16Array, length: number): string {
  let bits = 0;
  for (let index = 0; index < length; index += 1) bits |= codes[index] ?? 0;
  if (length <= MAX_PIECED_LENGTH) return pieceTogether(codes, length);
  if (bits < 256) return Buffer.from(codes.subarray(0, length)).toString('latin1');
  return Buffer.from(codes.buffer, 0, length * 2).toString('utf16le');
}

/** Up to this length, characters put together one by one take less than asking the runtime for all of them. */
const MAX_PIECED_LENGTH = 12;

function pieceTogether(codes: Uint16Array, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += String.fromCharCode(codes[index] ?? 0);
  return text;
}

/** Shorter texts are normalised in the same room each: to make it anew would cost more than they do. */
const ROOM = 1024;

/**
 * Makes the function that takes disguises off a text: look-alikes and compatibility forms folded to ASCII, invisible
 * characters removed, percent, backslash and HTML escapes resolved. It answers null where there is nothing to take off.
 */
export function createNormaliser(table: Uint16Array): Normaliser {
  const room = new Uint16Array(ROOM);
  return (text) => normalise(text, table, room);
}
