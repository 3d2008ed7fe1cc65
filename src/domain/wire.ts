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

/** 1–128 printable ASCII characters without blanks at the ends: request, user, session, tenant ids and roles. */
export const identifierSchema = z
  .string()
  .min(1)
  .max(limits.identifierLength)
  .regex(/^[\x20-\x7e]*$/, { error: 'must be printable ASCII' })
  .refine((value) => value.trim() === value, { error: 'must not begin or end with a blank' });

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
