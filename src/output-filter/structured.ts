import { unitAt } from './characters.js';
import { TooMuchToExamineError } from './too-much.js';

/** A structured output taken apart: what there is to examine, in the order in which it stands there. */
export interface StructuredParts {
  /** Every key, at any depth, those of the top level first. */
  readonly keys: readonly string[];
  readonly topLevelKeyCount: number;
  /** Every string; those that stand directly in one object or list stand together. */
  readonly strings: readonly string[];
  /** For each string the place among `keys` of the one it stands under; -1 inside a list. */
  readonly stringKeys: readonly number[];
  /** Where in `strings` those of one object or list begin and end, alternating, for each that has two or more. */
  readonly groups: readonly number[];
  /** UTF-8 bytes of all keys and strings. */
  readonly bytes: number;
}

/** More values than this in one structure are not examined: the filter refuses. */
const MAX_VALUES = 200_000;

/** Up to this length, looking at the characters takes less than asking the runtime. */
const MAX_COUNTED_LENGTH = 64;

/** How many bytes a text has in UTF-8; each half of a broken pair counts as three. */
export function utf8Bytes(text: string): number {
  const { length } = text;
  if (length > MAX_COUNTED_LENGTH) return Buffer.byteLength(text);
  let bytes = length;
  for (let index = 0; index < length; index += 1) {
    const code = unitAt(text, index);
    if (code < 0x80) continue;
    bytes += code < 0x800 ? 1 : 2;
    const isPair = (code & 0xfc00) === 0xd800 && (unitAt(text, index + 1) & 0xfc00) === 0xdc00;
    if (isPair) index += 1;
  }
  return bytes;
}

/** Gathers the parts, in flat lists: a structure of a few fields is taken apart without an object for each. */
class Gathering {
  readonly keys: string[] = [];
  readonly strings: string[] = [];
  readonly stringKeys: number[] = [];
  readonly groups: number[] = [];
  readonly pending: object[] = [];
  bytes = 0;

  takeContainer(container: object): void {
    const first = this.strings.length;
    if (Array.isArray(container)) this.#takeItems(container);
    else this.#takeFields(container as Readonly<Record<string, unknown>>);
    if (this.strings.length - first > 1) this.groups.push(first, this.strings.length);
  }

  #takeItems(list: readonly unknown[]): void {
    for (const value of list) this.#takeValue(-1, value);
  }

  #takeFields(object: Readonly<Record<string, unknown>>): void {
    const { keys } = this;
    for (const key of Object.keys(object)) {
      this.bytes += utf8Bytes(key);
      this.#takeValue(keys.push(key) - 1, object[key]);
    }
  }

  #takeValue(key: number, value: unknown): void {
    if (typeof value === 'string') {
      this.strings.push(value);
      this.stringKeys.push(key);
      this.bytes += utf8Bytes(value);
    } else if (typeof value === 'object' && value !== null) this.pending.push(value);
  }
}

/**
 * Takes a JSON value apart.
 *
 * @throws TooMuchToExamineError beyond 200,000 values, which a structure that contains itself exceeds too.
 */
export function takeApart(root: Readonly<Record<string, unknown>>): StructuredParts {
  const gathering = new Gathering();
  const { keys, strings, pending } = gathering;
  gathering.takeContainer(root);
  const topLevelKeyCount = keys.length;
  let visited = 1;
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    gathering.takeContainer(container);
    visited += 1;
    if (visited + keys.length + strings.length > MAX_VALUES) break;
  }
  if (visited + keys.length + strings.length > MAX_VALUES) {
    throw new TooMuchToExamineError('the structure has more values than the filter examines');
  }
  const { stringKeys, groups, bytes } = gathering;
  return { keys, topLevelKeyCount, strings, stringKeys, groups, bytes };
}
