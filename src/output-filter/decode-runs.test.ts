import { describe, expect, it } from 'vitest';
import { decodeRuns } from './decode-runs.js';
import { createFoldTable } from './homoglyphs.js';
import { createFold } from './normalise.js';

const fold = createFold(createFoldTable());

/** What one run decodes to, a line each, without the line ends around it. */
function decoded(run: string): readonly string[] {
  const derived = decodeRuns(run, [0, run.length], fold, () => undefined);
  return derived === null ? [] : derived.text.split('\n').filter((line) => line !== '');
}

const base64 = (text: string): string => Buffer.from(text).toString('base64url');
const hexadecimal = (text: string): string => Buffer.from(text).toString('hex');

describe('a run in hexadecimal', () => {
  it.each([
    ['of 31 digits', `${hexadecimal('fifteen letters')}4`, []],
    ['of 32', hexadecimal('sixteen letters.'), ['sixteen letters.']],
    ['of 33', `${hexadecimal('sixteen letters.')}4`, ['sixteen letters.']],
    ['of 32 behind a label', `key_${hexadecimal('sixteen letters.')}`, ['sixteen letters.']],
    ['of 31 behind a label', `key_${hexadecimal('fifteen letters')}4`, []],
  ])('%s', (_, run, lines) => {
    expect(decoded(run)).toEqual(lines);
  });
});

describe('a part of a run in base64', () => {
  const label = 'x-';
  const sixteen = base64('twelve signs');

  it.each([
    ['of 16 characters at the end', label + sixteen],
    ['of 16 at the start', `${sixteen}-a/bc`],
    ['of 16 between others', `${label}${sixteen}-x`],
    ['behind parts that are too short', `a-b-c/d_e-${sixteen}`],
    ['behind one of 15', `${'a'.repeat(15)}-${sixteen}`],
  ])('%s is read', (_, run) => {
    expect(decoded(run).join()).toContain('twelve signs');
  });

  it('of 17 is read', () => {
    expect(decoded(label + base64('thirteen sign')).join()).toContain('thirteen sig');
  });

  it('of 15 is not', () => {
    expect(decoded(label + sixteen.slice(0, 15)).join()).not.toContain('twelve sig');
  });
});

describe('what is decoded', () => {
  it('is told in characters', () => {
    const told: number[] = [];
    const run = hexadecimal('sixteen letters.');
    decodeRuns(run, [0, run.length], fold, (characters) => told.push(characters));
    expect(told).toEqual([16]);
  });

  it('is nothing where no run holds text', () => {
    expect(decodeRuns('', [], fold, () => undefined)).toBeNull();
  });
});
