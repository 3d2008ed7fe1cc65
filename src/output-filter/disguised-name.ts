/** Keys that are names in disguise: most of them become ordinary names, which need no closer look. */
import { NAME as IN_NAME, skipBack } from './assignment-characters.js';
import type { Normaliser } from './normalise.js';
import { LOUD, QUIET_START, type QuietWalks } from './quiet-walk.js';

/** A key that assignments read as one name. */
export const NAME = /^[\w.-]{1,64}$/;

/**
 * What may be a name under a disguise: nothing in it joins a name and a value or carries hidden text. Nor does it end
 * in a backslash, with which what stands behind it could become an escape.
 */
const DISGUISED_NAME = /^[\w.%\\&#;{}\u0080-\u2027\u202a-\udb3f\udb41-\ufdff\ufe10-\uffff-]{1,64}$/;

const mayBecomeName = (form: string): boolean => DISGUISED_NAME.test(form) && !form.endsWith('\\');

/** A key with more disguises on one another is examined as any text. */
const MAX_DISGUISES = 2;

/** What a name in disguise is to the string under it. */
export interface DisguisedName {
  /** The name in front of the string in each form of the key. */
  readonly names: readonly string[];
  /** The state of the quiet walk before the string, whichever form the walk went through. */
  readonly stateBefore: number;
}

/**
 * Reads a key that is no plain name; null where it is no name in disguise.
 *
 * @param plain the key without its first disguise
 * @param before what stands between it and its string
 */
export type DisguisedNameReader = (key: string, plain: string, before: string) => DisguisedName | null;

/** Makes the reader of names in disguise. */
export function createDisguisedNameReader(
  { walkName, walkDisguisedName }: QuietWalks,
  normalise: Normaliser,
): DisguisedNameReader {
  return (key, plain, before) => {
    const names: string[] = [];
    let stateBefore = LOUD;
    let form = key;
    for (let level = 0; level <= MAX_DISGUISES; level += 1) {
      const isName = NAME.test(form);
      if (!isName && !mayBecomeName(form)) return null;
      const afterForm = walkDisguisedName(QUIET_START, form);
      const state = afterForm === LOUD ? LOUD : walkName(afterForm, before);
      // INVARIANT: one walk over the string says of all forms that nothing is to be found.
      if (state === LOUD || (level > 0 && state !== stateBefore)) return null;
      stateBefore = state;
      names.push(form.slice(skipBack(form, 0, form.length, IN_NAME)));
      if (isName) return { names, stateBefore };
      form = level === 0 ? plain : (normalise(form)?.text ?? '');
    }
    return null;
  };
}
