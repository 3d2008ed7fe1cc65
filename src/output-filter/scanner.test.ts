import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benignCorpus } from '../../tests/fixtures/filter/benign.js';
import { secretCorpus } from '../../tests/fixtures/filter/secrets.js';
import { credentialWords, standardDetectors, vendorNames } from './detectors/all.js';
import type { Hit } from './hits.js';
import { createFoldTable } from './homoglyphs.js';
import { LOUD, MIN_JOINED_RUN, QUIET_START } from './quiet-walk.js';
import { Scan } from './scan.js';
import { createScanner } from './scanner.js';

const foldTable = createFoldTable();
const scan = createScanner({
  detectors: standardDetectors,
  foldTable,
  credentialWords,
  vendorNames,
});
const corpus = [...secretCorpus(21), ...benignCorpus(21)].map(({ text }) => text);

/** A part of a text of the corpus. */
const parts = fc
  .record({ text: fc.constantFrom(...corpus), from: fc.nat(200), length: fc.integer({ min: 1, max: 60 }) })
  .map(({ text, from, length }) => text.slice(from % text.length, (from % text.length) + length));

function scanned(text: string): { hits: Hit[]; runs: number; mayBeDisguised: boolean } {
  const hits: Hit[] = [];
  const { runs, mayBeDisguised } = scan({ text }, (hit) => hits.push(hit));
  return { hits, runs: runs.length, mayBeDisguised };
}

describe('the quiet walk', () => {
  it('goes to the end of no text that has a match, a run or a disguise', () => {
    let quiet = 0;
    fc.assert(
      fc.property(parts, (text) => {
        if (scan.walkQuietly(QUIET_START, text) === LOUD) return;
        quiet += 1;
        expect(scanned(text), text).toEqual({ hits: [], runs: 0, mayBeDisguised: false });
      }),
      { numRuns: 3000 },
    );
    expect(quiet).toBeGreaterThan(300);
  });

  it('over joined fields goes to the end of none that have a format, a disguise, or a run worth decoding', () => {
    let quiet = 0;
    fc.assert(
      fc.property(parts, (text) => {
        if (scan.walkFields(QUIET_START, text) === LOUD) return;
        quiet += 1;
        const hits: Hit[] = [];
        const { runs, mayBeDisguised } = scan({ text, formatsOnly: true }, (hit) => hits.push(hit));
        const lengths = runs.flatMap((end, index) => (index % 2 === 1 ? [end - (runs[index - 1] ?? 0)] : []));
        expect(hits, text).toEqual([]);
        expect(mayBeDisguised, text).toBe(false);
        expect(Math.max(0, ...lengths), text).toBeLessThan(MIN_JOINED_RUN);
      }),
      { numRuns: 3000 },
    );
    expect(quiet).toBeGreaterThan(300);
  });

  it('over joined fields stops at every format that a detector knows', () => {
    const examples = standardDetectors.flatMap(({ examples: { found } }) => found);
    const passed = examples.filter((text) => {
      const hits: Hit[] = [];
      scan({ text, formatsOnly: true }, (hit) => hits.push(hit));
      return hits.length > 0 && scan.walkFields(QUIET_START, text) !== LOUD;
    });
    expect(passed).toEqual([]);
  });

  it('sees in pieces the keywords that it sees in the whole', () => {
    fc.assert(
      fc.property(parts, fc.nat(60), (text, at) => {
        const first = scan.walkQuietly(QUIET_START, text.slice(0, at));
        const second = first === LOUD ? LOUD : scan.walkQuietly(first, text.slice(at));
        // A dash is punctuation by the blanks beside it, which must be in its piece.
        fc.pre(!/[\u2012-\u2015]/.test(text.slice(Math.max(0, at - 1), at + 1)));
        // A run may be cut in two by the pieces, so only a quiet whole says what they must be.
        const whole = scan.walkQuietly(QUIET_START, text);
        if (whole !== LOUD) expect(second, text).toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['the_key', false],
    ['author.name', false],
    ['xoxb_key', true],
    ['a'.repeat(16), true],
    ['tenant_id', true],
  ])('of a name %j stops at more than words of credentials: %j', (name, isLoud) => {
    expect(scan.walkName(QUIET_START, name) === LOUD).toBe(isLoud);
  });

  it.each(['the pass', 'x_key', 'xox', 'cl\u0435f', '\u200b', '50%', 'a'.repeat(16), 'tenant_id', '\u0000'])(
    'stops at %j',
    (text) => {
      expect(scan.walkQuietly(QUIET_START, text)).toBe(LOUD);
    },
  );

  it.each([
    '',
    'task-force',
    'the account',
    'I will read the record r-100.',
    'read_the_record',
    'datadog is a service',
    'désolé — 申し訳ありません',
  ])('passes %j', (text) => {
    expect(scan.walkQuietly(QUIET_START, text)).not.toBe(LOUD);
  });
});

describe('the places of rest of a pass', () => {
  it('are at no character with which a disguise begins', () => {
    const text = 'some words\u200bsome more%20words\u00ad'.repeat(600);
    const { rests } = scan({ text }, () => undefined);
    expect(rests.length).toBeGreaterThan(50);
    expect(new Set(rests.map((at) => text[at]))).toEqual(new Set([' ']));
  });
});

describe('where a character stands next in a pass', () => {
  it('is the same in whichever order it is asked for', () => {
    const text = 'a@bc@def@g';
    for (let first = 0; first < text.length; first += 1) {
      for (let second = 0; second < text.length; second += 1) {
        const pass = new Scan({ text }, () => undefined);
        const answers = [first, second, first].map((offset) => pass.nextOf('@', offset));
        const expected = [first, second, first].map((offset) => text.indexOf('@', offset));
        expect(answers).toEqual(expected.map((at) => (at < 0 ? Infinity : at)));
      }
    }
  });
});
