import { toPointer } from '../pointer.js';
import { isSchemaObject, schemaKeywords, subschemasOf } from './keywords.js';
import { schemaError } from './schema-error.js';

type SchemaObject = Readonly<Record<string, unknown>>;

/** A pattern and where it stands. */
export interface PatternPlace {
  readonly pattern: string;
  readonly steps: readonly string[];
}

/** What a look at the structure found, for the checks that follow. */
export interface SchemaStructure {
  readonly patterns: readonly PatternPlace[];
  /** Every schema by the JSON pointer within the file, as `$ref` names it. */
  readonly byPointer: ReadonlyMap<string, unknown>;
}

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** Comparing every pair of elements must stay cheap. */
const maxUniqueItems = 1_024;
const maxSchemas = 4_096;

/**
 * Walks every schema inside a tool's schema: known keywords only, references that stay within it, bounded
 * comparisons, names that JavaScript does not give a meaning of its own.
 *
 * @throws PolicyError with the pointer of the first fault
 */
export function inspectStructure(toolName: string, root: SchemaObject): SchemaStructure {
  const patterns: PatternPlace[] = [];
  const references: PatternPlace[] = [];
  const byPointer = new Map<string, unknown>();

  function visit(schema: unknown, steps: readonly string[]): void {
    byPointer.set(toPointer(steps), schema);
    if (byPointer.size > maxSchemas) throw schemaError(toolName, steps, `more than ${maxSchemas} schemas`);
    if (typeof schema === 'boolean') return;
    if (!isSchemaObject(schema)) throw schemaError(toolName, steps, 'must be a schema');
    for (const [keyword, value] of Object.entries(schema)) {
      const problem = problemOf(keyword, value, schema, steps.length === 0);
      if (problem !== null) throw schemaError(toolName, [...steps, keyword], problem);
    }
    if (typeof schema.pattern === 'string') {
      patterns.push({ pattern: schema.pattern, steps: [...steps, 'pattern'] });
    }
    if (typeof schema.$ref === 'string') references.push({ pattern: schema.$ref, steps: [...steps, '$ref'] });
    for (const { keyword, steps: inner, schema: subschema } of subschemasOf(schema)) {
      const [, name] = inner;
      if (keyword === 'properties' && name !== undefined && name in Object.prototype) {
        throw schemaError(toolName, [...steps, ...inner], 'reserved property name');
      }
      if (keyword === 'patternProperties' && name !== undefined) {
        patterns.push({ pattern: name, steps: [...steps, ...inner] });
      }
      visit(subschema, [...steps, ...inner]);
    }
  }

  visit(root, []);
  for (const { pattern: reference, steps } of references) {
    if (!byPointer.has(pointerOf(reference))) throw schemaError(toolName, steps, 'refers to no schema');
  }
  return { patterns, byPointer };
}

/** The JSON pointer that a local reference names. */
export function pointerOf(reference: string): string {
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return '\0';
  }
}

function problemOf(keyword: string, value: unknown, schema: SchemaObject, isRoot: boolean): string | null {
  const shape = schemaKeywords.get(keyword);
  if (shape === undefined) return 'unknown keyword';
  if (shape.of === 'map' && !isSchemaObject(value)) return 'must be a mapping';
  if (shape.of === 'list' && !Array.isArray(value)) return 'must be a list';
  switch (keyword) {
    case '$schema':
      return isRoot && value === dialect ? null : 'only JSON Schema 2020-12 is understood';
    case '$ref':
      return typeof value === 'string' && /^#(?:\/|$)/.test(value)
        ? null
        : 'must be a pointer within this schema';
    case 'uniqueItems':
      return value === true && !isBoundedForUniqueness(schema.maxItems)
        ? `needs maxItems of at most ${maxUniqueItems}`
        : null;
    default:
      return null;
  }
}

function isBoundedForUniqueness(maxItems: unknown): boolean {
  return typeof maxItems === 'number' && maxItems <= maxUniqueItems;
}
