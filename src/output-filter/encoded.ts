import { unitAt } from './characters.js';
import { REMOVED } from './homoglyphs.js';
import { readUtf8, utf8Length } from './utf8.js';

const VALUES = new Uint8Array(128).fill(255);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let index = 0; index < ALPHABET.length; index += 1) VALUES[ALPHABET.charCodeAt(index)] = index;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** The six bits that a character of either base64 alphabet stands for; -1 for another character. */
export function base64Value(code: number): number {
  const value = code < 128 ? (VALUES[code] ?? 255) : 255;
  return value === 255 ? -1 : value;
}

/** How many leading characters of a run tell text from binary before the rest is decoded. */
const PROBE_CHARACTERS = 16;
/** Of most runs that hold no text, so many are enough. */
const SHORT_PROBE_CHARACTERS = 8;
const MAX_STRANGE_BYTES = 3;
const MIN_PRINTABLE_SHARE = 0.85;

const PRINTABLE = new Uint8Array(256).fill(1, 32, 127);
for (const blank of '\t\n\r') PRINTABLE[blank.charCodeAt(0)] = 1;

/** Whether a byte is a printable character of ASCII, or a blank of any kind. */
const isPrintable = (byte: number): boolean => PRINTABLE[byte] === 1;

/** The twelve bits of two characters of base64. */
function bitsAt(text: string, index: number): number {
  return ((VALUES[unitAt(text, index)] ?? 0) << 6) | (VALUES[unitAt(text, index + 1)] ?? 0);
}

/** Writes the bytes of a base64 or base64url run without its padding; returns where they end. */
function writeBase64(text: string, start: number, end: number, target: Uint8Array, offset: number): number {
  let written = offset;
  let index = start;
  for (; index + 4 <= end; index += 4) {
    const held = (bitsAt(text, index) << 12) | bitsAt(text, index + 2);
    target[written] = held >> 16;
    target[written + 1] = (held >> 8) & 255;
    target[written + 2] = held & 255;
    written += 3;
  }
  const more = end - index;
  if (more >= 2) target[written++] = bitsAt(text, index) >> 4;
  if (more === 3) target[written++] = (bitsAt(text, index + 1) >> 2) & 255;
  return written;
}

function nibble(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}

/** Writes the bytes of a run of hexadecimal digits; returns where they end. */
function writeHex(text: string, start: number, end: number, target: Uint8Array, offset: number): number {
  const length = (end - start) >> 1;
  for (let index = 0; index < length; index += 1) {
    const at = start + index * 2;
    target[offset + index] = (nibble(unitAt(text, at)) << 4) | nibble(unitAt(text, at + 1));
  }
  return offset + length;
}

/**
 * A byte of a run of base64 that begins at `start`, by its place among them: its low bits, 2, 4 or 6 of them, are in the
 * character after the one that has the high bits.
 */
export function byteOfBase64(text: string, start: number, place: number): number {
  return (bitsAt(text, start + (((place * 4) / 3) | 0)) >> (4 - 2 * (place % 3))) & 255;
}

/**
 * Room for the first bytes of a run.
 *
 * INVARIANT: whoever writes there is done with it before anything else runs.
 */
const PROBE = new Uint8Array(PROBE_CHARACTERS);

/**
 * Whether the first bytes of a run, so many in {@link PROBE}, could be of text: few of them are neither printable nor
 * zero, or they are UTF-8 without control characters.
 */
function startsAsText(count: number): boolean {
  let strange = 0;
  let isUtf8 = true;
  /** How many bytes the character read last has yet. */
  let more = 0;
  for (let place = 0; place < count; place += 1) {
    const byte = PROBE[place] ?? 0;
    if (more === 0 && isPrintable(byte)) continue;
    if (byte !== 0 && !isPrintable(byte)) strange += 1;
    if (more > 0) {
      more -= 1;
      isUtf8 &&= (byte & 0xc0) === 0x80;
    } else if (isUtf8) {
      const length = utf8Length(byte);
      more = length - 1;
      isUtf8 = length > 1 || (length === 1 && isPrintable(byte));
    }
    if (strange > MAX_STRANGE_BYTES && !isUtf8) return false;
  }
  return true;
}

/** What a character folds to, as the normaliser has it. */
export type Fold = (codePoint: number) => number;

/**
 * Makes text of bytes, in place, where they are text: zero bytes, which UTF-16 has between letters, are left out, and
 * what is not printable ASCII becomes a blank. Returns where it ends; -1 where too much of it would be blank.
 *
 * @param fold if given, the bytes may be UTF-8, and its characters are folded to ASCII
 */
function keepText(bytes: Uint8Array, start: number, end: number, fold: Fold | null): number {
  // Most texts are printable to their end, and stay where they are.
  let first = start;
  while (first < end && isPrintable(bytes[first] ?? 0)) first += 1;
  let kept = first;
  let printable = first - start;
  // Most of what is no text shows it long before its end.
  const maxBlanks = (end - start) * (1 - MIN_PRINTABLE_SHARE) + 1;
  for (let index = first; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (isPrintable(byte)) {
      bytes[kept++] = byte;
      printable += 1;
      continue;
    }
    if (byte === 0) continue;
    const at = index;
    const character =
      byte < 0x80 || fold === null
        ? null
        : readUtf8((place) => (at + place < end ? (bytes[at + place] ?? 0) : -1));
    if (character !== null && fold !== null) {
      index += character.length - 1;
      const folded = fold(character.code);
      if (folded === REMOVED) continue;
      printable += 1;
      bytes[kept] = folded === 0 ? 32 : folded;
    } else bytes[kept] = 32;
    kept += 1;
    if (kept - start - printable > maxBlanks) return -1;
  }
  return printable <= MIN_PRINTABLE_SHARE * (kept - start) ? -1 : kept;
}

/** How runs of characters stand for bytes. */
export interface Encoding {
  /** Whether the first bytes of a run could be text; most runs that hold none show it there. */
  readonly mayBeText: (text: string, start: number, end: number) => boolean;
  readonly write: typeof writeBase64;
}

const startsAsTextIn = (text: string, start: number, end: number): boolean =>
  startsAsText(writeBase64(text, start, end, PROBE, 0));

export const BASE64: Encoding = {
  mayBeText: (text, start, end) =>
    startsAsTextIn(text, start, Math.min(end, start + SHORT_PROBE_CHARACTERS)) &&
    startsAsTextIn(text, start, Math.min(end, start + PROBE_CHARACTERS)),
  write: writeBase64,
};

export const HEXADECIMAL: Encoding = {
  mayBeText: (text, start, end) =>
    startsAsText(writeHex(text, start, Math.min(end, start + PROBE_CHARACTERS), PROBE, 0)),
  write: writeHex,
};

/** Writes the text that a run holds to `target` at `offset`, folded if asked to; returns where it ends, -1 for none. */
export function writeText(
  { write }: Encoding,
  run: { readonly text: string; readonly start: number; readonly end: number },
  target: Uint8Array,
  offset: number,
  fold: Fold | null = null,
): number {
  return keepText(target, offset, write(run.text, run.start, run.end, target, offset), fold);
}

/** Where groups of four characters of base64 may begin, counted from the first one of a run. */
export const BASE64_OFFSETS = 4;

/** How many bytes a run of base64 without its padding holds. */
export function base64Length(start: number, end: number): number {
  return Math.floor(((end - start) * 3) / 4);
}

/** The bytes that a run of base64 holds. */
export function base64Bytes(text: string, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(base64Length(start, end));
  writeBase64(text, start, end, bytes, 0);
  return bytes;
}

/** The text that a run of base64 holds; null where it holds none. */
export function decodeBase64Text(text: string, start: number, end: number): string | null {
  if (!BASE64.mayBeText(text, start, end)) return null;
  const bytes = new Uint8Array(end - start);
  const length = writeText(BASE64, { text, start, end }, bytes, 0);
  return length < 0 ? null : Buffer.from(bytes.buffer, 0, length).toString('latin1');
}

/**
 * Whether a base64 run, with its padding, decodes strictly: standard or URL alphabet, not both; padding, where there
 * is any, to a multiple of four; a length that base64 can have.
 */
export function isStrictBase64(text: string, start: number, end: number, padding: number): boolean {
  const run = text.slice(start, end);
  if (/[+/]/.test(run) && /[-_]/.test(run)) return false;
  if (padding > 0) return padding <= 2 && (end - start + padding) % 4 === 0;
  return (end - start) % 4 !== 1;
}
