import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpanList } from './span-list.js';

type Span = readonly [start: number, end: number];

/** Gaps and lengths, in turn, from which ascending spans are made. */
const steps = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 60 });

function spansOf(distances: readonly Span[]): Span[] {
  let at = 0;
  return distances.map(([gap, length]) => {
    const start = at + gap;
    at = start + length;
    return [start, at];
  });
}

function listOf(spans: readonly Span[]): SpanList {
  const [first, ...others] = spans;
  const list = new SpanList(first?.[0] ?? 0, first?.[1] ?? 0);
  for (const [start, end] of others) expect(list.append(start, end)).toBe(true);
  return list;
}

describe('SpanList', () => {
  it('tells which spans it covers and overlaps, in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 9 }))),
        (distances, asked) => {
          const spans = spansOf(distances);
          const list = listOf(spans);
          for (const [start, length] of asked) {
            const end = start + length;
            expect(list.covers(start, end)).toBe(spans.some(([from, to]) => from <= start && end <= to));
            expect(list.overlaps(start, end)).toBe(spans.some(([from, to]) => from < end && start < to));
          }
        },
      ),
    );
  });

  it('takes no span that begins before its last one ends', () => {
    const list = new SpanList(10, 20);
    expect(list.append(19, 30)).toBe(false);
    expect(list.append(0, 5)).toBe(false);
    expect(list.append(20, 30)).toBe(true);
    expect(list.bounds).toEqual([10, 20, 20, 30]);
  });
});
