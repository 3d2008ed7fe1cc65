import { describe, expect, it } from 'vitest';
import { createTestFilter } from '../../tests/helpers/output-filter.js';
import { readHiddenText } from './hidden-text.js';

const tagged = (text: string): string =>
  Array.from(text, (c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('');
const selected = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe00f1 + byte - 1))
    .join('');

describe('readHiddenText', () => {
  it.each([
    ['tags', tagged('hidden text'), 'hidden text\n'],
    ['tags among letters', Array.from('hidden', (c) => `a${tagged(c)}`).join(''), 'hidden\n'],
    ['variation selectors', `😀${selected('hidden\u0001text\n')}`, '\nhidden text\n'],
    ['both', `${tagged('one-two')}x${selected('three four')}`, 'one-two\nthree four'],
  ])('reads what %s carry', (_, text, carried) => {
    expect(readHiddenText(text)?.text).toBe(carried);
  });

  it('knows where each character stood', () => {
    const text = `before ${tagged('token')} and ${selected('secret')} after`;
    const hidden = readHiddenText(text)!;
    const at = hidden.text.indexOf('secret');
    expect(text.slice(...hidden.toSource(0, 5))).toBe(tagged('token'));
    expect(text.slice(...hidden.toSource(at, at + 6))).toBe(selected('secret'));
  });

  it.each([
    ['tags', (hidden: string) => `see ${tagged(hidden)} end`],
    [
      'tags behind variation selectors',
      (hidden: string) => `${selected('over there')} ${tagged(hidden)} end`,
    ],
    [
      'variation selectors behind tags',
      (hidden: string) => `${tagged('over there')} ${selected(hidden)} end`,
    ],
  ])('lets nothing remain of a private key without an end that %s carry', (_, hide) => {
    const text = hide('-----BEGIN EC PRIVATE KEY-----\n0123456789');
    const redacted = createTestFilter().redact(text);
    expect(redacted).toContain('[REDACTED:pattern.private_key]');
    expect(readHiddenText(redacted)?.text ?? '').not.toContain('0123456789');
  });

  it.each([
    'plain text',
    '❤️ and 👍️ and ☀️',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '\udb40',
    '',
  ])('reads nothing in %j', (text) => {
    expect(readHiddenText(text)).toBeNull();
  });
});
