import { createHash } from 'node:crypto';
import { toCanonicalJson } from '../../domain/canonical-json.js';
import type { JsonObject } from '../../domain/wire.js';

/** SHA-256 (lowercase hex) over every schema that a tool's arguments must satisfy, in the order of the checks. */
export function digestOfSchemas(schemas: readonly (JsonObject | null)[]): string {
  return createHash('sha256').update(toCanonicalJson(schemas)).digest('hex');
}
