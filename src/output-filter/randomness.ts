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

const LETTER_A = 97;
const COMMON_PAIRS = new Uint8Array(26 * 26);
for (const [first, followers] of FOLLOWERS.entries()) {
  for (const second of followers) COMMON_PAIRS[first * 26 + second.charCodeAt(0) - LETTER_A] = 1;
}

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

/** The length of the letters from `start` to `end` where they could be a word, by their pairs; else 0. */
function wordLength(text: string, start: number, end: number): number {
  if (end - start < 3) return 0;
  let rare = 0;
  let previous = (text.charCodeAt(start) | 32) - LETTER_A;
  for (let index = start + 1; index < end; index += 1) {
    const letter = (text.charCodeAt(index) | 32) - LETTER_A;
    rare += 1 - (COMMON_PAIRS[previous * 26 + letter] ?? 0);
    previous = letter;
  }
  return rare < RARE_PAIR_SHARE * (end - start - 1) + 0.01 ? end - start : 0;
}

/** How many characters of a part without separators belong to words, numbers of a date's length or hex digests. */
function plainLength(text: string, start: number, end: number, hexIsPlain: boolean): number {
  const length = end - start;
  if (length <= 3) return length;
  let digits = 0;
  let hex = 0;
  let words = 0;
  let humpStart = start;
  let previous: number = Kind.Separator;
  for (let index = start; index < end; index += 1) {
    const traits = TRAITS[text.charCodeAt(index) & 127] ?? 0;
    const kind = traits & KIND;
    hex += traits >> HEX_SHIFT;
    if (kind === Kind.Digit) {
      digits += 1;
      if (previous > Kind.Digit) words += wordLength(text, humpStart, index);
      humpStart = index + 1;
    } else if (kind === Kind.Upper && previous === Kind.Lower) {
      words += wordLength(text, humpStart, index);
      humpStart = index;
    }
    previous = kind;
  }
  if (previous > Kind.Digit) words += wordLength(text, humpStart, end);
  if (digits === length) return length <= 14 ? length : 0;
  if (hex === length && digits > 0) return hexIsPlain ? length : 0;
  // A number after a word belongs to it: `part12`, `sha256`.
  return words > 0 && words + digits === length && digits <= 6 ? length : words;
}

/**
 * The share of a string's characters that are words, short parts or numbers: 0 is random, 1 is plain.
 *
 * @param hexIsPlain whether hexadecimal parts count as plain: as digests and identifiers, not as keys.
 */
export function plainShare(text: string, start = 0, end = text.length, hexIsPlain = true): number {
  let plain = 0;
  let partStart = start;
  for (let index = start; index <= end; index += 1) {
    if (index < end && kindOf(text.charCodeAt(index)) !== Kind.Separator) continue;
    plain += plainLength(text, partStart, index, hexIsPlain) + (index < end ? 1 : 0);
    partStart = index + 1;
  }
  return end > start ? plain / (end - start) : 1;
}

const MAX_COUNTED_LENGTH = 1024;

/** How much `count · log2(count)` grows with each further occurrence of a character. */
const GROWTH = Float64Array.from(
  { length: MAX_COUNTED_LENGTH },
  (_, count) => weight(count + 1) - weight(count),
);

function weight(count: number): number {
  return count === 0 ? 0 : count * Math.log2(count);
}

/** Room to count in; all zero between calls, since making it anew costs more than counting a token's characters. */
const COUNTS = new Uint32Array(128);

/** Shannon entropy in bits a character of the ASCII characters from `start` to `end`. */
export function entropyBits(text: string, start = 0, end = text.length): number {
  const length = end - start;
  if (length === 0) return 0;
  let sum = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index) & 127;
    const count = COUNTS[code] ?? 0;
    if (length <= MAX_COUNTED_LENGTH) sum += GROWTH[count] ?? 0;
    COUNTS[code] = count + 1;
  }
  if (length > MAX_COUNTED_LENGTH) sum = COUNTS.reduce((total, count) => total + weight(count), 0);
  if (length > COUNTS.length) COUNTS.fill(0);
  else for (let index = start; index < end; index += 1) COUNTS[text.charCodeAt(index) & 127] = 0;
  return Math.log2(length) - sum / length;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_LENGTH = 36;
const HYPHEN = 45;

/** Whether the string is a hexadecimal number or a UUID, which may as well be a digest or an identifier. */
export function isHexLike(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code === HYPHEN) return value.length === UUID_LENGTH && UUID.test(value);
    const letter = code | 32;
    if (!((code >= 48 && code <= 57) || (letter >= 97 && letter <= 102))) return false;
  }
  return value.length > 0;
}

/** Whether a string has at least `minimum` different characters; characters 128 apart count as one. */
export function hasDistinctCharacters(value: string, minimum: number): boolean {
  let distinct = 0;
  let counted = 0;
  while (counted < value.length && distinct < minimum) {
    const code = value.charCodeAt(counted) & 127;
    const count = COUNTS[code] ?? 0;
    COUNTS[code] = count + 1;
    if (count === 0) distinct += 1;
    counted += 1;
  }
  for (let index = 0; index < counted; index += 1) COUNTS[value.charCodeAt(index) & 127] = 0;
  return distinct >= minimum;
}

/** Whether a string is all digits. */
function isNumber(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    if (kindOf(value.charCodeAt(index)) !== Kind.Digit) return false;
  }
  return true;
}

/**
 * Whether a string of at least eight characters looks drawn at random: few words, many different characters.
 * Hexadecimal strings count as random here; whether one is a digest depends on its surroundings.
 */
export function isRandomLike(value: string): boolean {
  if (value.length < 8 || isNumber(value)) return false;
  if (!hasDistinctCharacters(value, Math.min(8, value.length * 0.5))) return false;
  return isHexLike(value)
    ? /\d/.test(value) || value.length >= 24
    : plainShare(value, 0, value.length, false) < 0.5;
}
