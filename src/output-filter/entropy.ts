/** Shannon entropy of short strings of ASCII characters. */

import { unitAt } from './characters.js';

const MAX_COUNTED_LENGTH = 1024;

/** How much `count · log2(count)` grows with each further occurrence of a character. */
const GROWTH = Float64Array.from(
  { length: MAX_COUNTED_LENGTH },
  (_, count) => weight(count + 1) - weight(count),
);

function weight(count: number): number {
  return count === 0 ? 0 : count * Math.log2(count);
}

/** Of a longer string, clearing all counts takes less than clearing those of its characters. */
const MAX_CLEARED_LENGTH = 40;

/**
 * Room to count in, since making it anew costs more than counting a token's characters.
 *
 * INVARIANT: all zero between calls, each of which is done with it before anything else runs.
 */
const COUNTS = new Uint32Array(128);

/** Shannon entropy in bits a character of the ASCII characters from `start` to `end`. */
export function entropyBits(text: string, start = 0, end = text.length): number {
  const length = end - start;
  if (length === 0) return 0;
  let sum = 0;
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index) & 127;
    const count = COUNTS[code] ?? 0;
    if (length <= MAX_COUNTED_LENGTH) sum += GROWTH[count] ?? 0;
    COUNTS[code] = count + 1;
  }
  if (length > MAX_COUNTED_LENGTH) sum = COUNTS.reduce((total, count) => total + weight(count), 0);
  if (length > MAX_CLEARED_LENGTH) COUNTS.fill(0);
  else for (let index = start; index < end; index += 1) COUNTS[unitAt(text, index) & 127] = 0;
  return Math.log2(length) - sum / length;
}

/** Up to this length the least numbers of {@link distinctForBits} are kept. */
const MAX_TABLE_LENGTH = 512;

/**
 * For each length the number of different characters with which a string of that length has at least so many bits of
 * entropy a character, however they are spread: it has the least where all but one stand once.
 */
export function distinctForBits(bits: number): Uint16Array {
  return Uint16Array.from({ length: MAX_TABLE_LENGTH + 1 }, (_, length) => {
    let distinct = 1;
    while (distinct <= length && Math.log2(length) - weight(length - distinct + 1) / length < bits + 0.001) {
      distinct += 1;
    }
    return distinct;
  });
}
