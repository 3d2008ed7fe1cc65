import { codeAt, hasDigit } from './characters.js';
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
import { alternativesOf, createWordSets, wordsOf } from './word-sets.js';

/** How far after a vendor's name its token may stand. */
export const VENDOR_REACH = 48;

/** The least length of a vendor's token, without the name before it. */
export const MIN_VENDOR_TOKEN = 12;
const MIN_LENGTH_UNNAMED = 20;
const MIN_HEX_LENGTH = 16;
const MIN_HEX_LENGTH_UNNAMED = 32;
const MAX_PLAIN_SHARE = 0.4;
const MIN_BITS_A_CHARACTER = 2.8;

/** Things whose ids and keys are no credentials. */
const OTHER_THINGS = `run build job request record issue pull merge object page file channel document message order
  invoice customer session public`;

const QUOTED_BEFORE_COMMA = /["'`][ \t]*,/;
const NAMES_PAT = /pat\b/i;
// eslint-disable-next-line security/detect-non-literal-regexp -- words and signs, of constants
const NAMES_OTHER = new RegExp(`\\bsha(?![dr])|\\b(?:${alternativesOf(OTHER_THINGS)})[_ -]?(?:id|key)`, 'i');

/** What is told by words about a vendor's name and the token behind it: those of a set that a pattern looks closer at begin with `may`. */
const between = createWordSets({
  assigns: { anywhere: '= : > ||' },
  namesCredential: { anywhere: 'key token secret auth pass pwd cred bearer api login access private' },
  namesOther: {
    anywhere: 'commit digest checksum hash trace span revision version image asset / @ integrity etag cursor',
  },
  mayAssign: { anywhere: ',' },
  mayNameCredential: { anywhere: 'pat' },
  mayNameOther: { anywhere: `sha ${OTHER_THINGS}` },
});

const NAME_WORDS = 'private secret access api app auth client user account key token tok live test prod';
/** The words of the name that the token follows, where name and token are one run: `vendor-secret-key-…`. */
// eslint-disable-next-line security/detect-non-literal-regexp -- words and signs, of constants
const NAME_PARTS = new RegExp(`^(?:[_-]?(?:${alternativesOf(NAME_WORDS)}))*[_-]+`, 'i');
/** What those begin with: a sign, or the first letter of a word. */
const NAME_INITIALS: ReadonlySet<number> = new Set(
  ['_', '-', ...wordsOf(NAME_WORDS), ...wordsOf(NAME_WORDS.toUpperCase())].map((word) => word.charCodeAt(0)),
);

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
  const held = between.heldBy(text, vendorEnd, from);
  const { bits } = between;
  if ((held & bits.namesOther) !== 0) return null;
  const matches = (set: number, pattern: RegExp): boolean =>
    (held & set) !== 0 && pattern.test(text.slice(vendorEnd, from));
  const named = (held & bits.namesCredential) !== 0 || matches(bits.mayNameCredential, NAMES_PAT);
  const isAssigned = named || (held & bits.assigns) !== 0 || matches(bits.mayAssign, QUOTED_BEFORE_COMMA);
  if (!isAssigned || (!named && end - from < MIN_LENGTH_UNNAMED)) return null;
  if (matches(bits.mayNameOther, NAMES_OTHER)) return null;
  return isIssued(text.slice(from, end), named) ? { start: from, end } : null;
}

function nameLength(text: string, vendorEnd: number, end: number): number {
  if (!NAME_INITIALS.has(codeAt(text, vendorEnd))) return 0;
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
