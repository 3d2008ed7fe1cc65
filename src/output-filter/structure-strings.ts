import type { FilterContext } from '../domain/filter.js';
import { isTooShort, MIN_LENGTH_BUT_OF_PASSWORDS } from './credential-name.js';
import { createTextExamination, type Examiner } from './examine.js';
import type { Hit, Hits } from './hits.js';
import { AFTER_VALUE, asAssignment, type KeyFacts } from './key-facts.js';
import { lastAtOrBefore } from './last-at-or-before.js';
import { judgeName, mayNamePassword } from './name-strength.js';
import { isPlaceholder } from './placeholder.js';
import { LOUD } from './quiet-walk.js';
import { RULES } from './rules.js';
import type { StructuredParts } from './structured.js';

const TENANT_SAMPLE = 'tenant_id:[REDACTED]';

/** What many keys say would, kept, outlive its use by far. */
const MAX_KEYS_AT_ONCE = 1024;

/** What of a JSON Web Key is public and looks random, and the types of keys that have it. */
const IN_PUBLIC_KEY = /^[nxy]$/;
const PUBLIC_KEY_TYPE = /^(?:RSA|EC|OKP)$/;

/** What the strings of a structure are examined for, and where what is found goes. */
interface StringCheck {
  readonly context: FilterContext;
  readonly hits: Hits;
  readonly accepts: (hit: Hit) => boolean;
}

/** The examination of the strings of one structure. */
interface StringPass extends StringCheck {
  readonly examiner: Examiner;
  readonly parts: StructuredParts;
  readonly examineString: (text: string) => Hits;
}

/**
 * Examines each string of a structure, by itself or with the key that it stands under; answers the keys that are worth a
 * closer look and were not examined with a string.
 *
 * @param readKey asked once for each key, in the order in which they stand
 */
export function examineStrings(
  examiner: Examiner,
  parts: StructuredParts,
  check: StringCheck,
  readKey: (key: string) => KeyFacts,
): readonly string[] {
  const { keys, strings, stringKeys } = parts;
  const examineString = createTextExamination(examiner, check.accepts);
  const pass: StringPass = { ...check, examiner, parts, examineString };
  const alone: string[] = [];
  let from = 0;
  let next = 0;
  // INVARIANT: at least once, since a structure without keys may have strings.
  do {
    const to = Math.min(from + MAX_KEYS_AT_ONCE, keys.length);
    // Of the keys from there on: null for one that was examined with its string.
    const facts: (KeyFacts | null)[] = [];
    for (let place = from; place < to; place += 1) facts.push(readKey(keys[place] ?? ''));
    for (; next < strings.length; next += 1) {
      const place = stringKeys[next] ?? -1;
      if (place >= to) break;
      const keyFacts = place < 0 ? null : (facts[place - from] ?? null);
      if (keyFacts === null) check.hits.addAllPlaceless(examineString(strings[next] ?? ''));
      else if (examineUnder(pass, keyFacts, next)) facts[place - from] = null;
    }
    for (const [index, keyFacts] of facts.entries()) {
      if (keyFacts !== null && !keyFacts.isQuiet && !keyFacts.isName) alone.push(keys[from + index] ?? '');
    }
    from = to;
  } while (from < keys.length);
  return alone;
}

/** Examines a string with what its key says about it; answers whether all that may be found in the key was, too. */
function examineUnder(pass: StringPass, facts: KeyFacts, index: number): boolean {
  const { examiner, parts, context, hits, examineString } = pass;
  const key = parts.keys[parts.stringKeys[index] ?? -1] ?? '';
  const value = parts.strings[index] ?? '';
  const isJudged = facts.namesTenant && checkTenant(value, context, hits);
  let text = textToExamine(examiner, key, facts, value);
  if (text === null) return false;
  if (key.length === 1 && IN_PUBLIC_KEY.test(key)) text = keyTypeBeside(index, parts) + text;
  const found = examineString(text);
  hits.addAllPlaceless(found, isJudged ? RULES.tenantMarker : null);
  if (facts.standsAlone || isJudged) return false;
  // THREAT: a value that a key holds in quotation marks may be read as part of something longer. Where what is found blocks
  // in any case, it would only be counted again.
  return !facts.mayQuote || found.isBlocking;
}

/**
 * The string under a key that names the tenant is an id as a whole: compared as such, not read as text. Answers false
 * for a placeholder, which is none.
 */
function checkTenant(value: string, { tenant_id: tenant }: FilterContext, hits: Hits): boolean {
  if (value !== tenant && isPlaceholder(value)) return false;
  if (tenant !== null && value !== tenant) hits.addPlaceless(RULES.tenantMarker, TENANT_SAMPLE, value);
  return true;
}

/** What of a string to examine: it with its key, or without where that says nothing about it; null for nothing. */
function textToExamine(examiner: Examiner, key: string, facts: KeyFacts, value: string): string | null {
  if (facts.standsAlone) return value;
  if (isQuiet(examiner, facts.stateBeforeValue, value) && !mayBeCredential(key, facts, value)) {
    return null;
  }
  return asAssignment(key, value);
}

/** Whether a key may make a string a credential, though a walk over both is quiet. */
function mayBeCredential(key: string, facts: KeyFacts, value: string): boolean {
  if (!facts.mayNameCredential) return false;
  if (facts.names === null) return isLongEnough(key, value);
  for (const name of facts.names) if (isLongEnough(name, value)) return true;
  return false;
}

/** Whether a name may make a string a credential, by its length. */
function isLongEnough(name: string, value: string): boolean {
  if (value.length < MIN_LENGTH_BUT_OF_PASSWORDS && !mayNamePassword(name)) return false;
  return !isTooShort(value, judgeName(name).strength);
}

/** The type of the JSON Web Key that a string belongs to, as a field before it; empty where it belongs to none. */
function keyTypeBeside(index: number, { keys, strings, stringKeys, groups }: StructuredParts): string {
  const at = lastAtOrBefore(groups, 2, index, 0) * 2;
  const first = groups[at] ?? Infinity;
  const end = groups[at + 1] ?? 0;
  if (index < first || index >= end) return '';
  for (let field = first; field < end; field += 1) {
    const type = strings[field] ?? '';
    if (keys[stringKeys[field] ?? -1] === 'kty' && PUBLIC_KEY_TYPE.test(type)) return `"kty":"${type}", `;
  }
  return '';
}

/** Whether a string, after what led to `state`, is nothing worth a closer look. */
function isQuiet({ scan }: Examiner, state: number, value: string): boolean {
  if (state === LOUD) return false;
  const after = scan.walkQuietly(state, value);
  return after !== LOUD && scan.walkQuietly(after, AFTER_VALUE) !== LOUD;
}
