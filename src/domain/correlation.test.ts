import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCorrelationId } from './correlation.js';

describe('chooseCorrelationId', () => {
  it.each([
    [['  abc  ', 'x'], 'abc'],
    [[null, undefined, 'header'], 'header'],
    [['\u0000\n\t', 'req-1'], 'req-1'],
    [['a\r\nb: c', 'x'], 'ab: c'],
    [['ключ', 'req-1'], 'req-1'],
    [['x'.repeat(200)], 'x'.repeat(128)],
    [[], 'unknown'],
  ])('chooses from %j: %s', (candidates, expected) => {
    expect(chooseCorrelationId(...candidates)).toBe(expected);
  });

  it('is always a header value: 1 to 128 printable ASCII characters without blanks at the ends', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), (candidates) => {
        const id = chooseCorrelationId(...candidates);
        expect(id).toMatch(/^[\x20-\x7e]{1,128}$/);
        expect(id.trim()).toBe(id);
      }),
    );
  });
});
