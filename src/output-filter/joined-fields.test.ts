import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JoinedFields } from './joined-fields.js';
import { runsAcross } from './joined-runs.js';

/** Where fields meet, and where the first begins and the last ends. */
function jointsOf(fields: readonly string[]): Set<number> {
  const joints = new Set([0]);
  let offset = 0;
  for (const { length } of fields) joints.add((offset += length));
  return joints;
}

describe('joined fields', () => {
  it('know where they meet, asked in whatever order', () => {
    const field = fc.string({ unit: fc.constant('a'), maxLength: 3 });
    const offsets = fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(field, { maxLength: 14 }), offsets, (fields, asked) => {
        const joined = new JoinedFields(fields);
        const joints = jointsOf(fields);
        for (const [start, length] of asked) {
          const end = start + length;
          if (start <= joined.text.length) expect(joined.has(start)).toBe(joints.has(start));
          if (length === 0 || end > joined.text.length) continue;
          const isCrossed = [...joints].some((joint) => joint > start && joint < end);
          expect(joined.isCrossedBy(start, end)).toBe(isCrossed);
        }
      }),
    );
  });
});

describe('the runs of joined fields that are decoded', () => {
  const line = 'QUJD'.repeat(16);
  const rest = 'QUJDREVGR0hJ';

  /** The runs of some fields that stand across them, as text. */
  function across(fields: readonly string[]): string[] {
    const joined = new JoinedFields(fields);
    const runs = Array.from(joined.text.matchAll(/[\w+/-]{12,}/g), ({ index, 0: run }) => [
      index,
      index + run.length,
    ]);
    const chosen = runsAcross(joined.text, runs.flat(), (start, end) => joined.isCrossedBy(start, end));
    return Array.from({ length: chosen.length / 2 }, (_, place) =>
      joined.text.slice(chosen[place * 2], chosen[place * 2 + 1]),
    );
  }

  it.each([
    ['one that two fields share', ['QUJDREVGR0hJ', 'QUJDREVGR0hJ'], ['QUJDREVGR0hJQUJDREVGR0hJ']],
    ['one that three fields share', ['QUJDREVG', 'R0hJSktM', 'TU5PUFFS'], ['QUJDREVGR0hJSktMTU5PUFFS']],
    ['none that a field holds whole', [`${line}==`, `${line}==`, `see ${line}`], []],
    ['a short one too, since it is in no field', ['QUJDREVG', 'R0hJSktM'], ['QUJDREVGR0hJSktM']],
    ['the lines of one text', [`${line}\n`, rest], [line, rest]],
    [
      'the lines of one text, as some systems end them',
      [`${line}\r\n`, `${line}\r\n${rest}`],
      [line, line, rest],
    ],
    ['the lines of one text, however short', [`${rest}\n`, line], [rest, line]],
    ['no line behind an empty one', [`${line}\n\n`, line], []],
    [
      'all lines of a text of which a later one is in another field',
      [`${line}\n${line}\n`, line],
      [line, line, line],
    ],
  ])('are %s', (_, fields, runs) => {
    expect(across(fields)).toEqual(runs);
  });
});
