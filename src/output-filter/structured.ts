/** A structured output taken apart: what there is to examine, in the order in which it stands there. */
export interface StructuredParts {
  /** Every key, at any depth. */
  readonly keys: readonly string[];
  readonly topLevelKeys: readonly string[];
  /** Every string, with the key it stands under (null inside a list). */
  readonly strings: readonly { readonly key: string | null; readonly value: string }[];
  /** The strings that stand directly in one object or list, for each that has two or more. */
  readonly groups: readonly (readonly string[])[];
}

/** More values than this in one structure are not examined: the filter refuses. */
const MAX_VALUES = 200_000;

/** A structure that is too large to examine, or contains itself. */
export class StructureTooLargeError extends Error {}

interface Collected {
  readonly keys: string[];
  readonly strings: { key: string | null; value: string }[];
  readonly groups: string[][];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function collect(container: object, into: Collected, pending: object[]): void {
  const isList = Array.isArray(container);
  const group: string[] = [];
  for (const [key, value] of Object.entries(container) as [string, unknown][]) {
    if (!isList) into.keys.push(key);
    if (isContainer(value)) pending.push(value);
    if (typeof value !== 'string') continue;
    into.strings.push({ key: isList ? null : key, value });
    group.push(value);
  }
  if (group.length > 1) into.groups.push(group);
}

/**
 * Takes a JSON value apart.
 *
 * @throws StructureTooLargeError beyond 200,000 values, which a structure that contains itself exceeds too.
 */
export function takeApart(root: Readonly<Record<string, unknown>>): StructuredParts {
  const collected: Collected = { keys: [], strings: [], groups: [] };
  const pending: object[] = [root];
  let visited = 0;
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    collect(container, collected, pending);
    visited += 1;
    if (visited + collected.keys.length + collected.strings.length > MAX_VALUES) {
      throw new StructureTooLargeError('the structure has more values than the filter examines');
    }
  }
  return { ...collected, topLevelKeys: Object.keys(root) };
}

const SENSITIVE_KEYS = new Map(
  ['password', 'secret', 'api_key', 'apikey', 'token', 'private_key', 'credential', 'access_token'].map(
    (name) => [name.replaceAll('_', ''), name],
  ),
);

/** The listed name that a key is a spelling of, in any case and with or without `-` and `_`; null for other keys. */
export function sensitiveKeyName(key: string): string | null {
  if (key.length > 64) return null;
  return SENSITIVE_KEYS.get(key.toLowerCase().replaceAll(/[_\s-]/g, '')) ?? null;
}
