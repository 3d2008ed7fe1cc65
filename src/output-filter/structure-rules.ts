import type { FilterContext } from '../domain/filter.js';
import { isTooShort, MIN_LENGTH_BUT_OF_PASSWORDS } from './credential-name.js';
import { createTextExamination, examineFields, examineText, type Examiner } from './examine.js';
import { Hits, type Hit } from './hits.js';
import { JoinedFields } from './joined-fields.js';
import { AFTER_VALUE, asAssignment, createKeyReader, type KeyFacts } from './key-facts.js';
import { lastAtOrBefore } from './last-at-or-before.js';
import { mayNamePassword, type NameJudge } from './name-strength.js';
import { isPlaceholder } from './placeholder.js';
import { redactHits } from './redaction.js';
import { RULES } from './rules.js';
import { LOUD } from './quiet-walk.js';
import type { StructuredParts } from './structured.js';

const TENANT_SAMPLE = 'tenant_id:[REDACTED]';
const MAX_KEY_SAMPLE_LENGTH = 64;
const MAX_CLEAN_KEY_SETS = 1024;
const MAX_CLEAN_KEY_SET_LENGTH = 512;

/** What of a JSON Web Key is public and looks random, and the types of keys that have it. */
const IN_PUBLIC_KEY = /^[nxy]$/;
const PUBLIC_KEY_TYPE = /^(?:RSA|EC|OKP)$/;

type Accepts = (hit: Hit) => boolean;

/** Adds to `hits` what is found in a structured output: its keys, its strings, and what its fields say together. */
export type StructureCheck = (
  parts: StructuredParts,
  context: FilterContext,
  hits: Hits,
  accepts: Accepts,
) => void;

/** What a structure is checked with. */
interface Check {
  readonly context: FilterContext;
  readonly hits: Hits;
  readonly accepts: Accepts;
}

/** Makes the check of structures; see {@link StructureCheck}. */
export function createStructureCheck(examiner: Examiner): StructureCheck {
  const readerOfKeys = createKeyReader(examiner);
  const checkKeySet = createKeySetCheck(examiner);
  return (parts, context, hits, accepts) => {
    // What is found in strings is told of after what is found in keys.
    const inStrings = new Hits();
    const readKey = readerOfKeys();
    const pass = new PartsPass(examiner, parts, { context, hits: inStrings, accepts });
    pass.read((key) => {
      const facts = readKey(key);
      const { sensitiveName } = facts;
      if (sensitiveName !== null) hits.addPlaceless(RULES.sensitiveKey, `key:${sensitiveName}`);
      return facts;
    });
    if (pass.mayKeysGiveSomething) checkKeySet(parts.keys, hits, accepts);
    if (context.strict_response_schema) {
      checkAllowed(parts.keys.slice(0, parts.topLevelKeyCount), context, examiner, hits);
    }
    hits.addAllPlaceless(inStrings);
    const { strings, groups } = parts;
    for (let index = 0; index < groups.length; index += 2) {
      examineJoined(examiner, strings.slice(groups[index], groups[index + 1]), hits, accepts);
    }
  };
}

/** Makes the check of all keys of a structure as one text, a line each. */
function createKeySetCheck(
  examiner: Examiner,
): (keys: readonly string[], hits: Hits, accepts: Accepts) => void {
  /** Sets of keys that hold nothing together, for whichever tenant: most answers of one tool have the same. */
  const cleanSets = new Set<string>();
  return (keys, hits, accepts) => {
    const text = keys.join('\n');
    let isClean = text.length <= MAX_CLEAN_KEY_SET_LENGTH;
    if (isClean && cleanSets.has(text)) return;
    const found = examine(examiner, text, (hit) => {
      isClean = false;
      return accepts(hit);
    });
    hits.addAllPlaceless(found);
    if (!isClean) return;
    // INVARIANT: the memory is bounded, whatever keys the structures have.
    if (cleanSets.size >= MAX_CLEAN_KEY_SETS) cleanSets.clear();
    cleanSets.add(text);
  };
}

/** What many keys say would, kept, outlive its use by far. */
const MAX_KEYS_AT_ONCE = 1024;

/**
 * Reads the keys of one structure, some at a time, and examines the strings between and under them, each by itself or with
 * its key.
 */
class PartsPass {
  readonly #examineString: (text: string) => Hits;
  #areQuiet = true;
  #areNames = true;

  constructor(
    private readonly examiner: Examiner,
    private readonly parts: StructuredParts,
    private readonly check: Check,
  ) {
    this.#examineString = createTextExamination(examiner, check.accepts);
  }

  /** Whether the keys may give something to one another: names, a line each, do not. */
  get mayKeysGiveSomething(): boolean {
    return !this.#areQuiet && !this.#areNames;
  }

  read(readKey: (key: string) => KeyFacts): void {
    const { keys } = this.parts;
    let string = 0;
    for (let from = 0; from === 0 || from < keys.length; from += MAX_KEYS_AT_ONCE) {
      const facts: KeyFacts[] = [];
      const to = Math.min(from + MAX_KEYS_AT_ONCE, keys.length);
      for (let place = from; place < to; place += 1) facts.push(this.#note(readKey(keys[place] ?? '')));
      string = this.#examineStrings(string, facts, from, to);
    }
  }

  #note(facts: KeyFacts): KeyFacts {
    if (!facts.isQuiet) this.#areQuiet = false;
    if (!facts.isName) this.#areNames = false;
    return facts;
  }

  /** Examines the strings from a place on that stand in lists or under the keys from `from` to `to`; answers where the others begin. */
  #examineStrings(first: number, facts: readonly KeyFacts[], from: number, to: number): number {
    const { strings, stringKeys } = this.parts;
    let string = first;
    for (; string < strings.length; string += 1) {
      const place = stringKeys[string] ?? -1;
      if (place >= to) break;
      const keyFacts = place < 0 ? undefined : facts[place - from];
      if (keyFacts !== undefined) this.#examineUnder(this.parts.keys[place] ?? '', keyFacts, string);
      else this.check.hits.addAllPlaceless(this.#examineString(strings[string] ?? ''));
    }
    return string;
  }

  #examineUnder(key: string, facts: KeyFacts, string: number): void {
    const { context, hits } = this.check;
    const value = this.parts.strings[string] ?? '';
    const isJudged = facts.namesTenant && checkTenant(value, context, hits);
    let text = textToExamine(this.examiner, key, facts, value);
    if (text === null) return;
    if (key.length === 1 && IN_PUBLIC_KEY.test(key)) text = keyTypeBeside(string, this.parts) + text;
    hits.addAllPlaceless(this.#examineString(text), isJudged ? RULES.tenantMarker : null);
  }
}

function checkAllowed(keys: readonly string[], context: FilterContext, examiner: Examiner, hits: Hits): void {
  const allowed = new Set(context.allowed_response_keys ?? []);
  const unknown = keys.filter((key) => !allowed.has(key));
  const first = unknown[0];
  if (first === undefined) return;
  // Only the first is shown: an examination of each would cost more than all else about them.
  hits.addPlaceless(RULES.unknownKey, `key:${showKey(first, examiner)}`, null, unknown.length);
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
  if (isQuiet(examiner, facts.stateBeforeValue, value) && !mayBeCredential(examiner, key, facts, value)) {
    return null;
  }
  return asAssignment(key, value);
}

/** Whether a key may make a string a credential, though a walk over both is quiet. */
function mayBeCredential({ scan }: Examiner, key: string, facts: KeyFacts, value: string): boolean {
  if (!facts.mayNameCredential) return false;
  if (facts.names === null) return isLongEnough(key, value, scan.judgeName);
  for (const name of facts.names) if (isLongEnough(name, value, scan.judgeName)) return true;
  return false;
}

/** Whether a name may make a string a credential, by its length. */
function isLongEnough(name: string, value: string, judgeName: NameJudge): boolean {
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

/** A key as a sample may show it: redacted, printable, short. */
function showKey(key: string, examiner: Examiner): string {
  const found = examine(examiner, key, () => true);
  const safe = found.isEmpty ? key : redactHits(key, found.all());
  return safe.replaceAll(/[^\x20-\x7e]/g, '').slice(0, MAX_KEY_SAMPLE_LENGTH);
}

function examine(examiner: Examiner, text: string, accepts: Accepts): Hits {
  const found = new Hits();
  examineText(examiner, text, found, accepts);
  return found;
}

/** A secret split over fields: their concatenation, in which every joint may be the edge of a word. */
function examineJoined(examiner: Examiner, group: readonly string[], hits: Hits, accepts: Accepts): void {
  const found = new Hits();
  examineFields(examiner, new JoinedFields(group), found, accepts);
  hits.addAllPlaceless(found);
}
