import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFoldTable } from './homoglyphs.js';
import { createNormaliser } from './normalise.js';

const normalise = createNormaliser(createFoldTable());

describe('normalise', () => {
  it.each([
    ['ｓｋ－１', 'sk-1'],
    ['s\u200bk\u00ad\u202e-\ufeff1', 'sk-1'],
    ['ѕк-аВ', 'sk-aB'],
    ['𝐬𝗄-𝟙', 'sk-1'],
    ['🅰🅱', 'AB'],
    ['s\u{e0073}k\u{e0101}', 'sk'],
    ['%73%6b%2D1', 'sk-1'],
    ['\\u0073\\x6b\\u{2d}1', 'sk-1'],
    ['&#115;&#x6B;&hyphen;1', 'sk-1'],
    ['&quot;&APOS;&lt;&gt;&amp', '"\'<>&'],
    ['&colon;&Equals;&lowbar;&dash;&period;&sol;&plus;&commat;&num;', ':=_-./+@#'],
    ['s&shy;k&zwnj;-&zwj;1&nbsp;', 'sk-1 '],
    ['{\\"a\\":\\n1}', '{"a":\n1}'],
    ['a\u0000b\u007fc', 'abc'],
    ['\\\\u0073\\\\x6b', 'sk'],
    ['\\\\\\\\u0073\\\\\\\\u006b', 'sk'],
    ['\\u0073abcd\\u006b', 'sabcdk'],
    ['\\uu0073\\U0000006b\\U006b\\163', 'skks'],
    ['\\uU0073\\UuuU006b\\X2d\\061', 'sk-1'],
    ['%EF%BD%93%ef%bd%8b', 'sk'],
    ['s%E2%80%8Bk', 'sk'],
    ['s%F0%9D%97%84-%F3%A0%81%A1', 'sk-'],
    ['%73%ff%C3%28', 's%ff%C3('],
  ])('reads %j as %j', (disguised, plain) => {
    expect(normalise(disguised)?.text).toBe(plain);
  });

  it.each([
    'plain text',
    'a\tb\r\n',
    '100% sure & done',
    '?a=1&page=2&sort=name&#',
    '&hyphenx;&ampersand;&l',
    'naïve café',
    '三月',
    '\ud800',
    '',
    'C:\\Users\\jane\\Documents',
    '\\400 \\18 \\x4g \\u12 \\U001 \\',
    '\\Ł0041 \\u\u01410041',
  ])('leaves %j alone', (text) => {
    expect(normalise(text)).toBeNull();
  });

  it('maps a span back to what it came from', () => {
    const text = 'x %73\u200bk-1 y';
    const normalised = normalise(text)!;
    const at = normalised.text.indexOf('sk-1');
    expect(text.slice(...normalised.toSource(at, at + 4))).toBe('%73\u200bk-1');
  });

  it('maps every span into the source, in order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '%41', '\u200b', 'ｓ', '&#65;', '😀', '\ud835', '\\u0041') }),
        (text) => {
          const normalised = normalise(text);
          fc.pre(normalised !== null);
          let last = 0;
          for (let at = 0; at < normalised.text.length; at += 1) {
            const [start, end] = normalised.toSource(at, at + 1);
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeLessThanOrEqual(text.length);
            last = start;
          }
        },
      ),
    );
  });
});
