import { describe, expect, it } from 'vitest';
import { crc32, hasBase62Checksum, isIbanValid, isLuhnValid } from './checksum.js';

describe('crc32', () => {
  it('has the check value of its definition', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(crc32('')).toBe(0);
  });
});

describe('hasBase62Checksum', () => {
  const BODY = 'A'.repeat(30);
  const checksum = (() => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    let digits = '';
    for (let rest = crc32(BODY); rest > 0; rest = Math.floor(rest / 62))
      digits = alphabet.charAt(rest % 62) + digits;
    return digits.padStart(6, '0');
  })();

  it('accepts a body with its checksum', () => {
    expect(hasBase62Checksum(BODY + checksum)).toBe(true);
  });

  it('refuses a changed body, a changed checksum, and a checksum alone', () => {
    expect(hasBase62Checksum(`B${BODY.slice(1)}${checksum}`)).toBe(false);
    expect(hasBase62Checksum(`${BODY}000000`)).toBe(false);
    expect(hasBase62Checksum(checksum)).toBe(false);
  });
});

describe('isLuhnValid', () => {
  it.each(['4111111111111111', '4111 1111-1111 1111', '378282246310005', '0'])('accepts %s', (digits) => {
    expect(isLuhnValid(digits)).toBe(true);
  });

  it.each(['4111111111111112', '1', '', ' - '])('refuses %j', (digits) => {
    expect(isLuhnValid(digits)).toBe(false);
  });
});

describe('isIbanValid', () => {
  it.each([
    'DE89370400440532013000',
    'GB82WEST12345698765432',
    'FR1420041010050500013M02606',
    'DE89 3704 0044 0532 0130 00',
    '-DE89-3704-0044-0532-0130-00',
  ])('accepts %s', (iban) => {
    expect(isIbanValid(iban)).toBe(true);
  });

  it.each(['DE89370400440532013001', 'GB82WEST1234569876543!', ''])('refuses %j', (iban) => {
    expect(isIbanValid(iban)).toBe(false);
  });
});
