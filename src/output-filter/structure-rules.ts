import type { FilterContext } from '../domain/filter.js';
import { examineFields, examineText, type Examiner } from './examine.js';
import { Hits, type Hit } from './hits.js';
import { JoinedFields } from './joined-fields.js';
import { createKeyReaders } from './key-facts.js';
import { redactHits } from './redaction.js';
import { RULES } from './rules.js';
import { examineStrings } from './structure-strings.js';
import type { StructuredParts } from './structured.js';

const MAX_KEY_SAMPLE_LENGTH = 64;
const MAX_CLEAN_KEY_SETS = 1024;
const MAX_CLEAN_KEY_SET_LENGTH = 512;

type Accepts = (hit: Hit) => boolean;

/** Adds to `hits` what is found in a structured output: its keys, its strings, and what its fields say together. */
export type StructureCheck = (
  parts: StructuredParts,
  context: FilterContext,
  hits: Hits,
  accepts: Accepts,
) => void;

/** Makes the check of structures; see {@link StructureCheck}. */
export function createStructureCheck(examiner: Examiner): StructureCheck {
  const createKeyReader = createKeyReaders(examiner);
  const checkKeySet = createKeySetCheck(examiner);
  return (parts, context, hits, accepts) => {
    // What is found in strings is told of after what is found in keys.
    const inStrings = new Hits();
    const readKey = createKeyReader();
    const keysAlone = examineStrings(examiner, parts, { context, hits: inStrings, accepts }, (key) => {
      const facts = readKey(key);
      const { sensitiveName } = facts;
      if (sensitiveName !== null) hits.addPlaceless(RULES.sensitiveKey, `key:${sensitiveName}`);
      return facts;
    });
    if (keysAlone.length > 0) checkKeySet(keysAlone, hits, accepts);
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

/** Makes the check of keys that no string was examined with as one text, a line each. */
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

function checkAllowed(keys: readonly string[], context: FilterContext, examiner: Examiner, hits: Hits): void {
  const allowed = new Set(context.allowed_response_keys ?? []);
  const unknown = keys.filter((key) => !allowed.has(key));
  const first = unknown[0];
  if (first === undefined) return;
  // Only the first is shown: an examination of each would cost more than all else about them.
  hits.addPlaceless(RULES.unknownKey, `key:${showKey(first, examiner)}`, null, unknown.length);
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
