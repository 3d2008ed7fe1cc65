import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutsideStringCleaner } from './outside-string.js';

const redact = (text: string) => text.replaceAll(/sk-[\w-]{20,}/g, '[REDACTED:pattern.secret]');

describe('the cleaner of outside strings', () => {
  const clean = createOutsideStringCleaner(redact);

  it.each([
    ['plain identifiers', 'tenant-a', 'tenant-a'],
    ['letters of any language', 'Zoë 山田 🦊', 'Zoë 山田 🦊'],
    ['newlines', 'a\nb\r', 'a\\u000ab\\u000d'],
    ['control characters', '\u0000\u001b[2J\u007f\u0085', '\\u0000\\u001b[2J\\u007f\\u0085'],
    ['lone surrogates', 'x\ud800y\udc00', 'x\\ud800y\\udc00'],
    ['bidirectional and zero-width characters', 'a\u202eb\u200bc', 'a\\u202eb\\u200bc'],
    ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['astral format characters', '\u{e0041}', '\\u{e0041}'],
  ])('shows %s', (_what, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('redacts before it cuts, so that no half of a secret stays', () => {
    const secret = `sk-${'fake'.repeat(10)}`;
    expect(clean(`${'x'.repeat(500)} ${secret}`)).not.toContain('sk-');
  });

  it('asks the redactor about a short token of several parts', () => {
    const token = 'eyJhbGci.eyJz.a';
    expect(
      createOutsideStringCleaner((text) => (text === token ? '[REDACTED:pattern.jwt]' : text))(token),
    ).toBe('[REDACTED:pattern.jwt]');
  });

  it('redacts a secret every time it comes', () => {
    const secret = `sk-${'fake'.repeat(10)}`;
    expect([clean(secret), clean(secret)]).toEqual([
      '[REDACTED:pattern.secret]',
      '[REDACTED:pattern.secret]',
    ]);
  });

  it('gives well-formed text of at most 512 without invisible characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), (text) => {
        const cleaned = clean(text);
        expect(cleaned.length).toBeLessThanOrEqual(512);
        expect(cleaned.isWellFormed()).toBe(true);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('cuts between characters, not inside one', () => {
    expect(clean(`${'x'.repeat(511)}🦊`)).toBe('x'.repeat(511));
  });
});
