import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, createTestFilter } from '../../tests/helpers/output-filter.js';
import type { FilterVerdict } from '../domain/filter.js';
import { standardDetectors } from './detectors/all.js';

const filter = createTestFilter({ pii: true });
const context = INSIDE;

/** Examples whose secret is the random body, and what stands before it is public. */
const examples = standardDetectors
  .filter((detector) => detector.id.startsWith('secret.') || detector.id === 'pattern.secret')
  .flatMap((detector) => detector.examples.found)
  .filter((example) => /<[a-z0-9]+:\d{2,}>/i.test(example));

/** The generated parts of an example that are long enough to be told from chance; numbers are ids, which are public. */
function bodiesOf(example: string, seed: number): string[] {
  const marked = expandExample(example.replaceAll(/<(uuid|[a-zA-Z0-9]+:\d+)>/g, '\u0001<$1>\u0001'), seed);
  return marked
    .split('\u0001')
    .filter((part, index) => index % 2 === 1 && part.length >= 12 && !/^\d+$/.test(part));
}

function shown(verdict: FilterVerdict): string {
  return JSON.stringify({ findings: verdict.findings, types: verdict.finding_types, reason: verdict.reason });
}

describe('what the filter says about a secret', () => {
  it('holds no part of it beyond its public prefix, in findings, redacted text and redaction', () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.integer({ min: 1, max: 1e6 }), (example, seed) => {
        const text = `see ${expandExample(example, seed)} there`;
        const verdict = filter.check({ text, context });
        // Now and then chance draws a body without a digit, or of syllables, which some detectors take for words; what else
        // is found then, as an address of mail that ends in it, says nothing of the secret.
        fc.pre(verdict.findings.some(({ rule_id: id }) => !id.startsWith('pii.')));
        expect(verdict.filtered_text).toBe('');
        for (const body of bodiesOf(example, seed)) {
          for (let at = 0; at + 6 <= body.length; at += 1) {
            const piece = body.slice(at, at + 6);
            expect(shown(verdict), text).not.toContain(piece);
            expect(verdict.redacted_text, text).not.toContain(piece);
            expect(filter.redact(text), text).not.toContain(piece);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('holds no part of a password of any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 3000 }), fc.integer({ min: 1, max: 1e6 }), (length, seed) => {
        const password = expandExample(`<alnum:${length}>`, seed);
        for (const text of [`password=${password} end`, `{"db_password": "${password}"}`]) {
          const verdict = filter.check({ text, context });
          const all = shown(verdict) + verdict.redacted_text + filter.redact(text);
          for (let at = 0; at + 6 <= length; at += 3) expect(all).not.toContain(password.slice(at, at + 6));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the filter', () => {
  it('answers any text and any JSON value without a fault, with spans inside the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (text, structure) => {
          const verdict = filter.check({ text, structured_output: structure, context });
          expect(verdict.reason).not.toBe('output_filter_error');
          for (const { start, end } of verdict.findings) {
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(text.length);
          }
          expect(filter.redact(text)).not.toBe('[REDACTED:output_filter_error]');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('answers lone surrogates, NULs and a megabyte on one line', () => {
    for (const text of [
      '\ud800',
      '\udc00\ud800',
      '\0\0\0',
      'a\0b'.repeat(1000),
      'x'.repeat(1_048_576),
      '\ud835'.repeat(10_000),
    ]) {
      expect(filter.check({ text, context }).reason).not.toBe('output_filter_error');
    }
  });

  it.each([
    ['a keyword over and over before a mask', 'sk-'.repeat(340_000) + 'x'.repeat(16)],
    ['masked bodies that are one long token', 'sk-xxxxxxxxxxxxxxxx-'.repeat(50_000)],
  ])('reads a megabyte of %s once, and takes it for no documentation', (_, text) => {
    expect(filter.check({ text, context }).reason).toBe('secret_pattern_blocked');
  });

  it('takes a megabyte of a keyword of a run over and over for no token, since it only repeats', () => {
    const text = `${'A'.repeat(20)}%`.repeat(45_000) + 'x'.repeat(16);
    expect(filter.check({ text, context }).reason).toBe('output_allowed');
  });

  it('reports a hundred thousand findings as one, counted exactly', () => {
    const verdict = filter.check({ text: 'api_key=a1\n'.repeat(90_000), context });
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]?.occurrences).toBe(90_000);
    expect(verdict.finding_count).toBe(1);
  });

  it('reports at most a hundred findings of as many rules as there are, and counts them all', () => {
    const text = standardDetectors
      .flatMap((detector) => detector.examples.found.map((example) => expandExample(example, 3)))
      .join('\n');
    const verdict = filter.check({ text, context });
    expect(verdict.findings).toHaveLength(100);
    expect(verdict.finding_count).toBeGreaterThan(150);
    const starts = verdict.findings.map((finding) => finding.start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('gives the same verdict every time', () => {
    const text = examples
      .slice(0, 40)
      .map((example) => expandExample(example, 9))
      .join(' ');
    expect(filter.check({ text, context })).toEqual(filter.check({ text, context }));
  });
});
