import { limits } from '../domain/limits.js';
import { ownCopy } from '../domain/own-copy.js';
import { hasInvisible, showCharacter } from '../domain/visible.js';

/** Turns a string of outside origin into one that may stand in the log. */
export type OutsideStringCleaner = (text: string) => string;

/** Shorter than any credential of one word that the output filter knows … */
const SHORT_LENGTH = 15;
/** … and one word: without what separates a name from a value, or the parts of a token. */
const PLAIN = /^[\w-]*$/;
const UUID_LENGTH = 36;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const CACHE_ENTRIES = 1_024;

/** Makes control, format and separator characters and lone surrogates visible, and cuts between characters. */
function escapeAndCut(text: string): string {
  const isShort = text.length <= limits.auditStringLength;
  if (isShort && !hasInvisible(text)) return text;
  let result = '';
  for (const character of text) {
    const shown = showCharacter(character);
    if (result.length + shown.length > limits.auditStringLength) break;
    result += shown;
  }
  return result;
}

/**
 * Creates the cleaner: redacts secrets, then escapes what is invisible or malformed, then cuts to 512.
 *
 * THREAT: a value must not leak a secret, forge a line or a field, or act on the terminal of whoever reads it.
 * Redaction comes first, so that no cut hides half a secret from it.
 */
export function createOutsideStringCleaner(redact: (text: string) => string): OutsideStringCleaner {
  // Only strings that came through unchanged are kept, so the cache never holds a secret.
  const unchanged = new Set<string>();
  return (text) => {
    const { length } = text;
    if (length <= SHORT_LENGTH ? PLAIN.test(text) : length === UUID_LENGTH && UUID.test(text)) return text;
    if (unchanged.has(text)) return text;
    const cleaned = escapeAndCut(redact(text));
    if (cleaned === text) {
      if (unchanged.size >= CACHE_ENTRIES) unchanged.clear();
      unchanged.add(ownCopy(text));
    }
    return cleaned;
  };
}
