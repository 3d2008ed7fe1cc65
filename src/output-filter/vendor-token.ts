import { hasDigit } from './characters.js';
import type { Span } from './detector.js';
import { entropyBits } from './entropy.js';
import { isPlaceholder } from './placeholder.js';
import {
  distinctInRandom,
  hasDistinctCharacters,
  isHexLike,
  isRandomIfDistinct,
  plainShare,
} from './randomness.js';

/** How far after a vendor's name its token may stand. */
export const VENDOR_REACH = 48;

/** The least length of a vendor's token, without the name before it. */
export const MIN_VENDOR_TOKEN = 12;
const MIN_LENGTH_UNNAMED = 20;
const MIN_HEX_LENGTH = 16;
const MIN_HEX_LENGTH_UNNAMED = 32;
const MAX_PLAIN_SHARE = 0.4;
const MIN_BITS_A_CHARACTER = 2.8;
const ASSIGNS = /[=:>]|["'`][ \t]*,|\|\|/;
const NAMES_CREDENTIAL = /key|token|secret|auth|pass|pwd|cred|pat\b|bearer|api|login|access|private/i;
const NAMES_OTHER =
  /commit|\bsha|digest|checksum|hash|trace|span|revision|version|image|asset|\/|@|\b(?:run|build|job|request|record|issue|pull|merge|object|page|file|channel|document|message|order|invoice|customer|session|public)[_ -]?(?:id|key)|integrity|etag|cursor/i;
/** The words of the name that the token follows, where name and token are one run: `vendor-secret-key-…`. */
const NAME_PARTS =
  /^(?:[_-]?(?:private|secret|access|api|app|auth|client|user|account|key|token|tok|live|test|prod))*[_-]+/i;

/**
 * The credential of a vendor in the run from `start` to `end`, which follows or contains the vendor's name, that ends
 * at `vendorEnd`: something random, and not said to be something else. Null where there is none. The caller sees to it
 * that the run begins at most {@link VENDOR_REACH} behind the name.
 *
 * A hexadecimal run or a UUID counts only where a credential is named or assigned.
 */
export function findVendorToken(text: string, vendorEnd: number, start: number, end: number): Span | null {
  const from = start >= vendorEnd ? start : vendorEnd + nameLength(text, vendorEnd, end);
  if (end - from < MIN_VENDOR_TOKEN) return null;
  const gap = text.slice(vendorEnd, from);
  if (NAMES_OTHER.test(gap)) return null;
  const named = NAMES_CREDENTIAL.test(gap);
  if (!named && (!ASSIGNS.test(gap) || end - from < MIN_LENGTH_UNNAMED)) return null;
  return isIssued(text.slice(from, end), named) ? { start: from, end } : null;
}

function nameLength(text: string, vendorEnd: number, end: number): number {
  return NAME_PARTS.exec(text.slice(vendorEnd, Math.min(end, vendorEnd + VENDOR_REACH)))?.[0].length ?? 0;
}

/** Whether a value is random as issued tokens are, with digits unless it is hexadecimal. */
function isIssued(value: string, named: boolean): boolean {
  if (!hasDistinctCharacters(value, distinctInRandom(value.length))) return false;
  const hasTokenForm = isHexLike(value)
    ? value.length >= (named ? MIN_HEX_LENGTH : MIN_HEX_LENGTH_UNNAMED) &&
      isRandomIfDistinct(value, 0, value.length)
    : hasDigit(value) && plainShare(value, 0, value.length, false, MAX_PLAIN_SHARE) < MAX_PLAIN_SHARE;
  return hasTokenForm && entropyBits(value) >= MIN_BITS_A_CHARACTER && !isPlaceholder(value);
}
