import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../tests/fixtures/filter/generate.js';
import * as material from '../../tests/fixtures/filter/public-material.js';
import { base64Bytes } from './encoded.js';
import { holdsPrivateKey, holdsPrivateKeyInBase64 } from './private-key-bytes.js';

/** Whether the bytes from one of the first four characters on hold a key: what the search must answer. */
const isInDecoded = (run: string): boolean =>
  [0, 1, 2, 3].some((offset) => holdsPrivateKey(base64Bytes(run, offset, run.length)));

const marks = ['020100', '020101', '30020101042000', '0201003005060002000004', '06092a864886f70d01050d'];
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(...marks).map((hex) => Buffer.from(hex, 'hex')),
  fc.constantFrom('PRIVATE KEY', 'openssh-key-v1\0', 'openssh-key-v1').map((text) => Buffer.from(text)),
  fc.nat(100).map((seed) => material.privateKey(createRandom(seed))),
);

describe('the search for private keys in base64', () => {
  it('answers what the bytes say, at whichever character they begin', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('AAAAAAAA', 'AAAAAAAAB', 'AAAAAAAABC', 'AAAAAAAABCD'),
        fc.nat(90),
        (pieces, before, cut) => {
          const body = Buffer.concat(pieces).toString('base64').replaceAll('=', '');
          const run = before + body.slice(0, Math.max(0, body.length - cut));
          const isFound = holdsPrivateKeyInBase64(`"${run}"`, 1, run.length + 1);
          if (isFound) found += 1;
          expect(isFound, run).toBe(isInDecoded(run));
        },
      ),
      { numRuns: 1500 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('goes on behind what only begins as a key does', () => {
    const key = material.privateKey(createRandom(8)).toString('base64');
    expect(holdsPrivateKeyInBase64(`${'IBA'.repeat(5000)}${key}`, 0, 15_000 + key.length)).toBe(true);
    expect(holdsPrivateKeyInBase64('IBA'.repeat(5000), 0, 15_000)).toBe(false);
  });
});
