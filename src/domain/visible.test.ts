import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasInvisible, showInvisible } from './visible.js';

describe('showInvisible', () => {
  it.each([
    ['Zoë 山田 🦊', 'Zoë 山田 🦊'],
    ['a\nb\u001b[2J\u009b', 'a\\u000ab\\u001b[2J\\u009b'],
    ['a\u202eb\u200bc\u2028', 'a\\u202eb\\u200bc\\u2028'],
    ['x\ud800y', 'x\\ud800y'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('shows %j as %j', (text, shown) => {
    expect(showInvisible(text)).toBe(shown);
  });

  it('leaves nothing invisible, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hasInvisible(showInvisible(text))).toBe(false);
      }),
    );
  });
});
