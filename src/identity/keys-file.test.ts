import { describe, expect, it } from 'vitest';
import { parseKeysFile } from './keys-file.js';

describe('parseKeysFile', () => {
  it('reads a key a line and leaves out comments and blank lines', () => {
    expect(parseKeysFile('# gateways\r\n\r\nfake-key-one\r\n  fake-key-two  \n#fake-key-three')).toEqual([
      'fake-key-one',
      'fake-key-two',
    ]);
  });

  it('reads a file without keys as none', () => {
    expect(parseKeysFile('# nothing yet\n')).toEqual([]);
  });

  it.each([
    ['a repeated key', 'fake-key\nfake-key', 'line 2 repeats the key of line 1'],
    ['a key with a blank inside', 'fake key', 'line 1 is not a usable key'],
    ['a key that is not ASCII', 'fäke', 'line 1 is not a usable key'],
    ['a key with a control character', 'fake\u0000key', 'line 1 is not a usable key'],
    ['an endless key', 'k'.repeat(1025), 'line 1 is not a usable key'],
  ])('refuses %s without repeating it', (_what, text, message) => {
    expect(() => parseKeysFile(text)).toThrow(message);
    expect(() => parseKeysFile(text)).not.toThrow(/fake|fäke|kkk/);
  });
});
