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
import { createWordSets } from './word-sets.js';

/** How far after a vendor's name its token may stand. */
export const VENDOR_REACH = 48;

/** The least length of a vendor's token, without the name before it. */
export const MIN_VENDOR_TOKEN = 12;
const MIN_LENGTH_UNNAMED = 20;
const MIN_HEX_LENGTH = 16;
const MIN_HEX_LENGTH_UNNAMED = 32;
const MAX_PLAIN_SHARE = 0.4;
const MIN_BITS_A_CHARACTER = 2.8;

const ASSIGNS = /["'`][ \t]*,/;
const NAMES_PAT = /pat\b/i;
const NAMES_OTHER =
  /\bsha|\b(?:run|build|job|request|record|issue|pull|merge|object|page|file|channel|document|message|order|invoice|customer|session|public)[_ -]?(?:id|key)/i;

/** What may stand between a vendor's name and a token. */
const between = createWordSets({
  assigns: { anywhere: '= : > ||' },
  namesCredential: { anywhere: 'key token secret auth pass pwd cred bearer api login access private' },
  namesOther: {
    anywhere: 'commit digest checksum hash trace span revision version image asset / @ integrity etag cursor',
  },
  mayAssign: { anywhere: ',' },
  mayNameCredential: { anywhere: 'pat' },
  mayNameOther: {
    anywhere: `sha run build job request record issue pull merge object page file channel document message order invoice
      customer session public`,
  },
});

/** The words of the name that the token follows, where name and token are one run: `vendor-secret-key-…`. */
const NAME_PARTS =
  /^(?:[_-]?(?:private|secret|access|api|app|auth|client|user|account|key|token|tok|live|test|prod))*[_-]+/i;
/** What those begin with. */
const BEGINS_NAME = new Uint8Array(128);
for (const character of '_-psacukltPSACUKLT') BEGINS_NAME[character.charCodeAt(0)] = 1;

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
  const isAssigned = named || (held & bits.assigns) !== 0 || matches(bits.mayAssign, ASSIGNS);
  if (!isAssigned || (!named && end - from < MIN_LENGTH_UNNAMED)) return null;
  if (matches(bits.mayNameOther, NAMES_OTHER)) return null;
  return isIssued(text.slice(from, end), named) ? { start: from, end } : null;
}

function nameLength(text: string, vendorEnd: number, end: number): number {
  if (BEGINS_NAME[codeAt(text, vendorEnd)] !== 1) return 0;
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
