/** Text that invisible characters carry: tags that spell ASCII, and variation selectors that stand for bytes. */
import { unitAt } from './characters.js';
import type { DerivedText } from './source-map.js';

/** The high half of tags and of the selectors beyond the basic plane. */
const HIGH_HALF = 0xdb40;
const FIRST_TAG = 0xdc20;
const LAST_TAG = 0xdc7e;
const CANCEL_TAG = 0xdc7f;
const FIRST_SELECTOR = 0xfe00;
const FIRST_FAR_SELECTOR = 0xdd00;
const LAST_FAR_SELECTOR = 0xddef;
const NEAR_SELECTORS = 16;
const LINE_FEED = 10;
const BLANK = 32;

const MAY_CARRY = /[\ufe00-\ufe0f\udb40]/;
/** Fewer characters are of an emoji, or no secret. */
const MIN_LENGTH = 6;

/** Characters with the place of each in the text that carries them: where it begins, and where it ends. */
class Carried {
  readonly codes: number[] = [];
  readonly places: number[] = [];
  visible = 0;

  add(code: number, start: number, end: number): void {
    const isVisible = code > BLANK && code < 127;
    if (isVisible) this.visible += 1;
    this.codes.push(isVisible ? code : code === LINE_FEED ? LINE_FEED : BLANK);
    this.places.push(start, end);
  }

  /** Where some of the characters begin and end in the text; null for none of them. */
  spanOf(start: number, end: number): readonly [number, number] | null {
    const first = this.places[start * 2];
    const last = this.places[Math.min(end, this.codes.length) * 2 - 1];
    return start >= end || first === undefined || last === undefined ? null : [first, last];
  }
}

/** The byte that a variation selector stands for, by its code, or by its low half beyond the basic plane; -1 for none. */
function byteOf(code: number, low: number): number {
  if (code >= FIRST_SELECTOR && code < FIRST_SELECTOR + NEAR_SELECTORS) return code - FIRST_SELECTOR;
  const isFar = code === HIGH_HALF && low >= FIRST_FAR_SELECTOR && low <= LAST_FAR_SELECTOR;
  return isFar ? low - FIRST_FAR_SELECTOR + NEAR_SELECTORS : -1;
}

/**
 * What the tags of a text spell and what its variation selectors carry, a line each, whatever stands between them; null
 * for next to nothing, as ordinary emoji have it.
 */
export function readHiddenText(text: string): DerivedText | null {
  if (!MAY_CARRY.test(text)) return null;
  const tags = new Carried();
  const bytes = new Carried();
  const { length } = text;
  for (let index = 0; index < length; index += 1) {
    const code = unitAt(text, index);
    if (code < FIRST_SELECTOR && code !== HIGH_HALF) continue;
    const low = unitAt(text, index + 1);
    const byte = byteOf(code, low);
    if (byte >= 0) bytes.add(byte, index, code === HIGH_HALF ? index + 2 : index + 1);
    else if (code !== HIGH_HALF) continue;
    else if (low >= FIRST_TAG && low <= LAST_TAG) tags.add(low - FIRST_TAG + BLANK, index, index + 2);
    else if (low === CANCEL_TAG) tags.add(LINE_FEED, index, index + 2);
  }
  if (tags.visible < MIN_LENGTH && bytes.visible < MIN_LENGTH) return null;
  const codes = Buffer.from([...tags.codes, LINE_FEED, ...bytes.codes]);
  const secondLine = tags.codes.length + 1;
  return {
    text: codes.toString('latin1'),
    toSource: (start, end) => {
      const first = tags.spanOf(start, end);
      const second = bytes.spanOf(Math.max(0, start - secondLine), end - secondLine);
      if (first === null || second === null) return first ?? second ?? [0, text.length];
      // What goes on from the one line to the other may stand in any order.
      return [Math.min(first[0], second[0]), Math.max(first[1], second[1])];
    },
  };
}
