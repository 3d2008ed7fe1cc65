import { codeAt } from './characters.js';
import { BASE64, HEXADECIMAL, writeText, type Encoding, type Fold } from './encoded.js';
import { lastAtOrBefore } from './last-at-or-before.js';
import type { DerivedText } from './source-map.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A shorter line is no line of an encoder that wraps. */
const MIN_WRAPPED_COLUMNS = 60;

/**
 * What short texts decode to is written in the same room each: to make it anew would cost more than they do.
 *
 * INVARIANT: whoever writes there has made a text of it before the next one does.
 */
const ROOM = Buffer.alloc(1024);

/** How many numbers there are of each piece. */
const STRIDE = 3;
const NONE: readonly number[] = Object.freeze([]);

/** Whether nothing but the end of a line is between a run that ends at `end` and one that begins at `start`. */
export function isNextLine(text: string, end: number, start: number): boolean {
  if (start - end > 2 || codeAt(text, start - 1) !== LINE_FEED) return false;
  return start - end === 1 || codeAt(text, end) === CARRIAGE_RETURN;
}

/** What runs of one text decode to, joined by line ends unless one continues the other, and where each came from. */
export class DecodedPieces implements DerivedText {
  /** What the runs decode to; empty before all of them are added. */
  text = '';
  #bytes: Buffer;
  /** For each piece: where it begins, and where its run begins and ends in the source. Made with the first: most have one. */
  #pieces: number[] | null = null;
  #length = 0;
  /** The piece asked for last: the next one asked for is seldom far from it. */
  #last = 0;

  /**
   * @param capacity no fewer characters than all pieces and the line ends between them have
   * @param fold what the characters of a piece in UTF-8 fold to
   */
  constructor(
    private readonly source: string,
    capacity: number,
    private readonly fold: Fold,
  ) {
    this.#bytes = capacity <= ROOM.length ? ROOM : Buffer.alloc(capacity);
  }

  /** Adds the text that a run of base64, whose beginning may be text, holds; returns its length, 0 where it holds none. */
  addBase64(start: number, end: number): number {
    return this.#add(BASE64, start, end, this.#isContinuedAt(start));
  }

  /** Adds the text that a run of hexadecimal digits holds, which may begin a digit later; returns as `addBase64`. */
  addHexadecimal(start: number, end: number): number {
    const length = this.#addHexadecimalAt(start, end);
    if (length > 0) return length;
    const later = this.#addHexadecimalAt(start + 1, end);
    // A letter before the digits, which could be one too, belongs to the span.
    if (later > 0 && this.#pieces !== null) this.#pieces[this.#pieces.length - 2] = start;
    return later;
  }

  #addHexadecimalAt(start: number, end: number): number {
    return HEXADECIMAL.mayBeText(this.source, start, end) ? this.#add(HEXADECIMAL, start, end, false) : 0;
  }

  #add(encoding: Encoding, start: number, end: number, continues: boolean): number {
    const text = this.source;
    const bytes = this.#bytes;
    const from = this.#length > 0 && !continues ? this.#length + 1 : this.#length;
    const to = writeText(encoding, { text, start, end }, bytes, from, this.fold);
    if (to < 0) return 0;
    if (from > this.#length) bytes[this.#length] = LINE_FEED;
    if (this.#pieces === null) this.#pieces = [from, start, end];
    else this.#pieces.push(from, start, end);
    this.#length = to;
    return to - from;
  }

  /** Whether base64 that begins at `start` goes on from the last piece: a full line, which has whole groups of four. */
  #isContinuedAt(start: number): boolean {
    const pieces = this.#pieces;
    if (pieces === null) return false;
    const end = pieces[pieces.length - 1] ?? 0;
    const length = end - (pieces[pieces.length - 2] ?? 0);
    return length >= MIN_WRAPPED_COLUMNS && length % 4 === 0 && isNextLine(this.source, end, start);
  }

  /** Says that all runs were added; answers null where none held text. Others may be decoded from here on. */
  finish(): DerivedText | null {
    if (this.#pieces === null) return null;
    this.text = this.#bytes.toString('latin1', 0, this.#length);
    this.#bytes = ROOM;
    return this;
  }

  toSource(start: number, end: number): readonly [number, number] {
    const pieces = this.#pieces ?? NONE;
    const first = this.#pieceAt(start) * STRIDE;
    const last = this.#pieceAt(Math.max(start, end - 1)) * STRIDE;
    // The hexadecimal in a run comes before its base64, wherever in it the two stand.
    return [
      Math.min(pieces[first + 1] ?? 0, pieces[last + 1] ?? 0),
      Math.max(pieces[first + 2] ?? 0, pieces[last + 2] ?? 0),
    ];
  }

  #pieceAt(offset: number): number {
    return (this.#last = lastAtOrBefore(this.#pieces ?? NONE, STRIDE, offset, this.#last));
  }
}
