import { isSchemaObject, subschemasOf } from './keywords.js';
import { pointerOf, type SchemaStructure } from './structure.js';

type SchemaObject = Readonly<Record<string, unknown>>;

/** The schemas that a schema holds or refers to. */
function successorsOf(schema: SchemaObject, structure: SchemaStructure): SchemaObject[] {
  const { $ref: reference } = schema;
  const target = typeof reference === 'string' ? structure.byPointer.get(pointerOf(reference)) : undefined;
  return [...subschemasOf(schema).map((inner) => inner.schema), target].filter(isSchemaObject);
}

/** Whether a schema, followed through all that it holds and refers to, comes back to itself. */
export function isRecursive(schema: SchemaObject, structure: SchemaStructure): boolean {
  const met = new Set<SchemaObject>();
  const pending = successorsOf(schema, structure);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === schema) return true;
    if (met.has(next)) continue;
    met.add(next);
    pending.push(...successorsOf(next, structure));
  }
  return false;
}
