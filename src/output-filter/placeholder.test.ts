import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneCharacter, isPlaceholder } from './placeholder.js';

describe('a placeholder', () => {
  const words = `myexamplevalue12 PLACEHOLDER1 changeme2024 ChangeIt12345678 valueRedacted99 maskedvalue12345 hiddenhidden1234
    removedbypolicy1 omitted0omitted0 dummytoken123456 aXxXx12345678901`;
  const signs = `your-token-goes-in your_api_key_1234 insert-token-now1 insert_token_now1 replace-with-this
    put_the_token_here change_me_please1 12345678901234... abcdefgh***12345 1234567890#### ••••••••12345678 abcdefghijklmno…`;
  const references = `\${TOKEN_OF_ALL} {{token_of_this}} $TOKEN_OF_THIS %TOKEN_OF_THIS% <token-of-this> vault:secret/data env.TOKEN_OF_THIS
    secrets.TOKEN_OF_THIS arn:aws:secretsmanager process.env.TOKEN op://vault/item/it @Microsoft.KeyVault ENV[TOKEN_OF_IT]
    file:/run/secrets/t`;
  const types = 'string None n/a undefined required demo_key';
  const masks = 'xxxxxxxx ******** -';

  it.each([words, signs, references, types, masks].flatMap((list) => list.split(/\s+/)))('is %s', (value) => {
    expect(isPlaceholder(value)).toBe(true);
    expect(isPlaceholder(`token: "${value}"`, 8, 8 + value.length)).toBe(true);
  });

  it('is an empty value', () => {
    expect(isPlaceholder('')).toBe(true);
  });

  it.each([
    'hunter2trustno1',
    'aB3dE6gH9jKlM2nPq',
    'x1x2x3abcdefghijk',
    'your1token2of3me4',
    'exam1ple2exa3mpl4',
    'p4ssw0rd-with-signs',
    'deadbeefdeadbeef01',
    'a',
  ])('is not %s', (value) => {
    expect(isPlaceholder(value)).toBe(false);
  });

  it('is told by the value alone, whatever stands around it', () => {
    const value = fc.string({
      unit: fc.constantFrom(...Array.from('examplxXyourdnit_-.*#$<5')),
      maxLength: 20,
    });
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (text, before, behind) => {
        const start = before.length;
        expect(isPlaceholder(before + text + behind, start, start + text.length)).toBe(isPlaceholder(text));
      }),
    );
  });
});

describe('one character over and over', () => {
  it.each([
    ['aaaa', true],
    ['aaab', false],
    ['a', false],
    ['*', true],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isOneCharacter(text)).toBe(expected);
    expect(isOneCharacter(`a${text}b`, 1, 1 + text.length)).toBe(expected);
  });
});
