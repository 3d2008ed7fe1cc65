import { isSchemaObject, schemaKeywords } from './keywords.js';

type SchemaObject = Readonly<Record<string, unknown>>;

/** Keywords under which a value at this place may hold properties that they do not name themselves. */
const applicators = ['$ref', 'allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas'];

/** Keywords that ask whether a part is so, rather than demand it: what they leave out is left open. */
const questions = new Set(['if', 'not', 'contains', 'propertyNames']);

function isObjectSchema(schema: SchemaObject): boolean {
  if (schema.type === 'object') return true;
  if (Array.isArray(schema.type)) return schema.type.includes('object');
  return (
    schema.type === undefined && [...applicators, 'properties'].some((key) => Object.hasOwn(schema, key))
  );
}

function closingOf(schema: SchemaObject): SchemaObject {
  if (!isObjectSchema(schema)) return {};
  if (Object.hasOwn(schema, 'additionalProperties')) return {};
  if (Object.hasOwn(schema, 'unevaluatedProperties')) return {};
  const isComposed = applicators.some((key) => Object.hasOwn(schema, key));
  return isComposed ? { unevaluatedProperties: false } : { additionalProperties: false };
}

/**
 * The schema with every object in it closed that does not say otherwise: an argument that is not declared is an error.
 *
 * A schema is closed as a whole, together with what it composes (`allOf`, `$ref`, …), so that parts may add
 * properties to each other. Inside of `if`, `not` and `contains` nothing is closed: a question about some properties
 * must not turn false because there are others.
 */
export function closeSchema(schema: unknown, place: 'whole' | 'part' = 'whole'): unknown {
  if (!isSchemaObject(schema)) return schema;
  const members = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    const shape = schemaKeywords.get(keyword);
    if (shape === undefined || shape.of === 'value' || questions.has(keyword)) return [keyword, value];
    const inner = shape.place === 'below' && keyword !== '$defs' ? 'whole' : 'part';
    if (shape.of === 'schema') return [keyword, closeSchema(value, inner)];
    if (Array.isArray(value)) return [keyword, value.map((item) => closeSchema(item, inner))];
    const entries = Object.entries(value as SchemaObject);
    return [keyword, Object.fromEntries(entries.map(([name, item]) => [name, closeSchema(item, inner)]))];
  });
  return { ...Object.fromEntries(members), ...(place === 'whole' ? closingOf(schema) : {}) };
}
