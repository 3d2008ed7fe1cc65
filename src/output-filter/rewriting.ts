import type { Revision } from './revision.js';
import { SourceMap, type DerivedText } from './source-map.js';

/** A text with its disguises taken off. */
export interface NormalisedText extends DerivedText {
  /** Where the text is another than the source, and where given ascending places of the source are in it. */
  revise(rests: readonly number[]): Revision;
}

/** Changes nearer to one another than this, in UTF-16 codes, count as one. */
const MIN_CHANGE_DISTANCE = 1024;

/** Up to this length, a text put together of parts takes less than asking the runtime for all of it. */
const MAX_PIECED_LENGTH = 12;

/** Texts of fewer UTF-16 codes are made in the same room each: to make it anew would cost more than they do. */
export const ROOM_CODES = 1024;

/** The shifts of a text in which every character is where it was. */
const UNSHIFTED: readonly number[] = Object.freeze([0, 0]);

/** What was made of a text. */
class Rewritten implements NormalisedText {
  /** Made when asked for: in most texts nothing is found. */
  #map: SourceMap | null = null;

  constructor(
    readonly text: string,
    private readonly sourceLength: number,
    private readonly shifts: readonly number[] | null,
    private readonly changes: readonly number[],
  ) {}

  toSource(start: number, end: number): readonly [number, number] {
    return this.#mapped().spanOf(start, end);
  }

  revise(rests: readonly number[]): Revision {
    return { changes: this.changes, rests: this.#mapped().outputOf(rests) };
  }

  #mapped(): SourceMap {
    return (this.#map ??= new SourceMap(this.shifts ?? UNSHIFTED, this.sourceLength));
  }
}

/** Makes one text of another, character by character. When it is finished, its room serves for the next. */
export class Rewriting {
  /** What was made so far: whoever adds to it what is as it was does so here. */
  readonly codes: Uint16Array;
  length = 0;
  readonly #bytes: Buffer;
  /** Pairs of an offset in the output and the offset in the source it came from, where the distance changed. */
  #shifts: number[] | null = null;
  /** Starts and ends, alternating, of what is not as it was, in the output. */
  #changes: number[] | null = null;

  /** @param capacity as many codes as a text may become */
  constructor(readonly capacity: number) {
    this.codes = new Uint16Array(capacity);
    this.#bytes = Buffer.alloc(Math.min(capacity, ROOM_CODES));
  }

  /**
   * Begins a text of which the first `length` codes stand in `codes` already, as they were.
   *
   * INVARIANT: nothing of the text before is left.
   */
  begin(length: number): void {
    this.length = length;
    this.#shifts = null;
    this.#changes = null;
  }

  /**
   * Adds what a stretch of the source becomes.
   *
   * @param codePoint null where nothing stands for it
   * @param isChanged whether it is another than the source has there
   * @param sourceLength how many UTF-16 codes of the source it was
   * @param sourceEnd where the stretch ends in the source
   */
  put(codePoint: number | null, isChanged: boolean, sourceLength: number, sourceEnd: number): void {
    const before = this.length;
    if (codePoint !== null) this.#putCodePoint(codePoint);
    if (isChanged) this.#noteChange(before);
    if (this.length - before !== sourceLength) this.#noteShift(sourceEnd);
  }

  /** Answers what was made of a source; null where nothing changed. */
  finish(source: string): NormalisedText | null {
    const changes = this.#changes;
    if (changes === null) return null;
    return new Rewritten(this.#textOf(source, changes), source.length, this.#shifts, changes);
  }

  #putCodePoint(codePoint: number): void {
    const { codes } = this;
    if (codePoint > 0xffff) {
      codes[this.length++] = 0xd800 + ((codePoint - 0x1_0000) >> 10);
      codes[this.length++] = 0xdc00 + ((codePoint - 0x1_0000) & 0x3ff);
    } else codes[this.length++] = codePoint;
  }

  // A list that is made with what it holds takes the room of that: most texts have one change, and one that grows takes
  // room for many.
  #noteChange(start: number): void {
    const changes = this.#changes;
    if (changes === null) this.#changes = [start, this.length];
    else if (start - (changes[changes.length - 1] ?? 0) < MIN_CHANGE_DISTANCE)
      changes[changes.length - 1] = this.length;
    else changes.push(start, this.length);
  }

  #noteShift(sourceOffset: number): void {
    const shifts = this.#shifts;
    if (shifts === null) this.#shifts = [0, 0, this.length, sourceOffset];
    else shifts.push(this.length, sourceOffset);
  }

  /** The text of all codes; of a byte a character where that is enough, since such a text is read faster. */
  #textOf(source: string, changes: readonly number[]): string {
    const { codes, length } = this;
    if (length <= MAX_PIECED_LENGTH) return this.#pieceTogether(source, changes[0] ?? 0, changes[1] ?? 0);
    let bits = 0;
    for (let index = 0; index < length; index += 1) bits |= codes[index] ?? 0;
    if (bits >= 256) return Buffer.from(codes.buffer, 0, length * 2).toString('utf16le');
    if (length > this.#bytes.length) return Buffer.from(codes.subarray(0, length)).toString('latin1');
    const bytes = this.#bytes;
    for (let index = 0; index < length; index += 1) bytes[index] = codes[index] ?? 0;
    return bytes.toString('latin1', 0, length);
  }

  /**
   * The same for a short text: what stands before its one change, the change, and what stands behind.
   *
   * INVARIANT: {@link MAX_PIECED_LENGTH} is below {@link MIN_CHANGE_DISTANCE}, so that all changes count as one; only what
   * changes shifts what follows.
   */
  #pieceTogether(source: string, start: number, end: number): string {
    let text = source.slice(0, start);
    for (let index = start; index < end; index += 1) text += String.fromCharCode(this.codes[index] ?? 0);
    return text + source.slice(source.length - (this.length - end));
  }
}
