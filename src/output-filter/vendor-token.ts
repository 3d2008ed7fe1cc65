import { entropyBits, isHexLike, isRandomLike, plainShare } from './randomness.js';
import { isPlaceholder } from './placeholder.js';

/** How far after a vendor's name its token may stand. */
export const VENDOR_REACH = 48;

const MIN_LENGTH = 16;
const ASSIGNS = /[=:>]|["'`][ \t]*,|\|\|/;
const NAMES_CREDENTIAL = /key|token|secret|auth|pass|pwd|cred|pat\b|bearer|api|login|\bid\b/i;
const NAMES_OTHER =
  /commit|\bsha|digest|checksum|hash|trace|span|revision|version|image|asset|\/\/|\/|@|\b(?:run|build|job|request|record|issue|pull|merge|object|page|file|channel|document|message|order|invoice|customer|session)[_ -]?id|integrity|etag|cursor/i;

/**
 * Whether the run from `start` to `end`, which follows a vendor's name that ends at `vendorEnd`, is a credential of
 * that vendor: random, and not said to be something else.
 *
 * A hexadecimal run or a UUID counts only where a credential is named or assigned.
 */
export function isVendorToken(text: string, vendorEnd: number, start: number, end: number): boolean {
  if (end - start < MIN_LENGTH || start - vendorEnd > VENDOR_REACH || start < vendorEnd) return false;
  const gap = text.slice(vendorEnd, start);
  if (NAMES_OTHER.test(gap)) return false;
  const value = text.slice(start, end);
  if (!isRandomLike(value) || entropyBits(value) < 2.8 || isPlaceholder(value)) return false;
  if (isHexLike(value)) return ASSIGNS.test(gap) && (NAMES_CREDENTIAL.test(gap) || value.length >= 32);
  return /\d/.test(value) && plainShare(value) < 0.4 && (ASSIGNS.test(gap) || NAMES_CREDENTIAL.test(gap));
}
