import { unitAt } from './characters.js';
import { createDisguisedNameReader, NAME, type DisguisedNameReader } from './disguised-name.js';
import type { Examiner } from './examine.js';
import { LOUD, QUIET_START } from './quiet-walk.js';

/** What a key says about itself and about the string that stands under it. */
export interface KeyFacts {
  /** The listed name that the key is a spelling of, also in disguise; null for most. */
  readonly sensitiveName: string | null;
  /** Whether the string under it is examined without the key, which is a finding already or says nothing about it. */
  readonly standsAlone: boolean;
  /** Whether the string under it is a tenant's id. */
  readonly namesTenant: boolean;
  /** Whether the key alone is nothing worth a closer look. */
  readonly isQuiet: boolean;
  /** Whether the key is a name, whole, plain or in disguise, and nothing but that: other names beside it change nothing. */
  readonly isName: boolean;
  /** Whether the key may hold a value in quotation marks, plain or in disguise, that do not close in it. */
  readonly mayQuote: boolean;
  /** The state of the quiet walk before the string under it: after the key, or at the start without it. */
  readonly stateBeforeValue: number;
  /** Whether the key may make the string under it a credential, though the walk before it is quiet. */
  readonly mayNameCredential: boolean;
  /** The names that may do so, one of each form of the key; null for the key itself. */
  readonly names: readonly string[] | null;
}

const LETTER_D = 100;

/** A key, and the string after it, as an assignment; the walk ends with {@link AFTER_VALUE}. */
const BEFORE_VALUE = ': "';
/** What ends an assignment. */
export const AFTER_VALUE = '"';

/** A key and the string under it as one text, so that a key which names a credential makes its value one. */
export function asAssignment(key: string, value: string): string {
  return `${key}${BEFORE_VALUE}${value}${AFTER_VALUE}`;
}

const QUOTATION_MARK = /["'`]/;
/** In a text of which disguises were taken off already: the same, or the start of another escape. */
const MAY_HIDE_QUOTATION_MARK = /["'`%&\\]/;

const TENANT_KEY = /tenant[_-]?id$/i;
const BARE_TENANT_KEY = /^tenant[_-]?id$/i;

/** Whether a key names the tenant: most show by their last letter that they do not. */
function isTenantKey(key: string): boolean {
  return (unitAt(key, key.length - 1) | 32) === LETTER_D && TENANT_KEY.test(key);
}

const MAX_REMEMBERED_KEYS = 1024;
const MAX_REMEMBERED_LENGTH = 64;

const SENSITIVE_KEYS = new Map(
  ['password', 'secret', 'api_key', 'apikey', 'token', 'private_key', 'credential', 'access_token'].map(
    (name) => [name.replaceAll('_', ''), name],
  ),
);

/** The listed name that a key is a spelling of, in any case and with or without `-` and `_`; null for other keys. */
function sensitiveKeyName(key: string): string | null {
  if (!/^[^\d.]{5,64}$/.test(key)) return null;
  return SENSITIVE_KEYS.get(key.toLowerCase().replaceAll(/[_\s-]/g, '')) ?? null;
}

function readKey(
  { scan, normalise }: Examiner,
  readDisguisedName: DisguisedNameReader,
  key: string,
): KeyFacts {
  const { walkQuietly, walkName } = scan;
  const ownName = sensitiveKeyName(key);
  const afterKey = walkQuietly(QUIET_START, key);
  const isPlain = NAME.test(key);
  const afterName = afterKey === LOUD && isPlain ? walkName(QUIET_START, key) : afterKey;
  const plain = isPlain ? key : (normalise(key)?.text ?? '');
  const isDisguised = afterKey === LOUD && !isPlain && plain !== '';
  const disguised = isDisguised ? readDisguisedName(key, plain, BEFORE_VALUE) : null;
  const stateBefore = afterName === LOUD ? LOUD : walkQuietly(afterName, BEFORE_VALUE);
  // `tenant_id` itself names no credential either; a longer name, as `auth_tenant_id`, may.
  const isTenant = isTenantKey(key);
  const standsAlone = ownName !== null || (isTenant && BARE_TENANT_KEY.test(key));
  return {
    sensitiveName: ownName ?? (isPlain ? null : sensitiveKeyName(plain)),
    standsAlone,
    namesTenant: isTenant || (!isPlain && isTenantKey(plain)),
    isQuiet: afterKey !== LOUD,
    isName: disguised !== null || (isPlain && afterName !== LOUD),
    mayQuote: !isPlain && (QUOTATION_MARK.test(key) || MAY_HIDE_QUOTATION_MARK.test(plain)),
    stateBeforeValue: standsAlone ? QUIET_START : (disguised?.stateBefore ?? stateBefore),
    mayNameCredential: !standsAlone && (disguised !== null || afterName !== afterKey),
    names: disguised?.names ?? null,
  };
}

/**
 * Makes the readers of the keys of structures, one for each. They remember together: an application has few names, and
 * judging one costs more than the rest.
 */
export function createKeyReaders(examiner: Examiner): () => (key: string) => KeyFacts {
  const remembered = new Map<string, KeyFacts>();
  const readDisguisedName = createDisguisedNameReader(examiner.scan, examiner.normalise);
  return () => {
    let learnt = 0;
    return (key) => {
      const known = remembered.get(key);
      if (known !== undefined) return known;
      const facts = readKey(examiner, readDisguisedName, key);
      // A structure of more names than are remembered would only push out one after the other.
      if (key.length > MAX_REMEMBERED_LENGTH || learnt >= MAX_REMEMBERED_KEYS) return facts;
      // INVARIANT: the memory is bounded, whatever keys the structures have.
      if (remembered.size >= MAX_REMEMBERED_KEYS) remembered.clear();
      remembered.set(key, facts);
      learnt += 1;
      return facts;
    };
  };
}
