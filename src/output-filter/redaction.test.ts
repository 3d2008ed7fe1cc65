import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { createTestFilter } from '../../tests/helpers/output-filter.js';
import { secretRule } from './detector.js';
import { Hits } from './hits.js';
import { redactHits } from './redaction.js';

const RULES = ['a', 'b', 'c'].map(secretRule);
const TEXT = 'abcdefghijklmnopqrstuvwxyz'.repeat(3);

const spans = fc.array(
  fc.record({
    rule: fc.constantFrom(...RULES),
    start: fc.nat(TEXT.length - 8),
    length: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 1, maxLength: 20 },
);

/** The places of all characters of the matches. */
function hiddenPlaces(hits: Hits): Set<number> {
  const places = new Set<number>();
  for (const { bounds } of hits.all().flatMap(({ spans: lists }) => lists)) {
    for (let at = 0; at < bounds.length; at += 2) {
      for (let place = bounds[at] ?? 0; place < (bounds[at + 1] ?? 0); place += 1) places.add(place);
    }
  }
  return places;
}

describe('redactHits', () => {
  it('replaces every character of a match and no other, in whatever order matches were found', () => {
    fc.assert(
      fc.property(spans, (found) => {
        const hits = new Hits();
        for (const { rule, start, length } of found) {
          hits.add({ rule, label: '', start, end: start + length }, start, start + length);
        }
        const hidden = hiddenPlaces(hits);
        const kept = Array.from(TEXT)
          .filter((_, place) => !hidden.has(place))
          .join('');
        expect(redactHits(TEXT, hits.all()).replaceAll(/\[REDACTED:[abc]\]/g, '')).toBe(kept);
      }),
    );
  });

  it('names matches that overlap after the one that begins first, and of those after the longest', () => {
    const hits = new Hits();
    hits.add({ rule: secretRule('a'), label: '', start: 5, end: 9 }, 5, 9);
    hits.add({ rule: secretRule('b'), label: '', start: 2, end: 6 }, 2, 6);
    hits.add({ rule: secretRule('c'), label: '', start: 2, end: 7 }, 2, 7);
    expect(redactHits('0123456789', hits.all())).toBe('01[REDACTED:c]9');
  });
});

describe('redact', () => {
  const filter = createTestFilter();

  it('replaces each secret by the id of its rule and keeps the rest', () => {
    const secret = expandExample('sk-<alnum:24>');
    expect(filter.redact(`user ${secret}!`)).toBe('user [REDACTED:pattern.secret]!');
    expect(filter.redact('r-100')).toBe('r-100');
  });

  it('covers all parts of an encrypted token, though three of them look like a signed one', () => {
    const token = expandExample(
      'eyJ<alnum:40>.eyJ<base64url:40>.<base64url:16>.<base64url:60>.<base64url:22>',
    );
    expect(filter.redact(`a ${token} b`)).toBe('a [REDACTED:pattern.jwt] b');
  });

  it('keeps markers, which are no secrets', () => {
    expect(filter.redact('tenant_id: tenant-b, classification: sensitive')).toContain('tenant-b');
  });

  it('covers a private key to its footer, or to the end', () => {
    expect(filter.redact('a -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- b')).toBe(
      'a [REDACTED:pattern.private_key] b',
    );
    expect(filter.redact('a -----BEGIN PRIVATE KEY-----\nabc')).toBe('a [REDACTED:pattern.private_key]');
  });
});
