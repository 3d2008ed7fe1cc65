import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../domain/wire.js';
import { createToolRegistry } from '../registry.js';

function declared(schema: JsonObject) {
  return createToolRegistry([{ name: 'pay', external_effect: true, arguments: schema }]).get('pay')!;
}

function object(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...rest };
}

const payment = object(
  {
    amount: { type: 'number', exclusiveMinimum: 0, maximum: 500 },
    currency: { type: 'string', enum: ['EUR', 'USD'], default: 'EUR' },
    urgent: { type: 'boolean' },
    payee: object(
      { iban: { type: 'string', minLength: 4 }, note: { type: ['string', 'null'] } },
      { required: ['iban'] },
    ),
    lines: { type: 'array', items: object({ count: { type: 'integer' } }), maxItems: 2 },
  },
  { required: ['amount', 'payee'] },
);
const good = { amount: 1, payee: { iban: 'XX00' } };

const cases: [what: string, args: JsonObject, fault: string | null][] = [
  ['a good call', good, null],
  ['nothing', {}, 'missing /amount'],
  ['a string for a number', { ...good, amount: '1' }, 'number_type /amount'],
  ['a fraction for an integer', { ...good, lines: [{ count: 1.5 }] }, 'number_type /lines/0/count'],
  ['a number for a boolean', { ...good, urgent: 1 }, 'bool_type /urgent'],
  ['an object for a list', { ...good, lines: {} }, 'list_type /lines'],
  ['a list for an object', { ...good, payee: [] }, 'object_type /payee'],
  ['a number for a string', { ...good, payee: { iban: 4 } }, 'string_type /payee/iban'],
  ['a number for a string or null', { ...good, payee: { iban: 'XX00', note: 4 } }, 'type /payee/note'],
  ['a missing inner argument', { ...good, payee: {} }, 'missing /payee/iban'],
  ['an undeclared argument', { ...good, x: 1 }, 'extra_forbidden /x'],
  [
    'an undeclared inner argument',
    { ...good, payee: { iban: 'XX00', bic: 'x' } },
    'extra_forbidden /payee/bic',
  ],
  ['an undeclared argument of an item', { ...good, lines: [{}, { x: 1 }] }, 'extra_forbidden /lines/1/x'],
  ['too much', { ...good, amount: 501 }, 'maximum /amount'],
  ['nothing at all', { ...good, amount: 0 }, 'exclusiveMinimum /amount'],
  ['another currency', { ...good, currency: 'GBP' }, 'enum /currency'],
  ['too short', { ...good, payee: { iban: 'X' } }, 'minLength /payee/iban'],
  ['too many', { ...good, lines: [{}, {}, {}] }, 'maxItems /lines'],
];

describe('a declared tool', () => {
  it.each(cases)('judges %s', (_what, args, fault) => {
    const check = declared(payment).checkArguments(args);
    expect(check.ok ? null : `${check.code} ${check.pointer}`).toBe(fault);
  });

  it('fills in defaults in a copy', () => {
    const args = Object.freeze({ ...good, payee: Object.freeze({ iban: 'XX00' }) });
    expect(declared(payment).checkArguments(args)).toEqual({
      ok: true,
      arguments: { ...good, currency: 'EUR' },
    });
    expect(args).not.toHaveProperty('currency');
  });

  it('counts own properties only', () => {
    const tool = declared(object({ name: { type: 'string' } }, { additionalProperties: { type: 'number' } }));
    expect(tool.checkArguments(JSON.parse('{"__proto__":"x"}') as JsonObject)).toMatchObject({
      code: 'number_type',
    });
    expect(tool.checkArguments({ constructor: 1 })).toMatchObject({ ok: true });
    const needsName = declared(object({ name: { type: 'string' } }, { required: ['name'] }));
    expect(needsName.checkArguments(JSON.parse('{"__proto__":{"name":"x"}}') as JsonObject)).toMatchObject({
      code: 'missing',
    });
  });

  const address = object({ street: { type: 'string' } });
  const closing: [what: string, schema: JsonObject, args: JsonObject, isAllowed: boolean][] = [
    ['an object that says it is open', object({}, { additionalProperties: true }), { x: 1 }, true],
    [
      'an object open to one kind',
      object({}, { additionalProperties: { type: 'number' } }),
      { x: 'a' },
      false,
    ],
    [
      'names by pattern',
      { type: 'object', patternProperties: { '^x-': { type: 'number' } } },
      { 'x-a': 1 },
      true,
    ],
    ['names by pattern, others', { type: 'object', patternProperties: { '^x-': true } }, { y: 1 }, false],
    ['parts that add up', object({ a: true }, { allOf: [object({ b: true })] }), { a: 1, b: 1 }, true],
    [
      'parts that add up, others',
      object({ a: true }, { allOf: [object({ b: true })] }),
      { a: 1, c: 1 },
      false,
    ],
    [
      'a reference',
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: address } }),
      { a: { street: 'x' } },
      true,
    ],
    [
      'a reference, others',
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: address } }),
      { a: { x: 1 } },
      false,
    ],
    ['an alternative', object({ a: { anyOf: [{ type: 'string' }, address] } }), { a: { street: 'x' } }, true],
    [
      'an alternative, others',
      object({ a: { anyOf: [{ type: 'string' }, address] } }),
      { a: { x: 1 } },
      false,
    ],
    ['items', object({ a: { type: 'array', items: address } }), { a: [{ x: 1 }] }, false],
    ['an object or null', object({ a: { ...address, type: ['object', 'null'] } }), { a: { x: 1 } }, false],
    ['a recursive schema', object({ a: { $ref: '#' } }), { a: { a: { x: 1 } } }, false],
    ['a recursive schema, inside', object({ a: { $ref: '#' } }), { a: { a: {} } }, true],
    [
      'a condition, which is about one property only',
      object(
        { kind: { type: 'string' }, n: { type: 'integer' } },
        { if: { properties: { kind: { const: 'k' } }, required: ['kind'] }, then: { required: ['n'] } },
      ),
      { kind: 'k' },
      false,
    ],
  ];

  it.each(closing)('closes objects that do not say otherwise: %s', (_what, schema, args, isAllowed) => {
    expect(declared(schema).checkArguments(args).ok).toBe(isAllowed);
  });
});
