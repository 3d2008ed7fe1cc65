/** Telling images, documents and fonts in base64: by their signatures, and by what their formats have behind those. */
import { codeAt, unitAt } from './characters.js';
import { base64Length, byteOfBase64, decodeBase64Text } from './encoded.js';
import { PERCENT } from './escapes.js';

const COMMA = 44;
const MIN_LENGTH = 64;
/** How far into a drawing its first element may stand. */
const MAX_PROLOGUE = 1088;
/** By how much the length that a file says may differ from that of its run: padding, or a byte at its end. */
const LENGTH_TOLERANCE = 4;

/** First base64 characters of files, by their signatures. */
const FILE_STARTS =
  /JVBERi0|UEsDB|d09G[MR]|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|Qk[0-3]|AAABAA|AAAA[A-Z]GZ0eXBhdmlm|PHN2Zy|PD94bWwg/y;

/** The bytes that a run of base64 holds, read where they are asked for. */
class Head {
  /** Bytes of the whole run. */
  readonly length: number;

  constructor(
    private readonly run: string,
    private readonly start: number,
    end: number,
  ) {
    this.length = base64Length(start, end);
  }

  /** The byte at a place; -1 behind the last one. */
  byteAt(place: number): number {
    return place < this.length ? byteOfBase64(this.run, this.start, place) : -1;
  }

  /** The bytes from one place to another as a string, a character each. */
  textAt(from: number, to: number): string {
    let text = '';
    for (let place = from; place < Math.min(to, this.length); place += 1) {
      text += String.fromCharCode(this.byteAt(place));
    }
    return text;
  }

  hasTextAt(place: number, text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.byteAt(place + index) !== unitAt(text, index)) return false;
    }
    return true;
  }

  /** A number of so many bytes, the most significant one first. */
  numberAt(place: number, size: number): number {
    let value = 0;
    for (let index = 0; index < size; index += 1) value = value * 256 + this.byteAt(place + index);
    return value;
  }

  /** A number of so many bytes, the least significant one first. */
  reversedNumberAt(place: number, size: number): number {
    let value = 0;
    for (let index = size - 1; index >= 0; index -= 1) value = value * 256 + this.byteAt(place + index);
    return value;
  }

  /** Whether a length that a file says is that of the run. */
  hasLength(said: number): boolean {
    return Math.abs(said - this.length) <= LENGTH_TOLERANCE;
  }
}

/** Depths and colours that PNG has. */
const PNG_DEPTHS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16]);
const PNG_COLOURS: ReadonlySet<number> = new Set([0, 2, 3, 4, 6]);

function isPng(head: Head): boolean {
  if (!head.hasTextAt(0, '\x89PNG\r\n\x1a\n\0\0\0\rIHDR')) return false;
  if (!PNG_DEPTHS.has(head.byteAt(24)) || !PNG_COLOURS.has(head.byteAt(25))) return false;
  const interlace = head.byteAt(28);
  return head.numberAt(26, 2) === 0 && (interlace === 0 || interlace === 1);
}

/** What the first segments of a JPEG begin with, by their markers: JFIF, Exif or XMP, profile, Photoshop, Adobe. */
const JPEG_SEGMENTS = new Map([
  [0xe0, /^JF(?:IF|XX)/],
  [0xe1, /^(?:Exif\0|http:\/\/ns\.)/],
  [0xe2, /^(?:ICC_PROFILE|MPF)\0/],
  [0xed, /^Photoshop /],
  [0xee, /^Adobe/],
]);

function isJpeg(head: Head): boolean {
  if (!head.hasTextAt(0, '\xff\xd8\xff')) return false;
  const marker = head.byteAt(3);
  const segment = head.numberAt(4, 2);
  // A table of quantisation: its precision and number.
  if (marker === 0xdb) return segment < head.length && (head.byteAt(6) & 0xec) === 0;
  const said = JPEG_SEGMENTS.get(marker);
  return segment > 2 && segment < head.length && said?.test(head.textAt(6, 32)) === true;
}

/** GIF: a screen of some size, and an image or extension behind the table of colours. */
function isGif(head: Head): boolean {
  if (!head.hasTextAt(0, 'GIF87a') && !head.hasTextAt(0, 'GIF89a')) return false;
  if (head.numberAt(6, 2) === 0 || head.numberAt(8, 2) === 0 || head.byteAt(12) !== 0) return false;
  const flags = head.byteAt(10);
  const next = head.byteAt(13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0));
  return next === 0x21 || next === 0x2c;
}

const BITMAP_HEADERS: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);

function isBitmap(head: Head): boolean {
  if (!head.hasTextAt(0, 'BM') || !head.hasLength(head.reversedNumberAt(2, 4))) return false;
  return head.numberAt(6, 4) === 0 && BITMAP_HEADERS.has(head.reversedNumberAt(14, 4));
}

function isRiff(head: Head): boolean {
  if (!head.hasTextAt(0, 'RIFF') || !head.hasLength(head.reversedNumberAt(4, 4) + 8)) return false;
  return /^(?:WEBPVP8[ LX]|WAVE|AVI )/.test(head.textAt(8, 16));
}

const ZIP_METHODS: ReadonlySet<number> = new Set([0, 8, 9, 12, 14, 93, 95, 98]);

/** ZIP: a version and a method that exist, and the name of a file. */
function isZip(head: Head): boolean {
  if (!head.hasTextAt(0, 'PK\x03\x04') || head.byteAt(4) > 63 || head.byteAt(5) > 19) return false;
  const nameLength = head.reversedNumberAt(26, 2);
  if (!ZIP_METHODS.has(head.reversedNumberAt(8, 2)) || nameLength === 0 || nameLength > 255) return false;
  for (let place = 30; place < Math.min(30 + nameLength, head.length); place += 1) {
    const byte = head.byteAt(place);
    if (byte < 32 || byte === 127) return false;
  }
  return true;
}

const isPdf = (head: Head): boolean => /^%PDF-[12]\.\d[\r\n]/.test(head.textAt(0, 9));

const FONT_KINDS: ReadonlySet<string> = new Set(['\0\x01\0\0', 'OTTO', 'true', 'ttcf']);

function isFont(head: Head): boolean {
  if (!head.hasTextAt(0, 'wOFF') && !head.hasTextAt(0, 'wOF2')) return false;
  return FONT_KINDS.has(head.textAt(4, 8)) && head.hasLength(head.numberAt(8, 4));
}

/** ICO: a few entries, and the first image right behind them. */
function isIcon(head: Head): boolean {
  const count = head.reversedNumberAt(4, 2);
  if (!head.hasTextAt(0, '\0\0\x01\0') || count === 0 || count > 32) return false;
  return (
    head.byteAt(9) === 0 &&
    head.reversedNumberAt(10, 2) <= 1 &&
    head.reversedNumberAt(18, 4) === 6 + 16 * count
  );
}

/** AVIF: the box of its type, and another behind it. */
function isAvif(head: Head): boolean {
  const size = head.numberAt(0, 4);
  if (!head.hasTextAt(4, 'ftypavif') || size > 64) return false;
  return /^(?:meta|mdat|moov|free)$/.test(head.textAt(size + 4, size + 8));
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

/** Whether a run is a drawing (SVG) as a whole; what it says is examined as text. */
function isDrawing(text: string, start: number, end: number): boolean {
  const drawing = decodeBase64Text(text, start, end);
  return (
    drawing !== null &&
    /<svg[\s>]/.test(drawing.slice(0, MAX_PROLOGUE)) &&
    /<\/svg>\s*$/.test(drawing.slice(-64))
  );
}

/** What stands before an image in a URI of its own. */
const IMAGE_URI = /data:image\/[a-z0-9.+-]{1,32}(?:;[a-z0-9=-]{1,32}){0,2},$/i;

/** Whether a base64 run, without padding, is an image by the URI it stands in, or a file by its first bytes. */
export function isMedia(text: string, start: number, end: number): boolean {
  // After `%2C` the digits of the escape belong to the run.
  const before = codeAt(text, start - 1);
  const from = before === PERCENT ? start + 2 : start;
  FILE_STARTS.lastIndex = from;
  if (end - from >= MIN_LENGTH && FILE_STARTS.test(text)) {
    const isOfFormat = FORMATS.get(text.slice(from, from + 2));
    if (isOfFormat?.(new Head(text, from, end)) === true || isDrawing(text, from, end)) return true;
  }
  return before === COMMA && IMAGE_URI.test(text.slice(Math.max(0, start - 112), start));
}
