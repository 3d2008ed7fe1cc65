import { isSchemaObject } from './keywords.js';
import { isRecursive } from './recursion.js';
import { schemaError } from './schema-error.js';
import { pointerOf, type SchemaStructure } from './structure.js';

type SchemaObject = Readonly<Record<string, unknown>>;

/** A schema together with the steps to it. */
interface Located {
  readonly schema: SchemaObject;
  readonly steps: readonly string[];
  /** Whether it only asks (`if`, `not`, `contains`), so that it declares nothing. */
  readonly asks: boolean;
}

/** Bounds on what one call of the validator may have to do. */
const maxSchemasAtOnePlace = 512;
const maxPlaces = 4_096;

/** The schema to check, and whose names it may use. */
export interface NameCheckOptions {
  readonly toolName: string;
  readonly root: SchemaObject;
  readonly structure: SchemaStructure;
  /** The schema whose properties may be named; without one, those that the schema itself declares. */
  readonly base: SchemaObject | null;
}

/**
 * Checks that a constraint names only properties that there can be: a misspelt name would constrain nothing.
 *
 * A narrowing may name what the tool's own schema declares. A schema of its own may, in `required`, conditions and
 * dependencies, name what it declares at the same place.
 *
 * @throws PolicyError with the pointer of the first name that is not declared, or of a reference that never ends
 */
export function checkNames(options: NameCheckOptions): void {
  new NameCheck(options).checkPlace([{ schema: options.root, steps: [], asks: false }], options.base);
}

class NameCheck {
  readonly #options: NameCheckOptions;
  readonly #ids = new Map<SchemaObject, number>();
  readonly #seen = new Set<string>();

  constructor(options: NameCheckOptions) {
    this.#options = options;
  }

  /** Checks everything that judges one part of the value, then what is inside that part. */
  checkPlace(schemas: readonly Located[], base: SchemaObject | null): void {
    if (schemas.length === 0 || !this.#isNew(schemas, base)) return;
    const here = this.#expand(schemas);
    const declared = base === null ? declaredBy(here) : namesIn(base, 'properties');
    if (declared !== null) {
      for (const located of here) this.#checkNamesOf(located, declared, base !== null);
    }
    const byPattern = below(here, ['patternProperties']);
    for (const name of new Set(here.flatMap(({ schema }) => [...namesIn(schema, 'properties')]))) {
      const named = below(here, ['properties', name]);
      if (base === null) this.checkPlace([...named, ...byPattern], null);
      else this.checkPlace(named, childOf(base, name));
    }
    const items = ['items', 'prefixItems', 'unevaluatedItems', 'contains'];
    this.checkPlace(
      items.flatMap((keyword) => below(here, [keyword])),
      base === null ? null : childOf(base, 'items'),
    );
    if (base !== null) return;
    const others = ['additionalProperties', 'unevaluatedProperties'].flatMap((keyword) =>
      below(here, [keyword]),
    );
    this.checkPlace([...others, ...byPattern], null);
  }

  #isNew(schemas: readonly Located[], base: SchemaObject | null): boolean {
    const parts = [...schemas.map(({ schema, asks }) => `${this.#idOf(schema)}${asks ? '?' : ''}`)].sort();
    const key = `${parts.join(' ')} / ${base === null ? '' : this.#idOf(base)}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > maxPlaces) throw schemaError(this.#options.toolName, [], 'too complex');
    return true;
  }

  #idOf(schema: SchemaObject): number {
    const id = this.#ids.get(schema) ?? this.#ids.size;
    this.#ids.set(schema, id);
    return id;
  }

  /** The schemas and all that they compose at the same place, references followed. */
  #expand(schemas: readonly Located[]): Located[] {
    const { toolName, structure } = this.#options;
    const here: Located[] = [];
    const met = new Set<SchemaObject>();
    const pending = [...schemas];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      here.push(next);
      if (here.length > maxSchemasAtOnePlace) throw schemaError(toolName, next.steps, 'too complex');
      // THREAT: a part that is tried twice at each level of a nested argument takes time exponential in its depth,
      // and one that refers to itself at the same place never ends.
      if (met.has(next.schema) && isRecursive(next.schema, structure)) {
        throw schemaError(toolName, next.steps, 'recursive, and tried more than once at the same place');
      }
      met.add(next.schema);
      pending.push(...composedBy(next));
      const { $ref: reference } = next.schema;
      const target =
        typeof reference === 'string' ? structure.byPointer.get(pointerOf(reference)) : undefined;
      if (isSchemaObject(target)) {
        const steps = pointerOf(String(reference)).split('/').slice(1);
        pending.push({ schema: target, steps, asks: next.asks });
      }
    }
    return here;
  }

  #checkNamesOf({ schema, steps }: Located, declared: ReadonlySet<string>, isNarrowing: boolean): void {
    for (const [keyword, name] of mentionedBy(schema)) {
      if (declared.has(name)) continue;
      const at = keyword === 'required' ? [...steps, keyword] : [...steps, keyword, name];
      throw schemaError(this.#options.toolName, at, `names an undeclared property: ${name}`);
    }
    if (isNarrowing && isSchemaObject(schema.patternProperties)) {
      throw schemaError(
        this.#options.toolName,
        [...steps, 'patternProperties'],
        'names no declared property',
      );
    }
  }
}

function namesIn(schema: SchemaObject, keyword: string): ReadonlySet<string> {
  const inside = schema[keyword];
  return new Set(isSchemaObject(inside) ? Object.keys(inside) : []);
}

function stringsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** The property names that a schema mentions, each with the keyword that does. */
function mentionedBy(schema: SchemaObject): [keyword: string, name: string][] {
  const { dependentRequired } = schema;
  const dependents = isSchemaObject(dependentRequired)
    ? Object.values(dependentRequired).flatMap(stringsIn)
    : [];
  return [
    ...stringsIn(schema.required).map((name): [string, string] => ['required', name]),
    ...['properties', 'dependentRequired', 'dependentSchemas'].flatMap((keyword) =>
      [...namesIn(schema, keyword)].map((name): [string, string] => [keyword, name]),
    ),
    ...dependents.map((name): [string, string] => ['dependentRequired', name]),
  ];
}

/** The names that may occur at a place; null where any may. */
function declaredBy(here: readonly Located[]): ReadonlySet<string> | null {
  const demands = here.filter(({ asks }) => !asks).map(({ schema }) => schema);
  const isOpen = demands.some(
    (schema) =>
      Object.hasOwn(schema, 'patternProperties') ||
      (schema.additionalProperties ?? false) !== false ||
      (schema.unevaluatedProperties ?? false) !== false,
  );
  return isOpen ? null : new Set(demands.flatMap((schema) => [...namesIn(schema, 'properties')]));
}

/** What a schema composes at the same place. */
function composedBy({ schema, steps, asks }: Located): Located[] {
  const parts = ['allOf', 'anyOf', 'oneOf', 'dependentSchemas', 'then', 'else'].flatMap((keyword) =>
    below([{ schema, steps, asks }], [keyword]),
  );
  const questions = ['if', 'not'].flatMap((keyword) => below([{ schema, steps, asks: true }], [keyword]));
  return [...parts, ...questions];
}

/** The schemas under a keyword of each: one, a list or a mapping of them, or the one of a name. */
function below(here: readonly Located[], [keyword = '', name]: readonly string[]): Located[] {
  return here.flatMap(({ schema, steps, asks: already }) => {
    const inside: unknown = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
    const asks = already || keyword === 'contains';
    const isPlural =
      Array.isArray(inside) || ['dependentSchemas', 'patternProperties', 'properties'].includes(keyword);
    if (typeof inside !== 'object' || inside === null) return [];
    if (!isPlural) return [{ schema: inside as SchemaObject, steps: [...steps, keyword], asks }];
    return Object.entries(inside)
      .filter(
        ([step, item]: [string, unknown]) => (name === undefined || step === name) && isSchemaObject(item),
      )
      .map(([step, item]: [string, unknown]) => ({
        schema: item as SchemaObject,
        steps: [...steps, keyword, step],
        asks,
      }));
  });
}

/** What a base schema says of a property, or of items: nothing at all where it says nothing. */
function childOf(base: SchemaObject, name: string): SchemaObject {
  const properties = isSchemaObject(base.properties) ? base.properties : {};
  const child = name === 'items' && !Object.hasOwn(properties, name) ? base.items : properties[name];
  return isSchemaObject(child) ? child : {};
}
