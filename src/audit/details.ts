import type { OutsideStringCleaner } from './outside-string.js';

const MAX_DEPTH = 8;

/** Names that open the line, and those that pino gives a meaning of its own. */
const LOGGER_NAMES = new Set([
  'event_type',
  'timestamp',
  'seq',
  'prev_hash',
  'method',
  'headers',
  'socket',
  'setHeader',
  'err',
  'msg',
]);

/** A JSON value whose strings and keys are all cleaned; what is nested too deep is left out. */
export function cleanValue(value: unknown, clean: OutsideStringCleaner, depth = 0): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, clean, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [clean(key), cleanValue(item, clean, depth + 1)]),
  );
}

/**
 * The fields, and after them the details.
 *
 * INVARIANT: a detail never replaces a field: one that bears a taken name is written as `detail_<name>`.
 */
export function flattenDetails(
  fields: Readonly<Record<string, unknown>>,
  details: Readonly<Record<string, unknown>>,
  clean: OutsideStringCleaner,
): Record<string, unknown> {
  const line: Record<string, unknown> = { ...fields };
  for (const [key, value] of Object.entries(details)) {
    const name = clean(key);
    // A name that is an integer would be moved before all others by the language.
    const taken =
      Object.hasOwn(line, name) || LOGGER_NAMES.has(name) || name in Object.prototype || /^\d/.test(name);
    line[taken ? `detail_${name}` : name] = cleanValue(value, clean);
  }
  return line;
}
