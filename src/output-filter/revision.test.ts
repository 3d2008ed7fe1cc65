import { describe, expect, it } from 'vitest';
import { randomString, createRandom } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, createTestFilter } from '../../tests/helpers/output-filter.js';
import { Windows } from './revision.js';

const filter = createTestFilter();
const context = INSIDE;

const random = createRandom(5);
const body = (length: number): string => randomString(random, 'alnum', length);
const prose = (length: number): string =>
  'plain words, one after the other, of no meaning.\n'.repeat(length / 49);

/** Secrets that are one only in the second or third form of a text, by what of them is escaped. */
const disguised: readonly (readonly [string, () => string, string])[] = [
  ['its prefix', () => `%73k-${body(40)}`, 'pattern.secret'],
  ['its name', () => 'passw%6Frd: hunter2!', 'pattern.secret'],
  ['its operator', () => `token%3D${body(30)}`, 'secret.generic_assignment'],
  ['its body', () => `ghp_${body(18)}%41${body(17)}`, 'secret.github_pat'],
  ['its prefix, twice', () => `%2573k-${body(40)}`, 'pattern.secret'],
  ['what joins long parts', () => `eyJ${body(8000)}%2EeyJ${body(20_000)}%2E${body(43)}`, 'pattern.jwt'],
  ['the end of a long part', () => `eyJ${body(8000)}.eyJ${body(20_000)}%2E${body(43)}`, 'pattern.jwt'],
];

describe('the windows in which another form of a text is scanned', () => {
  for (const [part, make, rule] of disguised) {
    it(`hold a secret of which ${part} is escaped, wherever it stands in a long text`, () => {
      for (const before of [0, 1000, 5000, 40_000, 90_000]) {
        const text = `${prose(before)}and ${make()} and\n${prose(60_000)}&amp; ${prose(30_000)}`;
        const verdict = filter.check({ text, context });
        expect(verdict.findings.map((finding) => finding.rule_id)).toContain(rule);
      }
    });
  }

  it('hold a secret of the third form among characters that only the first form has', () => {
    const strewn = prose(40_000).replaceAll('words', 'wo\u200brds\u200b');
    for (const make of [() => `%2573k-${body(40)}`, () => `passw%256Frd: hunter2!`]) {
      const verdict = filter.check({ text: `${strewn}and ${make()} and\n${strewn}`, context });
      expect(verdict.findings.map((finding) => finding.rule_id)).toContain('pattern.secret');
    }
  });

  it('leave out what is far from every change, and say where the pass may rest in it', () => {
    const rests = Array.from({ length: 100 }, (_, index) => index * 1024);
    const windows = new Windows({ changes: [50_000, 50_001], rests }, 102_400);
    const { start } = windows;
    expect(start).toBeGreaterThan(40_000);
    expect(start).toBeLessThan(50_000 - 3072);
    let at = start;
    for (let rest = windows.nextRest; rest < 102_400; rest = windows.nextRest) at = windows.restAt(rest);
    expect(at).toBe(102_400);
    expect(windows.rests).toEqual(rests);
  });

  it('go on over a place where only the first pass rested, and give the place where their own pass rested', () => {
    const rests = [0, 1024, 30_000, 40_000, 50_000];
    const windows = new Windows({ changes: [20_000, 20_000], rests }, 60_000);
    expect(windows.start).toBe(0);
    expect(windows.nextRest).toBe(1024);
    expect(windows.restAt(1024)).toBe(1024);
    expect(windows.restAt(30_001)).toBe(30_001);
    expect(windows.restAt(40_000)).toBe(60_000);
    expect(windows.rests).toEqual([0, 1024, 30_001, 40_000, 50_000]);
  });
});
