import { hasDigit, unitAt } from './characters.js';

/**
 * Telling random strings from words, paths and identifiers.
 *
 * The letter pairs below make up about 97% of the pairs in technical English; random letters hit one of them in
 * fewer than half of all pairs, so a dozen letters suffice to tell the two apart.
 */
const FOLLOWERS: readonly string[] = [
  'bcdfgiklmnprstuvwy',
  'aceilorsuy',
  'acehiklorstuy',
  'abdefilorsuy',
  'abcdefgilmnopqrstuvwxyz',
  'aefilortuy',
  'aeghilnorsu',
  'aeiortu',
  'abcdefgklmnoprstvxz',
  'aejos',
  'aeis',
  'adeilostuvy',
  'abeimopsu',
  'acdefgiklnopstuvy',
  'abcdfgiklmnoprstuvw',
  'aehiloprstu',
  'u',
  'acdefgiklmnoprstuvy',
  'acefhiklmopstuwy',
  'acehiloprstuy',
  'abcdegilmnprst',
  'aeio',
  'aehinors',
  'ceipt',
  'aeinps',
  'aei',
];

/** For two letters, as `first << 5 | second` with `a` as 1 and of either case: whether they seldom stand so in words. */
const RARE_PAIRS = new Uint8Array(32 * 32).fill(1);
for (const [first, followers] of FOLLOWERS.entries()) {
  for (const second of followers) RARE_PAIRS[((first + 1) << 5) | (second.charCodeAt(0) & 31)] = 0;
}

/** Shorter parts are plain whatever they are. */
const MAX_SHORT_PART = 3;

/** The share of rare pairs from which a run of letters is no word. */
const RARE_PAIR_SHARE = 0.3;

/** Kinds of characters, in the order that the comparisons below rely on. */
const Kind = { Separator: 0, Digit: 1, Upper: 2, Lower: 3 } as const;

/** In the table of traits: the bits of the kind, and where the bit stands that lower-case hexadecimal digits have. */
const KIND = 3;
const HEX_SHIFT = 2;
const KINDS = new Uint8Array(128).fill(Kind.Digit, 48, 58).fill(Kind.Upper, 65, 91).fill(Kind.Lower, 97, 123);

const TRAITS = KINDS.map((kind, code) => {
  const isHex = kind === Kind.Digit || (code >= 97 && code <= 102);
  return kind | (isHex ? 1 << HEX_SHIFT : 0);
});

function kindOf(code: number): number {
  return code < 128 ? (KINDS[code] ?? Kind.Separator) : Kind.Separator;
}

/** The length of letters in a row where they could be a word, by how many of their pairs are rare; else 0. */
function wordLength(length: number, rare: number): number {
  return length >= 3 && rare < RARE_PAIR_SHARE * (length - 1) + 0.01 ? length : 0;
}

/** A part of a string without separators: how many of its characters are what. */
interface Part {
  digits: number;
  /** Digits and lower-case letters that hexadecimal numbers have. */
  hex: number;
  /** Letters of words. */
  words: number;
  /** Whether so many belong to nothing that the others do not matter; it is not read to its end then. */
  isLost: boolean;
}

/** Reads the part that begins at `start`; answers where it ends. */
function readPart(text: string, start: number, end: number, maxLost: number, part: Part): number {
  let digits = 0;
  let hex = 0;
  let words = 0;
  let humpStart = start;
  let rare = 0;
  let previous: number = Kind.Separator;
  let letter = 0;
  let index = start;
  for (; index < end; index += 1) {
    const code = unitAt(text, index);
    const traits = code < 128 ? (TRAITS[code] ?? 0) : 0;
    const kind = traits & KIND;
    if (kind === Kind.Separator) break;
    hex += traits >> HEX_SHIFT;
    if (kind === Kind.Digit) {
      digits += 1;
      if (previous > Kind.Digit) words += wordLength(index - humpStart, rare);
      humpStart = index + 1;
    } else if (previous <= Kind.Digit) rare = 0;
    else if (kind < previous) {
      words += wordLength(index - humpStart, rare);
      humpStart = index;
      rare = 0;
      // With letters that are in no word neither the part as a whole nor a number in it is plain.
      const read = index - start;
      part.isLost = read - words > maxLost && read > words + digits && read >= MAX_SHORT_PART;
      if (part.isLost) break;
    } else rare += RARE_PAIRS[letter | (code & 31)] ?? 0;
    letter = (code & 31) << 5;
    previous = kind;
  }
  part.digits = digits;
  part.hex = hex;
  part.words = previous > Kind.Digit ? words + wordLength(index - humpStart, rare) : words;
  return index;
}

/** How many characters of a part belong to words, numbers of a date's length or hex digests. */
function plainLength({ digits, hex, words }: Part, length: number, hexIsPlain: boolean): number {
  if (length <= MAX_SHORT_PART) return length;
  if (digits === length) return length <= 14 ? length : 0;
  if (hex === length && digits > 0) return hexIsPlain ? length : 0;
  // A number after a word belongs to it: `part12`, `sha256`.
  return words > 0 && words + digits === length && digits <= 6 ? length : words;
}

/**
 * The share of a string's characters that are words, short parts or numbers: 0 is random, 1 is plain.
 *
 * @param hexIsPlain whether hexadecimal parts count as plain: as digests and identifiers, not as keys.
 * @param floor a lower share is not worked out to the end: the answer is any below it.
 */
export function plainShare(text: string, start = 0, end = text.length, hexIsPlain = true, floor = 0): number {
  if (end <= start) return 1;
  // The margin is for what is lost in calculation: a whole character more is lost where the share is lower.
  const maxLost = (end - start) * (1 - floor) + 0.5;
  const part: Part = { digits: 0, hex: 0, words: 0, isLost: false };
  let plain = 0;
  for (let from = start; from <= end;) {
    const to = readPart(text, from, end, maxLost - (from - start - plain), part);
    if (part.isLost) return 0;
    plain += plainLength(part, to - from, hexIsPlain) + (to < end ? 1 : 0);
    from = to + 1;
  }
  return plain / (end - start);
}

/** The share of neighbours among letters and digits of which one is upper case, lower case or a digit and the other not. */
export function changeShare(text: string): number {
  let neighbours = 0;
  let changes = 0;
  let previous: number = Kind.Separator;
  for (let index = 0; index < text.length; index += 1) {
    const kind = kindOf(unitAt(text, index));
    if (kind !== Kind.Separator && previous !== Kind.Separator) {
      neighbours += 1;
      if (kind !== previous) changes += 1;
    }
    previous = kind;
  }
  return neighbours === 0 ? 0 : changes / neighbours;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_LENGTH = 36;
const HYPHEN = 45;

/** Whether the string from `start` to `end` is a hexadecimal number or a UUID, which may as well be a digest or an identifier. */
export function isHexLike(text: string, start = 0, end = text.length): boolean {
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    if (code === HYPHEN) return end - start === UUID_LENGTH && UUID.test(text.slice(start, end));
    const letter = code | 32;
    if (!((code >= 48 && code <= 57) || (letter >= 97 && letter <= 102))) return false;
  }
  return end > start;
}

/**
 * Room for a bit for each character seen: of controls, of signs and digits, of upper and of lower case.
 *
 * INVARIANT: whoever uses it is done with it before anything else runs.
 */
const SEEN = new Int32Array(4);

/**
 * Whether the string from `start` to `end` has at least `minimum` different characters; characters 128 apart count as
 * one.
 */
export function hasDistinctCharacters(text: string, minimum: number, start = 0, end = text.length): boolean {
  // One by one: to fill so few is to ask the runtime.
  SEEN[0] = SEEN[1] = SEEN[2] = SEEN[3] = 0;
  let distinct = 0;
  for (let index = start; index < end && distinct < minimum; index += 1) {
    const code = unitAt(text, index);
    const column = (code & 96) >> 5;
    const seen = SEEN[column] ?? 0;
    // Without a branch: which characters are new follows no rule.
    distinct += ((seen >>> (code & 31)) & 1) ^ 1;
    SEEN[column] = seen | (1 << (code & 31));
  }
  return distinct >= minimum;
}

/** Whether all characters from `start` to `end` are digits. */
function isNumber(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if (kindOf(unitAt(text, index)) !== Kind.Digit) return false;
  }
  return true;
}

/** The least length of a string that {@link isRandomLike}. */
const MIN_RANDOM_LENGTH = 8;

/** How many different characters a string of this length must have to be one that {@link isRandomLike}. */
export function distinctInRandom(length: number): number {
  return Math.min(8, length * 0.5);
}

/**
 * Whether a string of at least eight characters looks drawn at random: few words, many different characters.
 * Hexadecimal strings count as random here; whether one is a digest depends on its surroundings.
 */
export function isRandomLike(text: string): boolean {
  return (
    hasDistinctCharacters(text, distinctInRandom(text.length)) && isRandomIfDistinct(text, 0, text.length)
  );
}

/** {@link isRandomLike} for the string from `start` to `end`, which has as many different characters as it must. */
export function isRandomIfDistinct(text: string, start: number, end: number): boolean {
  if (end - start < MIN_RANDOM_LENGTH || isNumber(text, start, end)) return false;
  return isHexLike(text, start, end)
    ? end - start >= 24 || hasDigit(text, start, end)
    : plainShare(text, start, end, false, 0.5) < 0.5;
}
