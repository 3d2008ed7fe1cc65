/**
 * How a keyword's value is made up of schemas.
 *
 * `here` schemas judge the value at the same place, `below` schemas judge what is inside it.
 */
export type KeywordShape =
  { readonly of: 'value' } | { readonly of: 'schema' | 'list' | 'map'; readonly place: 'here' | 'below' };

const value: KeywordShape = { of: 'value' };

/**
 * The keywords that a schema may use: JSON Schema 2020-12 without what reaches outside the file or changes how the
 * rest is read (`$id`, `$anchor`, dynamic references), and without what looks like a check and is none (`content…`).
 *
 * THREAT: a keyword that the validator quietly ignores, or that turns its answer into a promise.
 */
export const schemaKeywords: ReadonlyMap<string, KeywordShape> = new Map<string, KeywordShape>([
  ['$comment', value],
  ['$defs', { of: 'map', place: 'below' }],
  ['$ref', value],
  ['$schema', value],
  ['additionalProperties', { of: 'schema', place: 'below' }],
  ['allOf', { of: 'list', place: 'here' }],
  ['anyOf', { of: 'list', place: 'here' }],
  ['const', value],
  ['contains', { of: 'schema', place: 'below' }],
  ['default', value],
  ['dependentRequired', value],
  ['dependentSchemas', { of: 'map', place: 'here' }],
  ['deprecated', value],
  ['description', value],
  ['else', { of: 'schema', place: 'here' }],
  ['enum', value],
  ['examples', value],
  ['exclusiveMaximum', value],
  ['exclusiveMinimum', value],
  ['format', value],
  ['if', { of: 'schema', place: 'here' }],
  ['items', { of: 'schema', place: 'below' }],
  ['maxContains', value],
  ['maxItems', value],
  ['maxLength', value],
  ['maxProperties', value],
  ['maximum', value],
  ['minContains', value],
  ['minItems', value],
  ['minLength', value],
  ['minProperties', value],
  ['minimum', value],
  ['multipleOf', value],
  ['not', { of: 'schema', place: 'here' }],
  ['oneOf', { of: 'list', place: 'here' }],
  ['pattern', value],
  ['patternProperties', { of: 'map', place: 'below' }],
  ['prefixItems', { of: 'list', place: 'below' }],
  ['properties', { of: 'map', place: 'below' }],
  ['propertyNames', { of: 'schema', place: 'below' }],
  ['readOnly', value],
  ['required', value],
  ['then', { of: 'schema', place: 'here' }],
  ['title', value],
  ['type', value],
  ['unevaluatedItems', { of: 'schema', place: 'below' }],
  ['unevaluatedProperties', { of: 'schema', place: 'below' }],
  ['uniqueItems', value],
  ['writeOnly', value],
]);

/** A subschema and the steps to it from the schema that holds it. */
export interface Subschema {
  readonly keyword: string;
  readonly steps: readonly string[];
  readonly schema: unknown;
}

/** The subschemas directly inside a schema, in the order in which they are written. */
export function subschemasOf(schema: Readonly<Record<string, unknown>>): Subschema[] {
  return Object.entries(schema).flatMap(([keyword, inside]): Subschema[] => {
    const shape = schemaKeywords.get(keyword) ?? value;
    if (shape.of === 'schema') return [{ keyword, steps: [keyword], schema: inside }];
    if (shape.of === 'value' || typeof inside !== 'object' || inside === null) return [];
    return Object.entries(inside).map(([step, schema]: [string, unknown]) => ({
      keyword,
      steps: [keyword, step],
      schema,
    }));
  });
}

/** Whether a schema has keywords; the other schemas are `true` and `false`. */
export function isSchemaObject(schema: unknown): schema is Readonly<Record<string, unknown>> {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}
