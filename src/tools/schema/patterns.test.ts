import { describe, expect, it } from 'vitest';
import { countFiniteWays, withoutBounds } from './pattern-cost.js';
import { parsePattern } from './pattern-syntax.js';
import { provePatterns } from './patterns.js';

function isProved(pattern: string): boolean {
  try {
    provePatterns('tool', [{ pattern, steps: [] }], new Set());
    return true;
  } catch {
    return false;
  }
}

const harmless = [
  '^r-[0-9]{1,9}$',
  '^[a-z.]{1,64}@(?:example\\.com|example\\.org)$',
  '^[A-Z]{2}\\d{2}[A-Z0-9]{10,30}$',
  '^(?:[a-z]{1,20}-){1,20}[a-z]{1,20}$',
  '^(?:[a-z0-9]{1,63}\\.){1,10}example\\.com$',
  '^https?://docs\\.example\\.com(?:/[A-Za-z0-9/_.-]{0,200})?$',
  '^[\\p{L}\\u{1f511} ]{1,500}$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^[^\\r\\n]*$',
  '^(?<year>\\d{4})?$',
  '^$',
  'abc',
];

/** Each is safe to the prover, since it is bounded, and takes very long. */
const explosive = [
  '^(?:a?){30}$',
  '^(?:a?){30}a{30}$',
  '^(?:a|a){1,30}$',
  '^(?:a|a){30}$',
  '^(?:a|aa){1,40}$',
  '^(?:a{1,20}){1,20}$',
  '^(?:(?:a|b|ab){2}){20}$',
  '^a{0,200}a{0,200}a{0,200}a{0,200}b$',
  `^${'a?'.repeat(30)}${'a'.repeat(30)}$`,
  '^(?:a|){30}b$',
  '^(?:(?:a|a){0,26}[^]{0,100})$',
  '^(?:(?:ab)?){30}(?:ab){30}$',
  '^(?=(?:a?){30}b)a',
  '^(a)(?:\\1?){30}$',
  '(?i:a?){30}b',
];

describe('provePatterns', () => {
  it.each(harmless)('accepts %j', (pattern) => {
    expect(isProved(pattern)).toBe(true);
  });

  it.each(explosive)('refuses %j, which is bounded and yet takes very long', (pattern) => {
    expect(isProved(pattern)).toBe(false);
  });

  it.each(harmless)('lets %j match a long hostile text in little time', (pattern) => {
    const matcher = new RegExp(pattern, 'u');
    const started = process.cpuUsage();
    for (const part of ['a', '1', 'a-', 'a.', '-', 'r-1', 'https://docs.example.com/', ' ']) {
      matcher.test(`${part.repeat(20_000)}!\r`);
    }
    // What is refused takes minutes; the bound is far from both.
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
  });
});

describe('parsePattern', () => {
  it.each([
    ['a', 1],
    ['a|b|c', 3],
    ['(?:a|b)c?', 4],
    ['[a-z]{1,64}', 64],
    ['(?:a|b){3}', 8],
    ['(?:a|b){1,2}', 6],
    ['(?:a?)*', 2],
    ['\\p{L}{2,3}\\u{1f511}\\ud83d\\udd11?', 4],
    ['[^\\]{1,5}]{2,4}', 3],
    ['(?<name>a|b)', 2],
    ['a+?b*?c??', 2],
  ])('counts the ways of %j', (pattern, ways) => {
    expect(countFiniteWays(parsePattern(pattern)!)).toBe(ways);
  });

  it.each(['(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(a)\\1', '(?<n>a)\\k<n>', '(?i:a)'])(
    'does not take %j apart',
    (pattern) => {
      expect(parsePattern(pattern)).toBeNull();
    },
  );

  it('takes bounds away, and adds an end at which it can fail', () => {
    expect(withoutBounds(parsePattern('^(?:[a-z]{1,9}-){1,9}\\d{2}x?$')!)).toBe(
      '^(?:(?:(?:[a-z])+-)+\\d{2}(?:x)*)\\u{10ffff}',
    );
    expect(withoutBounds(parsePattern('a$b')!)).toBeNull();
    expect(withoutBounds(parsePattern('(?:a?){2}')!)).toBeNull();
  });
});
