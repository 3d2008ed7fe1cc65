import fullFormats from 'ajv-formats/dist/formats.js';
import { describe, expect, it } from 'vitest';
import { PolicyError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/wire.js';
import { createToolRegistry } from '../registry.js';
import { supportedFormats } from './compile.js';

function object(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...rest };
}

function errorOf(name: string, schema: JsonObject): string {
  try {
    createToolRegistry([{ name, external_effect: true, arguments: schema }]);
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
  return 'no error';
}

const text = { type: 'string' };

const refusals: [what: string, schema: JsonObject, pointer: string, problem: RegExp][] = [
  ['no type', { properties: {} }, '', /must be a schema of type 'object'/],
  ['another type', { type: 'array' }, '', /must be a schema of type 'object'/],
  ['an unknown keyword', object({ a: { ...text, patern: 'x' } }), '/properties/a/patern', /unknown keyword/],
  [
    'an unknown keyword in a definition',
    { type: 'object', $defs: { a: { foo: 1 } } },
    '/$defs/a/foo',
    /unknown keyword/,
  ],
  ['a promise instead of an answer', object({}, { $async: true }), '/$async', /unknown keyword/],
  ['an id', object({}, { $id: 'urn:x' }), '/$id', /unknown keyword/],
  [
    'another dialect',
    object({}, { $schema: 'http://json-schema.org/draft-07/schema#' }),
    '/$schema',
    /2020-12/,
  ],
  ['an unknown type', object({ a: { type: 'strin' } }), '', /schema is invalid: .*properties\/a\/type/],
  ['a keyword of another type', object({ a: { type: 'number', minLength: 1 } }), '', /strictTypes/],
  ['a keyword without a type', object({ a: { maximum: 1 } }), '', /strictTypes/],
  ['an unknown format', object({ a: { ...text, format: 'regex' } }), '', /unknown format "regex"/],
  ['a list of properties', { type: 'object', properties: [] }, '/properties', /must be a mapping/],
  ['a number as a schema', object({ a: 5 }), '/properties/a', /must be a schema/],
  ['a schema for a list', object({ a: { anyOf: {} } }), '/properties/a/anyOf', /must be a list/],
  [
    'a foreign reference',
    object({ a: { $ref: 'https://example.invalid/s' } }),
    '/properties/a/$ref',
    /within this schema/,
  ],
  [
    'a reference to nothing',
    object({ a: { $ref: '#/$defs/b' } }),
    '/properties/a/$ref',
    /refers to no schema/,
  ],
  [
    'a reference to a value',
    object({ a: { const: {} }, b: { $ref: '#/properties/a/const' } }),
    '/properties/b/$ref',
    /refers to no schema/,
  ],
  [
    'an endless reference',
    { type: 'object', allOf: [{ $ref: '#' }] },
    '',
    /recursive, and tried more than once/,
  ],
  [
    'comparisons without bound',
    object({ a: { type: 'array', uniqueItems: true } }),
    '/properties/a/uniqueItems',
    /needs maxItems/,
  ],
  [
    'comparisons beyond bound',
    object({ a: { type: 'array', uniqueItems: true, maxItems: 5000 } }),
    '/properties/a/uniqueItems',
    /at most 1024/,
  ],
  ['a reserved name', object({ constructor: text }), '/properties/constructor', /reserved property name/],
  [
    'an undeclared required name',
    object({ a: text }, { required: ['b'] }),
    '/required',
    /undeclared property: b/,
  ],
  [
    'an undeclared name in a condition',
    object({ a: text }, { if: { properties: { b: text } }, then: true }),
    '/if/properties/b',
    /undeclared property: b/,
  ],
  [
    'an undeclared dependency',
    object({ a: text }, { dependentRequired: { a: ['b'] } }),
    '/dependentRequired/b',
    /undeclared property: b/,
  ],
  [
    'an undeclared inner name',
    object({ a: object({ b: text }, { required: ['c'] }) }),
    '/properties/a/required',
    /undeclared property: c/,
  ],
];

const narrowings: [what: string, tool: string, schema: JsonObject, pointer: string, problem: RegExp][] = [
  [
    'an undeclared argument',
    'send_email',
    object({ bcc: text }),
    '/properties/bcc',
    /undeclared property: bcc/,
  ],
  [
    'an undeclared required argument',
    'send_email',
    { type: 'object', required: ['bcc'] },
    '/required',
    /undeclared property: bcc/,
  ],
  [
    'an undeclared argument in a part',
    'send_email',
    { type: 'object', allOf: [object({ bcc: text })] },
    '/allOf/0/properties/bcc',
    /undeclared/,
  ],
  [
    'an undeclared argument in a negation',
    'send_email',
    { type: 'object', not: { required: ['bcc'] } },
    '/not/required',
    /undeclared/,
  ],
  [
    'an undeclared argument by reference',
    'send_email',
    { type: 'object', $ref: '#/$defs/x', $defs: { x: object({ bcc: text }) } },
    '/$defs/x/properties/bcc',
    /undeclared/,
  ],
  [
    'something inside a text',
    'send_email',
    object({ to: object({ a: text }) }),
    '/properties/to/properties/a',
    /undeclared/,
  ],
  [
    'something inside an item',
    'read_records',
    object({ record_ids: { type: 'array', items: object({ a: text }) } }),
    '/properties/record_ids/items/properties/a',
    /undeclared/,
  ],
  [
    'names by pattern',
    'send_email',
    { type: 'object', patternProperties: { '^t': text } },
    '/patternProperties',
    /names no declared property/,
  ],
  [
    'a default',
    'export_records',
    object({ format: { ...text, default: 'csv' } }),
    '/properties/format/default',
    /fills in no defaults/,
  ],
];

describe('argument schemas at load', () => {
  it.each(refusals)('refuses %s, with its pointer', (_what, schema, pointer, problem) => {
    const message = errorOf('pay', schema);
    expect(message).toMatch(problem);
    expect(message).toContain(`tool 'pay': invalid arguments schema at /tools/pay/arguments${pointer}: `);
  });

  const defaults: [what: string, property: JsonObject, definitions?: JsonObject][] = [
    ['of another type', { ...text, default: 5 }],
    ['of null', { ...text, default: null }],
    ['too small', { type: 'integer', minimum: 1, default: 0 }],
    ['of another choice', { enum: ['EUR', 'USD'], default: 'GBP' }],
    ['of another form', { ...text, format: 'date', default: 'today' }],
    ['without a required part', object({ b: text }, { required: ['b'], default: {} })],
    ['with an undeclared part', object({ b: text }, { default: { c: 'x' } })],
    [
      'against what is referred to',
      { $ref: '#/$defs/short', default: 'long' },
      { short: { ...text, maxLength: 2 } },
    ],
  ];

  it.each(defaults)('refuses a default %s, wherever it stands', (_what, property, $defs = {}) => {
    const problem = 'does not satisfy its own schema';
    for (const name of ['a', 'a/b', 'a~1b', 'a%2Fb', 'ä #?', '']) {
      const pointer = `/properties/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const at = `tool 'pay': invalid arguments schema at /tools/pay/arguments`;
      const schema = object({ [name]: property }, { $defs });
      expect(errorOf('pay', schema)).toBe(`${at}${pointer}/default: ${problem}`);
      const inside = object({ list: { type: 'array', items: object({ [name]: property }) } }, { $defs });
      expect(errorOf('pay', inside)).toBe(`${at}/properties/list/items${pointer}/default: ${problem}`);
    }
  });

  it.each<[what: string, property: JsonObject]>([
    ['a value of its own', { ...text, default: 'x' }],
    ['null where it may be', { type: ['string', 'null'], default: null }],
    [
      'parts that are filled in themselves',
      object({ b: { ...text, default: 'x' } }, { required: ['b'], default: {} }),
    ],
    ['what is referred to', { $ref: '#/$defs/short', default: 'ok' }],
  ])('accepts a default of %s, whatever its name', (_what, property) => {
    for (const name of ['a', 'a/b', 'a~1b', 'a%2Fb', 'ä #?', '']) {
      const schema = object({ [name]: property }, { $defs: { short: { ...text, maxLength: 2 } } });
      expect(errorOf('pay', schema)).toBe('no error');
      const tool = createToolRegistry([{ name: 'pay', external_effect: true, arguments: schema }]).get(
        'pay',
      )!;
      expect(tool.checkArguments({})).toMatchObject({ ok: true });
    }
  });

  it.each(narrowings)('refuses a narrowing that names %s', (_what, tool, schema, pointer, problem) => {
    const message = errorOf(tool, schema);
    expect(message).toMatch(problem);
    expect(message).toContain(`invalid arguments schema at /tools/${tool}/arguments${pointer}: `);
  });

  it.each([
    ['^(a+)+$', /may take super-linear time/],
    ['^(a|a)*$', /may take super-linear time/],
    ['^.*a.*b.*$', /may take super-linear time/],
    ['a*b', /may take super-linear time/],
    ['^(?=.*a).*b$', /cannot be proved to take linear time/],
    ['^(a+)\\1+$', /cannot be proved to take linear time/],
    ['(', /is not a regular expression/],
    ['\\p{Nonsense}', /is not a regular expression/],
    [`^${'a'.repeat(2_000)}$`, /longer than 1024 characters/],
  ])('refuses the pattern %j wherever it stands, with its pointer', (pattern, problem) => {
    const places: [schema: JsonObject, pointer: string][] = [
      [object({ a: { type: 'string', pattern } }), '/properties/a/pattern'],
      [object({ a: { type: 'array', items: { type: 'string', pattern } } }), '/properties/a/items/pattern'],
      [{ type: 'object', $defs: { d: { type: 'string', pattern } } }, '/$defs/d/pattern'],
      [{ type: 'object', propertyNames: { type: 'string', pattern } }, '/propertyNames/pattern'],
      [
        { type: 'object', not: { type: 'object', patternProperties: { [pattern]: true } } },
        '/not/patternProperties/',
      ],
    ];
    for (const [schema, pointer] of places) {
      const message = errorOf('pay', schema);
      expect(message).toContain(`/tools/pay/arguments${pointer}`);
      expect(message).toMatch(problem);
    }
  });

  it('refuses a recursive schema that is tried twice at each level', () => {
    const twice: JsonObject[] = [
      object({ n: { anyOf: [{ $ref: '#' }, { $ref: '#' }] } }),
      { type: 'object', anyOf: [object({ n: { $ref: '#' } }), object({ n: { $ref: '#' } })] },
      { type: 'object', patternProperties: { '^a': { $ref: '#' }, b$: { $ref: '#' } } },
      object({ ab: { $ref: '#' } }, { patternProperties: { '^a': { $ref: '#' } } }),
      object({ n: { type: 'array', items: { $ref: '#' }, contains: { $ref: '#' } } }),
    ];
    for (const schema of twice) {
      expect(errorOf('pay', schema)).toMatch(/recursive, and tried more than once|strict mode/);
    }
    expect(errorOf('pay', twice[0]!)).toMatch(/recursive, and tried more than once/);
    expect(errorOf('pay', twice[2]!)).toMatch(/recursive, and tried more than once/);
  });

  it('accepts a recursive schema whose parts are told apart by name', () => {
    const filter = object({
      all: { type: 'array', items: { $ref: '#/$defs/filter' } },
      any: { type: 'array', items: { $ref: '#/$defs/filter' } },
      equals: text,
    });
    expect(errorOf('pay', object({ where: { $ref: '#/$defs/filter' } }, { $defs: { filter } }))).toBe(
      'no error',
    );
  });

  it('accepts patterns that are proved safe', () => {
    const patterns = [
      '^[a-z.]{1,64}@example\\.com$',
      '^\\p{L}+$',
      '^r-\\d{1,9}$',
      '^(?:a|b)+$',
      '^[^\\s@]+@[^\\s@]+$',
    ];
    for (const pattern of patterns)
      expect(errorOf('pay', object({ a: { type: 'string', pattern } }))).toBe('no error');
  });

  it('bounds the number of patterns', () => {
    const many = Array.from({ length: 65 }, (_, index) => [
      `p${index}`,
      { type: 'string', pattern: `^${index}$` },
    ]);
    expect(errorOf('pay', object(Object.fromEntries(many) as JsonObject))).toMatch(/more than 64 patterns/);
  });

  it('bounds the number of schemas', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => [`p${index}`, true]);
    expect(errorOf('pay', object(Object.fromEntries(many) as JsonObject))).toMatch(/more than 4096 schemas/);
  });

  it('takes a property name that is a keyword for a name', () => {
    expect(errorOf('pay', object({ pattern: text, $ref: text, properties: text }))).toBe('no error');
  });

  it('supports formats only whose matchers take a long text in little time', () => {
    const long = 200_000;
    const attacks = ['a', '1', 'a.', 'a-', 'a@', '/a', '%41', ':1', '{', 'P1', '1 '].map((part) =>
      part.repeat(long / part.length),
    );
    for (const name of supportedFormats) {
      const format = fullFormats.fullFormats[name];
      const isValid =
        format instanceof RegExp
          ? (attack: string) => format.test(attack)
          : (attack: string) =>
              typeof format === 'function'
                ? format(attack)
                : (format as { validate(t: string): boolean }).validate(attack);
      const started = process.cpuUsage();
      for (const attack of attacks) for (const end of ['', '!', '\n']) isValid(attack + end);
      // Quadratic time would take minutes; the bound is far from both.
      expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
    }
  });
});
