import type { FilterContext } from '../domain/filter.js';
import { examineText, type Examiner } from './examine.js';
import { Hits, type Hit } from './hits.js';
import { redactHits } from './redaction.js';
import { RULES } from './rules.js';
import { sensitiveKeyName, type StructuredParts } from './structured.js';

const MAX_KEY_SAMPLE_LENGTH = 64;

type Accepts = (hit: Hit) => boolean;

/** Adds to `hits` what is found in a structured output: its keys, its strings, and what its fields say together. */
export function checkStructure(
  parts: StructuredParts,
  context: FilterContext,
  examiner: Examiner,
  hits: Hits,
  accepts: Accepts,
): void {
  checkKeys(parts, context, examiner, hits);
  addPlaceless(examine(examiner, parts.keys.join('\n'), accepts), hits);
  for (const { key, value } of parts.strings) {
    // As an assignment, so that a key which names a credential makes its value one; a key that is itself a finding
    // needs no second one.
    const text = key === null || sensitiveKeyName(key) !== null ? value : `${key}: "${value}"`;
    addPlaceless(examine(examiner, text, accepts), hits);
  }
  for (const group of parts.groups) addPlaceless(examineJoined(examiner, group, accepts), hits);
}

function checkKeys(parts: StructuredParts, context: FilterContext, examiner: Examiner, hits: Hits): void {
  for (const key of parts.keys) {
    const name = sensitiveKeyName(key) ?? sensitiveKeyName(examiner.normalise(key)?.text ?? '');
    if (name !== null) hits.addPlaceless(RULES.sensitiveKey, `key:${name}`);
  }
  if (!context.strict_response_schema) return;
  const allowed = new Set(context.allowed_response_keys ?? []);
  for (const key of parts.topLevelKeys) {
    if (!allowed.has(key)) hits.addPlaceless(RULES.unknownKey, `key:${showKey(key, examiner)}`);
  }
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
function examineJoined(examiner: Examiner, group: readonly string[], accepts: Accepts): Hits {
  const found = new Hits();
  const joints = new Set<number>();
  const text = group.join('');
  /** The field that each character stands in. */
  const fieldAt = new Uint32Array(text.length);
  let length = 0;
  for (const [field, part] of group.entries()) {
    fieldAt.fill(field, length, (length += part.length));
    joints.add(length);
  }
  examiner.scan({ text, joints, formatsOnly: true }, (hit) => {
    const crosses = fieldAt[hit.start] !== fieldAt[hit.end - 1];
    if (crosses && accepts(hit)) found.add(hit);
  });
  return found;
}

function addPlaceless(found: Hits, hits: Hits): void {
  for (const { rule, sample, tenantId, occurrences } of found.all()) {
    hits.addPlaceless(rule, sample, tenantId, occurrences);
  }
}
