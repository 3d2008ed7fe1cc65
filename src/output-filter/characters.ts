/** What the characters of a text are to the scanner: a trait each. */

/** In the character table: the bits that hold the class of the keyword automaton. */
export const CLASS = 0xff;
/** The character belongs to the base64 alphabets. */
export const IN_RUN = 0x100;
/** The character could hide another: a control character, or the start of an escape. */
export const DISGUISE = 0x200;

const SLASH = 47;
const TRAITS = new Uint16Array(128);
for (let code = 0; code < 128; code += 1) {
  if (code === 127 || (code < 32 && code !== 9 && code !== 10 && code !== 13)) TRAITS[code] = DISGUISE;
}
for (const character of '%&\\') TRAITS[character.charCodeAt(0)] = DISGUISE;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  TRAITS[character.charCodeAt(0)] = IN_RUN;
}

/** What characters are to a walk over a text: ASCII by its class and traits, the others by what they fold to. */
export interface CharacterTables {
  readonly table: Uint16Array;
  readonly foldTable: Uint16Array;
}

/** For each ASCII character: its class in the automaton, and its traits. */
export function characterTable(classOf: Uint8Array): Uint16Array {
  const table = Uint16Array.from(classOf);
  for (const [code, trait] of TRAITS.entries()) table[code] = (table[code] ?? 0) | trait;
  return table;
}

/** Whether a character beyond ASCII could pass for another, or for none. */
export function isDisguise(text: string, index: number, code: number, foldTable: Uint16Array): boolean {
  if (code >= 0xd800 && code <= 0xdbff)
    return code === 0xd835 || code === 0xd83c || code === 0xdb40 || code === 0xd83e;
  if (foldTable[code] === 0) return false;
  // A dash between blanks is punctuation.
  const isDash = code >= 0x2012 && code <= 0x2015;
  return !(isDash && unitAt(text, index - 1) === 32 && unitAt(text, index + 1) === 32);
}

/** Whether the character at an index begins what may be another, or nothing, in another form of the text. */
export function beginsDisguise(text: string, index: number, { table, foldTable }: CharacterTables): boolean {
  const code = unitAt(text, index);
  return code < 128 ? ((table[code] ?? 0) & DISGUISE) !== 0 : isDisguise(text, index, code, foldTable);
}

/** Whether an ASCII letter or digit. */
export function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether a text has an ASCII digit from `start` to `end`. */
export function hasDigit(text: string, start = 0, end = text.length): boolean {
  for (let index = start; index < end; index += 1) {
    const code = unitAt(text, index);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

/** Whether a character belongs to the base64 alphabets. */
export function isInRun(code: number): boolean {
  return code < 128 && TRAITS[code] === IN_RUN;
}

/** Whether a character belongs to the id or name that some formats have before their fixed part: `~ . %` do. */
export function isInWord(code: number): boolean {
  return (isInRun(code) && code !== SLASH) || code === 126 || code === 46 || code === 37;
}

/**
 * The UTF-16 code unit of a text at an index; NaN outside it, for which {@link codeAt} has 0.
 *
 * To read `text.charCodeAt` is to look a property up, which the runtime does anew for each character once it has met
 * strings of more than four kinds in memory: that takes several times as long as all else about a character.
 */
export const unitAt = Function.prototype.call.bind(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- bound here, to whichever text it is given
  String.prototype.charCodeAt,
) as (text: string, index: number) => number;

/**
 * The code of the character at a place; 0 outside the text. The runtime reads a text several times as fast where it has
 * never been asked for a character outside.
 */
export function codeAt(text: string, index: number): number {
  return index >= 0 && index < text.length ? unitAt(text, index) : 0;
}
