import fc, { type Arbitrary } from 'fast-check';

/** As much of JSON Schema as the document of this service uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** Longer values show nothing more and take longer. */
const MAX_SIZE = 8;

function stringsOf({ pattern, minLength = 0, maxLength = MAX_SIZE }: JsonSchema): Arbitrary<string> {
  const longest = Math.min(maxLength, MAX_SIZE);
  if (pattern === undefined) return fc.string({ minLength, maxLength: longest, unit: 'grapheme' });
  const blank = /^\s|\s$/;
  return fc
    .stringMatching(new RegExp(pattern), { size: 'small' })
    .map((text) => text.slice(0, longest))
    .filter((text) => text.length >= minLength && !blank.test(text) && new RegExp(pattern).test(text));
}

function objectsOf(schema: JsonSchema): Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [] } = schema;
  if (Object.keys(properties).length === 0) {
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 });
  }
  const values = Object.entries(properties).map(([name, value]) => [name, valuesOf(value)] as const);
  return fc.record(Object.fromEntries(values), { requiredKeys: [...required] });
}

/** Values that a schema allows. */
export function valuesOf(schema: JsonSchema): Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  const [type, ...others] = [schema.type ?? 'any'].flat();
  if (others.length > 0)
    return fc.oneof(...[type, ...others].map((one) => valuesOf({ ...schema, type: one ?? 'any' })));
  switch (type) {
    case 'string':
      return stringsOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
    case 'number':
      return fc.nat(100);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return objectsOf(schema);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}
