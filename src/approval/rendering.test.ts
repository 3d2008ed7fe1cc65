import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../../tests/helpers/approval-actions.js';
import { makeVisible, renderAction } from './rendering.js';

const cases: [string, string, string][] = [
  ['a right-to-left override', 'invoice\u202Efdp.exe', 'invoice⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧fdp.exe'],
  ['an isolate', 'a\u2067b', 'a⟦U+2067 RIGHT-TO-LEFT ISOLATE⟧b'],
  ['a zero-width space', 'pay\u200Bpal', 'pay⟦U+200B ZERO WIDTH SPACE⟧pal'],
  ['a soft hyphen', 'pay\u00ADpal', 'pay⟦U+00AD SOFT HYPHEN⟧pal'],
  ['a byte order mark', '\uFEFFx', '⟦U+FEFF BYTE ORDER MARK⟧x'],
  ['a null', 'a\u0000', 'a⟦U+0000 NULL⟧'],
  ['an escape sequence', '\u001b[31m', '⟦U+001B ESCAPE⟧[31m'],
  ['a line feed', 'a\nBcc: b', 'a⟦U+000A LINE FEED⟧Bcc: b'],
  ['a C1 control', 'a\u009b', 'a⟦U+009B CONTROL CHARACTER⟧'],
  ['a no-break space', 'a\u00A0b', 'a⟦U+00A0 NO-BREAK SPACE⟧b'],
  ['an em space', 'a\u2003b', 'a⟦U+2003 UNUSUAL SPACE⟧b'],
  ['a line separator', 'a\u2028b', 'a⟦U+2028 LINE SEPARATOR⟧b'],
  ['a tag character', 'a\u{E0041}b', 'a⟦U+E0041 INVISIBLE CHARACTER⟧b'],
  ['a variation selector', 'a\uFE0Fb', 'a⟦U+FE0F VARIATION SELECTOR⟧b'],
  ['a Hangul filler', 'a\u3164b', 'a⟦U+3164 HANGUL FILLER⟧b'],
  ['a Braille blank', 'a\u2800b', 'a⟦U+2800 BRAILLE BLANK⟧b'],
  ['a private-use character', 'a\uE000b', 'a⟦U+E000 PRIVATE-USE CHARACTER⟧b'],
  ['an unassigned code point', 'a\u{2FFFE}b', 'a⟦U+2FFFE UNASSIGNED CODE POINT⟧b'],
  ['a Cyrillic a among Latin', 'p\u0430ypal.com', 'p⟦U+0430 CYRILLIC LOOK-ALIKE OF a⟧ypal.com'],
  ['a Greek o among Latin', 'g\u03BFogle', 'g⟦U+03BF GREEK LOOK-ALIKE OF o⟧ogle'],
  ['a letter of another script among Latin', 'x\u0436y', 'x⟦U+0436 LETTER OF ANOTHER SCRIPT AMONG LATIN⟧y'],
  ['a full-width letter', '\uFF41dmin', '⟦U+FF41 LOOK-ALIKE OF a⟧dmin'],
  ['a mathematical letter', '\u{1D41A}dmin', '⟦U+1D41A LOOK-ALIKE OF a⟧dmin'],
  [
    'a word of look-alikes alone',
    '\u0441\u043E\u0441\u043E',
    '⟦U+0441 CYRILLIC LOOK-ALIKE OF c⟧⟦U+043E CYRILLIC LOOK-ALIKE OF o⟧⟦U+0441 CYRILLIC LOOK-ALIKE OF c⟧⟦U+043E CYRILLIC LOOK-ALIKE OF o⟧',
  ],
  ['an imitation of a replacement', '⟦U+202E⟧', '⟦U+27E6 BRACKET⟧U+202E⟦U+27E7 BRACKET⟧'],
];

const honest = [
  'plain text, with punctuation!',
  'Grüße aus Köln, à bientôt, señor',
  'Привет, это обычный русский текст',
  'Καλημέρα κόσμε',
  'iPhoneを買う',
  '漢字 and kana かな',
  '안녕하세요',
  'مرحبا',
  'שלום',
  'नमस्ते',
  '🙂 ok',
  '',
];

describe('makeVisible', () => {
  it.each(cases)('shows %s by name', (_what, text, shown) => {
    expect(makeVisible(text).text).toBe(shown);
    expect(makeVisible(text).hidden.size).toBeGreaterThan(0);
  });

  it.each(honest)('leaves %j as it is', (text) => {
    expect(makeVisible(text)).toEqual({ text, hidden: new Map() });
  });

  it('never gives a character that hides, and never one text for two', () => {
    const anyText = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const shown = makeVisible(one).text;
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(shown === makeVisible(other).text).toBe(one === other);
      }),
      { numRuns: 500 },
    );
  });
});

describe('renderAction', () => {
  it('shows keys, nested values, target and provenance, and says where what was hidden', () => {
    const shown = renderAction(
      actionOf({
        arguments: { 'k\u200By': [{ deep: 'a\u202Eb\u202Ec' }, 7, null, true] },
        target: 'tenant\u00A0a',
        provenance: { source: 'model', trust: 'trusted', context_ids: ['x\u0000'] },
      }),
    );
    expect(shown.arguments).toEqual({
      'k⟦U+200B ZERO WIDTH SPACE⟧y': [
        { deep: 'a⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧b⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧c' },
        7,
        null,
        true,
      ],
    });
    expect(shown.warnings).toEqual([
      'arguments (a key): U+200B ZERO WIDTH SPACE',
      'arguments/k⟦U+200B ZERO WIDTH SPACE⟧y/0/deep: U+202E RIGHT-TO-LEFT OVERRIDE (2 times)',
      'target: U+00A0 NO-BREAK SPACE',
      'provenance/context_ids/0: U+0000 NULL',
    ]);
  });

  it('keeps a key named __proto__ a key', () => {
    const args = JSON.parse('{"__proto__": {"a": 1}}') as Record<string, unknown>;
    expect(JSON.stringify(renderAction(actionOf({ arguments: args })).arguments)).toBe(
      '{"__proto__":{"a":1}}',
    );
  });

  it('bounds its warnings and says how many there are more', () => {
    const items = Array.from({ length: 150 }, () => '\u0000');
    const { warnings } = renderAction(actionOf({ arguments: { items } }));
    expect(warnings).toHaveLength(101);
    expect(warnings.at(-1)).toBe('and 50 more');
  });
});
