import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../domain/wire.js';
import { createToolRegistry } from './registry.js';

function narrowed(name: string, schema: JsonObject | undefined) {
  const external_effect = name === 'send_email' || name === 'export_records';
  return createToolRegistry([{ name, external_effect, arguments: schema }]).get(name)!;
}

function verdictOf(name: string, schema: JsonObject, args: JsonObject): string {
  const tool = narrowed(name, schema);
  const form = tool.checkArguments(args);
  if (!form.ok) return form.code;
  const verdict = tool.checkNarrowing(form.arguments);
  return verdict.ok ? 'ok' : `violated ${verdict.pointer}`;
}

function object(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...rest };
}

const email = { to: 'ann@example.com', subject: 'hello', body: 'text' };
const toCompany = object({ to: { type: 'string', pattern: '^[a-z.]{1,64}@example\\.com$' } });
const fewRecords = object({
  record_ids: { type: 'array', maxItems: 2, items: { type: 'string', pattern: '^r-\\d{1,9}$' } },
});

const matrix: [what: string, tool: string, schema: JsonObject, args: JsonObject, verdict: string][] = [
  ['pattern', 'send_email', toCompany, email, 'ok'],
  ['pattern', 'send_email', toCompany, { ...email, to: 'ann@example.com.evil.invalid' }, 'violated /to'],
  ['pattern over lines', 'send_email', toCompany, { ...email, to: 'x@example.com\n' }, 'violated /to'],
  ['own schema first', 'send_email', toCompany, { ...email, to: 5 }, 'string_type'],
  ['own schema first', 'send_email', toCompany, { ...email, bcc: 'x' }, 'extra_forbidden'],
  ['enum', 'export_records', object({ format: { enum: ['csv', 'json'] } }), { format: 'csv' }, 'ok'],
  ['enum', 'export_records', object({ format: { enum: ['csv'] } }), { format: 'xml' }, 'violated /format'],
  ['enum over a default', 'export_records', object({ format: { enum: ['csv'] } }), {}, 'violated /format'],
  ['const', 'export_records', object({ format: { const: 'csv' } }), { format: 'csv' }, 'ok'],
  ['const', 'export_records', object({ format: { const: 'csv' } }), { format: 'CSV' }, 'violated /format'],
  ['type', 'export_records', object({ filter: { type: 'string' } }), { filter: 'x' }, 'ok'],
  ['type', 'export_records', object({ filter: { type: 'string' } }), { filter: null }, 'violated /filter'],
  ['length', 'send_email', object({ subject: { type: 'string', maxLength: 5 } }), email, 'ok'],
  ['length', 'send_email', object({ subject: { type: 'string', maxLength: 4 } }), email, 'violated /subject'],
  ['format', 'send_email', object({ to: { type: 'string', format: 'email' } }), email, 'ok'],
  [
    'format',
    'send_email',
    object({ to: { type: 'string', format: 'email' } }),
    { ...email, to: 'ann' },
    'violated /to',
  ],
  ['items', 'read_records', fewRecords, { record_ids: ['r-1', 'r-2'] }, 'ok'],
  ['items', 'read_records', fewRecords, { record_ids: ['r-1', 'x'] }, 'violated /record_ids/1'],
  ['maxItems', 'read_records', fewRecords, { record_ids: ['r-1', 'r-2', 'r-3'] }, 'violated /record_ids'],
  [
    'uniqueItems',
    'read_records',
    object({ record_ids: { type: 'array', uniqueItems: true, maxItems: 9 } }),
    { record_ids: ['a', 'a'] },
    'violated /record_ids',
  ],
  [
    'contains',
    'read_records',
    object({ record_ids: { type: 'array', contains: { const: 'r-1' } } }),
    { record_ids: ['r-2'] },
    'violated /record_ids',
  ],
  [
    'additionalProperties',
    'send_email',
    object({ to: true, subject: true }, { additionalProperties: false }),
    email,
    'violated /body',
  ],
  ['maxProperties', 'send_email', { type: 'object', maxProperties: 2 }, email, 'violated '],
  [
    'not',
    'send_email',
    { type: 'object', not: object({ to: { const: 'ceo@example.com' } }, { required: ['to'] }) },
    { ...email, to: 'ceo@example.com' },
    'violated ',
  ],
  [
    'a condition',
    'send_email',
    {
      type: 'object',
      if: { properties: { subject: { const: 'hello' } } },
      then: { properties: { body: { type: 'string', maxLength: 3 } } },
    },
    email,
    'violated /body',
  ],
  [
    'alternatives',
    'send_email',
    object({ to: { type: 'string', anyOf: [{ const: 'a' }, { const: 'b' }] } }),
    email,
    'violated /to',
  ],
  [
    'a reference',
    'send_email',
    object({ to: { $ref: '#/$defs/company' } }, { $defs: { company: { const: 'x' } } }),
    email,
    'violated /to',
  ],
];

describe('narrowing of a built-in tool', () => {
  it.each(matrix)('judges by %s: %s', (_what, tool, schema, args, verdict) => {
    expect(verdictOf(tool, schema, args)).toBe(verdict);
  });

  it('names only the arguments it constrains, and leaves the others as they were', () => {
    expect(verdictOf('send_email', toCompany, { ...email, subject: 'anything', body: '' })).toBe('ok');
  });

  it('changes the digest of the schema', () => {
    expect(narrowed('send_email', toCompany).schema_sha256).not.toBe(
      narrowed('send_email', undefined).schema_sha256,
    );
  });

  it('escapes names in the pointer', () => {
    const schema: JsonObject = { type: 'object', properties: { 'a/b~c': { type: 'string', maxLength: 1 } } };
    const tool = createToolRegistry([{ name: 'odd', external_effect: false, arguments: schema }]).get('odd')!;
    expect(tool.checkArguments({ 'a/b~c': 'xx' })).toMatchObject({ pointer: '/a~1b~0c' });
  });

  it('never allows with one more constraint what was denied without it', () => {
    const constraint = fc.constantFrom<JsonObject>(
      { type: 'string', maxLength: 3 },
      { type: 'string', minLength: 2 },
      { type: 'string', pattern: '^[a-m]*$' },
      { enum: ['a', 'abc', 'zz'] },
      { not: { const: 'a' } },
      { anyOf: [{ const: 'abc' }, { type: 'string', maxLength: 1 }] },
    );
    const name = fc.constantFrom('to', 'subject', 'body');
    const value = fc.oneof(
      fc.constantFrom('a', 'abc', 'zz', 'bcd'),
      fc.string({ maxLength: 4 }),
      fc.constant(5),
    );
    const args = fc.record({ to: value, subject: value, body: value, bcc: value }, { requiredKeys: ['to'] });
    const narrowing = fc.dictionary(name, constraint, { noNullPrototype: true });
    fc.assert(
      fc.property(
        narrowing,
        name,
        constraint,
        fc.array(args, { maxLength: 10 }),
        (less, key, extra, calls) => {
          const more = { ...less, [key]: key in less ? { allOf: [less[key], extra] } : extra };
          for (const call of calls) {
            if (verdictOf('send_email', object(more), call) === 'ok') {
              expect(verdictOf('send_email', object(less), call)).toBe('ok');
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
