import { z } from 'zod';
import { limits } from './limits.js';

const wellFormed = { error: 'must not contain lone surrogates' };

/** A string in which every surrogate has its partner, of at most `maxLength` UTF-16 code units. */
export function boundedString(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .refine((value) => value.isWellFormed(), wellFormed);
}

const PRINTABLE = /^[\x20-\x7e]+$/;

function isIdentifier(value: string): boolean {
  return (
    value.length <= limits.identifierLength && PRINTABLE.test(value) && value.trim().length === value.length
  );
}

/**
 * 1–128 printable ASCII characters without blanks at the ends: request, user, session, tenant ids and roles.
 *
 * One check instead of four, since a request has five of these; the schema says the same in its own words.
 */
export const identifierSchema = z
  .string()
  .refine(isIdentifier, {
    error: `must be 1 to ${limits.identifierLength} printable ASCII characters without blanks at the ends`,
  })
  .meta({ minLength: 1, maxLength: limits.identifierLength, pattern: '^[!-~](?:[ -~]*[!-~])?$' });

/** Prose that is examined, never interpreted: any string at all, bounded by the size of the body. */
export const textSchema = z.string();

/** Whether every string in a JSON value, keys included, is well-formed Unicode. The value is at most 32 deep. */
function hasOnlyWellFormedStrings(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every(hasOnlyWellFormedStrings);
  if (typeof value !== 'object' || value === null) return true;
  for (const key in value) {
    if (!key.isWellFormed() || !hasOnlyWellFormedStrings((value as JsonObject)[key])) return false;
  }
  return true;
}

/** A JSON object, its values not looked at yet. */
export type JsonObject = Record<string, unknown>;

function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && hasOnlyWellFormedStrings(value)
  );
}

/**
 * Any JSON object of well-formed Unicode, passed on as it is; its size, depth and numbers are bounded where the body is
 * parsed.
 */
export const jsonObjectSchema = z
  .custom<JsonObject>(isJsonObject, { error: 'must be an object without lone surrogates' })
  .meta({ type: 'object' });
