/** Checksums that published formats carry. */

import { unitAt } from './characters.js';

const CRC32_TABLE = new Uint32Array(256);
for (let index = 0; index < 256; index += 1) {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  CRC32_TABLE[index] = value;
}

/** The CRC-32 (ISO 3309) of an ASCII string, unsigned. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc = (crc >>> 8) ^ (CRC32_TABLE[(crc ^ unitAt(text, index)) & 255] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

function base62(value: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = BASE62.charAt(rest % 62) + digits;
  return digits.padStart(CHECKSUM_LENGTH, '0');
}

/** Whether a body ends in the base62 CRC-32 of what stands before, as GitHub's and npm's tokens do. */
export function hasBase62Checksum(body: string): boolean {
  const split = body.length - CHECKSUM_LENGTH;
  return split > 0 && body.slice(split) === base62(crc32(body.slice(0, split)));
}

/** Whether the digits of a number pass the check of ISO/IEC 7812 (Luhn); blanks, hyphens and dots between do not count. */
export function isLuhnValid(number: string): boolean {
  let sum = 0;
  let count = 0;
  for (let index = number.length - 1; index >= 0; index -= 1) {
    const code = unitAt(number, index);
    if (isBlank(code)) continue;
    const digit = code - 48;
    const doubled = count % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
    count += 1;
  }
  return count > 0 && sum % 10 === 0;
}

const isBlank = (code: number): boolean => code === 32 || code === 45 || code === 46;

const NO_VALUE = 64;
const NOT_COUNTED = 65;
/** What an ASCII letter or digit counts in an IBAN, in any case; {@link NOT_COUNTED} for a blank, else {@link NO_VALUE}. */
const IBAN_VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (isBlank(code)) return NOT_COUNTED;
  const value = Number.parseInt(String.fromCharCode(code), 36);
  return Number.isNaN(value) ? NO_VALUE : value;
});

/** A larger rest of a division by 97 is taken before the next character; it and two digits are far below 2^31. */
const MAX_REST = 10_000_000;

/** The number that `rest` and the characters of an IBAN from `start` to `end` make, modulo 97; -1 for another character. */
function restOfIban(iban: string, start: number, end: number, rest: number): number {
  let sum = rest;
  for (let index = start; index < end; index += 1) {
    const value = IBAN_VALUES[unitAt(iban, index)] ?? NO_VALUE;
    if (value === NOT_COUNTED) continue;
    if (value === NO_VALUE) return -1;
    sum = (sum > MAX_REST ? sum % 97 : sum) * (value > 9 ? 100 : 10) + value;
  }
  return sum % 97;
}

/** Whether an IBAN passes the check of ISO 13616 (modulo 97); blanks, hyphens and dots in it do not count. */
export function isIbanValid(iban: string): boolean {
  // The country and the check digits, which stand first, count last.
  let split = 0;
  for (let count = 0; split < iban.length && count < 4; split += 1) {
    if (!isBlank(unitAt(iban, split))) count += 1;
  }
  const rest = restOfIban(iban, split, iban.length, 0);
  return rest >= 0 && restOfIban(iban, 0, split, rest) === 1;
}
