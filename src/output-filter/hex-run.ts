import { unitAt } from './characters.js';

/** Whether a run is a UUID or other hexadecimal number, by its characters. */
export function isHexRun(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    if (code !== 45 && !isHexDigit(code)) return false;
  }
  return true;
}

const HEX_DIGITS = new Uint8Array(128).fill(1, 48, 58).fill(1, 65, 71).fill(1, 97, 103);

const isHexDigit = (code: number): boolean => code < 128 && HEX_DIGITS[code] === 1;

/** How many hexadecimal digits a run begins with. */
export function hexLengthAt(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && isHexDigit(unitAt(text, index))) index += 1;
  return index - start;
}

/**
 * Where the first stretch of at least `minimum` hexadecimal digits in a run begins; -1 where there is none. It looks at
 * each stretch from behind: most end at the first character looked at, and those before it need no look.
 */
export function findHex(text: string, start: number, end: number, minimum: number): number {
  for (let from = start; end - from >= minimum;) {
    let at = from + minimum - 1;
    while (at >= from && isHexDigit(unitAt(text, at))) at -= 1;
    if (at < from) return from;
    from = at + 1;
  }
  return -1;
}
