import { describe, expect, it } from 'vitest';
import { DecodedPieces } from './decoded-pieces.js';

const BASE64 = Buffer.from('the first words').toString('base64url');
const HEXADECIMAL = Buffer.from('the words behind them').toString('hex');

describe('DecodedPieces', () => {
  it('maps what goes from hexadecimal to the base64 before it to both, from the start of the one to the end of the other', () => {
    const text = `${BASE64}-${HEXADECIMAL}`;
    const pieces = new DecodedPieces(text, text.length * 2, () => 0);
    const length = pieces.addHexadecimal(BASE64.length + 1, text.length);
    pieces.addBase64(0, BASE64.length);
    expect(pieces.toSource(0, length)).toEqual([BASE64.length + 1, text.length]);
    expect(pieces.toSource(length + 1, length + 4)).toEqual([0, BASE64.length]);
    expect(pieces.toSource(0, length + 4)).toEqual([0, text.length]);
  });
});
