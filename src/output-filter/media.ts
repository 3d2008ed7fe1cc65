/** Telling images, documents and fonts in base64: by their signatures, and by what their formats have behind those. */
import { base64Bytes, base64Length, byteOfBase64, decodeBase64Text } from './encoded.js';

const PERCENT = 37;
const MIN_LENGTH = 64;
/** What tells the formats is in the first bytes, or in single ones behind those. */
const HEAD_CHARACTERS = 96;
/** How far into a drawing its first element may stand. */
const MAX_PROLOGUE = 1088;
/** By how much the length that a file says may differ from that of its run: padding, or a byte at its end. */
const LENGTH_TOLERANCE = 4;

/** First base64 characters of files, by their signatures. */
const FILE_STARTS =
  /JVBERi0|UEsDB|d09G[MR]|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|Qk[0-3]|AAABAA|AAAA[A-Z]GZ0eXBhdmlm|PHN2Zy|PD94bWwg/y;

interface Head {
  readonly bytes: Buffer;
  /** Bytes of the whole run. */
  readonly length: number;
  /** Any byte of the run; -1 behind its end. */
  readonly byteAt: (place: number) => number;
}

const isNear = (said: number, length: number): boolean => Math.abs(said - length) <= LENGTH_TOLERANCE;
const startsWith = (bytes: Buffer, text: string, at = 0): boolean =>
  bytes.toString('latin1', at, at + text.length) === text;

function isPng({ bytes }: Head): boolean {
  if (!startsWith(bytes, '\x89PNG\r\n\x1a\n\0\0\0\rIHDR')) return false;
  const [depth = 0, colour = 0, compression, filter, interlace = 2] = bytes.subarray(24, 29);
  return (
    [1, 2, 4, 8, 16].includes(depth) &&
    [0, 2, 3, 4, 6].includes(colour) &&
    isZero(compression, filter, interlace >> 1)
  );
}

const isZero = (...values: readonly (number | undefined)[]): boolean => values.every((value) => value === 0);

/** What the first segments of a JPEG begin with, by their markers: JFIF, Exif or XMP, profile, Photoshop, Adobe. */
const JPEG_SEGMENTS = new Map([
  [0xe0, /^JF(?:IF|XX)/],
  [0xe1, /^(?:Exif\0|http:\/\/ns\.)/],
  [0xe2, /^(?:ICC_PROFILE|MPF)\0/],
  [0xed, /^Photoshop /],
  [0xee, /^Adobe/],
]);

function isJpeg({ bytes, length }: Head): boolean {
  if (!startsWith(bytes, '\xff\xd8\xff')) return false;
  const segment = bytes.readUInt16BE(4);
  // A table of quantisation: its precision and number.
  if (bytes[3] === 0xdb) return segment < length && ((bytes[6] ?? 0xff) & 0xec) === 0;
  const said = JPEG_SEGMENTS.get(bytes[3] ?? 0);
  return segment > 2 && segment < length && said?.test(bytes.toString('latin1', 6, 32)) === true;
}

/** GIF: a screen of some size, and an image or extension behind the table of colours. */
function isGif({ bytes, byteAt }: Head): boolean {
  if (!/^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))) return false;
  if (bytes.readUInt16LE(6) === 0 || bytes.readUInt16LE(8) === 0 || bytes[12] !== 0) return false;
  const flags = bytes[10] ?? 0;
  const next = byteAt(13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0));
  return next === 0x21 || next === 0x2c;
}

function isBitmap({ bytes, length }: Head): boolean {
  if (!startsWith(bytes, 'BM') || !isNear(bytes.readUInt32LE(2), length)) return false;
  return bytes.readUInt32LE(6) === 0 && [12, 40, 52, 56, 64, 108, 124].includes(bytes.readUInt32LE(14));
}

function isRiff({ bytes, length }: Head): boolean {
  if (!startsWith(bytes, 'RIFF') || !isNear(bytes.readUInt32LE(4) + 8, length)) return false;
  return /^(?:WEBPVP8[ LX]|WAVE|AVI )/.test(bytes.toString('latin1', 8, 16));
}

const ZIP_METHODS: ReadonlySet<number> = new Set([0, 8, 9, 12, 14, 93, 95, 98]);

/** ZIP: a version and a method that exist, and the name of a file. */
function isZip({ bytes, length, byteAt }: Head): boolean {
  if (!startsWith(bytes, 'PK\x03\x04') || (bytes[4] ?? 0) > 63 || (bytes[5] ?? 0) > 19) return false;
  const nameLength = bytes.readUInt16LE(26);
  if (!ZIP_METHODS.has(bytes.readUInt16LE(8)) || nameLength === 0 || nameLength > 255) return false;
  for (let place = 30; place < Math.min(30 + nameLength, length); place += 1) {
    const byte = byteAt(place);
    if (byte < 32 || byte === 127) return false;
  }
  return true;
}

const isPdf = ({ bytes }: Head): boolean => /^%PDF-[12]\.\d[\r\n]/.test(bytes.toString('latin1', 0, 9));

const FONT_KINDS = ['\0\x01\0\0', 'OTTO', 'true', 'ttcf'];

function isFont({ bytes, length }: Head): boolean {
  if (!startsWith(bytes, 'wOFF') && !startsWith(bytes, 'wOF2')) return false;
  return FONT_KINDS.includes(bytes.toString('latin1', 4, 8)) && isNear(bytes.readUInt32BE(8), length);
}

/** ICO: a few entries, and the first image right behind them. */
function isIcon({ bytes }: Head): boolean {
  const count = bytes.readUInt16LE(4);
  if (!startsWith(bytes, '\0\0\x01\0') || count === 0 || count > 32) return false;
  return bytes[9] === 0 && bytes.readUInt16LE(10) <= 1 && bytes.readUInt32LE(18) === 6 + 16 * count;
}

/** AVIF: the box of its type, and another behind it. */
function isAvif({ bytes }: Head): boolean {
  const size = bytes.readUInt32BE(0);
  if (!startsWith(bytes, 'ftypavif', 4) || size > 64) return false;
  return /^(?:meta|mdat|moov|free)$/.test(bytes.toString('latin1', size + 4, size + 8));
}

/** The formats by the first two characters of their base64. */
const FORMATS: ReadonlyMap<string, (head: Head) => boolean> = new Map([
  ['iV', isPng],
  ['/9', isJpeg],
  ['R0', isGif],
  ['Qk', isBitmap],
  ['Uk', isRiff],
  ['UE', isZip],
  ['JV', isPdf],
  ['d0', isFont],
  ['AA', (head) => isIcon(head) || isAvif(head)],
]);

/** Whether the run from `start` to `end` begins as a file of one of the formats does. */
function isFile(text: string, start: number, end: number): boolean {
  const isOfFormat = FORMATS.get(text.slice(start, start + 2));
  if (isOfFormat === undefined) return false;
  const { buffer } = base64Bytes(text, start, Math.min(end, start + HEAD_CHARACTERS));
  const length = base64Length(start, end);
  return isOfFormat({
    bytes: Buffer.from(buffer),
    length,
    byteAt: (place) => (place < length ? byteOfBase64(text, start, place) : -1),
  });
}

/** Whether a run is a drawing (SVG) as a whole; what it says is examined as text. */
function isDrawing(text: string, start: number, end: number): boolean {
  const drawing = decodeBase64Text(text, start, end);
  return (
    drawing !== null &&
    /<svg[\s>]/.test(drawing.slice(0, MAX_PROLOGUE)) &&
    /<\/svg>\s*$/.test(drawing.slice(-64))
  );
}

/** Whether a base64 run, without padding, is an image by the URI it stands in, or a file by its first bytes. */
export function isMedia(text: string, start: number, end: number): boolean {
  // After `%2C` the digits of the escape belong to the run.
  const from = text.charCodeAt(start - 1) === PERCENT ? start + 2 : start;
  FILE_STARTS.lastIndex = from;
  if (end - from >= MIN_LENGTH && FILE_STARTS.test(text)) {
    if (isFile(text, from, end) || isDrawing(text, from, end)) return true;
  }
  return /data:image\/[a-z0-9.+-]{1,32}(?:;[a-z0-9=-]{1,32}){0,2},$/i.test(
    text.slice(Math.max(0, start - 112), start),
  );
}
