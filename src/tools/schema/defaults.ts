import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../domain/wire.js';
import { toSteps } from '../pointer.js';
import { isSchemaObject } from './keywords.js';
import { schemaError } from './schema-error.js';

/** A tool's own schema and the validator that it is compiled by. */
export interface DefaultsRequest {
  readonly toolName: string;
  /** Closed, as calls are judged by it. */
  readonly schema: JsonObject;
  /** Every schema inside by its pointer. */
  readonly byPointer: ReadonlyMap<string, unknown>;
  readonly validator: Ajv2020;
}

/** The pointer as the fragment of a reference (RFC 6901, section 6). */
function fragmentOf(pointer: string): string {
  return pointer.split('/').map(encodeURIComponent).join('/');
}

/**
 * Refuses a default that its own schema does not let pass: every call that relies on it would be denied.
 *
 * @throws PolicyError with the pointer of the default
 */
export function checkDefaults({ toolName, schema, byPointer, validator }: DefaultsRequest): void {
  const key = `urn:tool:${encodeURIComponent(toolName)}`;
  let isAdded = false;
  for (const [pointer, place] of byPointer) {
    if (!isSchemaObject(place) || !Object.hasOwn(place, 'default')) continue;
    if (!isAdded) validator.addSchema(schema, key);
    isAdded = true;
    if (!isSatisfied(validator, `${key}#${fragmentOf(pointer)}`, place.default)) {
      throw schemaError(toolName, [...toSteps(pointer), 'default'], 'does not satisfy its own schema');
    }
  }
}

/** A validator that fails says no. */
function isSatisfied(validator: Ajv2020, reference: string, value: unknown): boolean {
  try {
    // A copy, since the validator fills in what is missing inside.
    return validator.getSchema(reference)?.(structuredClone(value)) === true;
  } catch {
    return false;
  }
}
