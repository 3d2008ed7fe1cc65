const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A shorter line is no line of an encoder that wraps. */
const MIN_WRAPPED_COLUMNS = 60;

/** Decoded runs, joined by line ends unless one continues the other, and where each came from. */
export class DecodedPieces {
  readonly #texts: string[] = [];
  readonly #starts: number[] = [];
  readonly #sources: (readonly [number, number])[] = [];
  #length = 0;

  /** @param continues whether the run goes on where the one before it was wrapped */
  add(text: string, sourceStart: number, sourceEnd: number, continues: boolean): void {
    if (this.#texts.length > 0 && !continues) this.#put('\n');
    this.#starts.push(this.#length);
    this.#put(text);
    this.#sources.push([sourceStart, sourceEnd]);
  }

  #put(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
  }

  /**
   * Whether base64 that begins at `start` goes on from the last run: a full line of whole groups of four, and nothing
   * but the end of that line between.
   */
  isContinuedAt(text: string, start: number): boolean {
    const [lastStart, end] = this.#sources.at(-1) ?? [0, -1];
    if (end < 0 || start - end > 2 || text.charCodeAt(start - 1) !== LINE_FEED) return false;
    if (start - end === 2 && text.charCodeAt(end) !== CARRIAGE_RETURN) return false;
    return end - lastStart >= MIN_WRAPPED_COLUMNS && (end - lastStart) % 4 === 0;
  }

  get isEmpty(): boolean {
    return this.#texts.length === 0;
  }

  get text(): string {
    return this.#texts.join('');
  }

  sourceOf(start: number, end: number): readonly [number, number] {
    const first = this.#sources[this.#pieceAt(start)];
    const last = this.#sources[this.#pieceAt(Math.max(start, end - 1))];
    return [first?.[0] ?? 0, last?.[1] ?? 0];
  }

  #pieceAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
