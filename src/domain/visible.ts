const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whether a text has control, format or separator characters, or lone surrogates. */
export function hasInvisible(text: string): boolean {
  return !PRINTABLE_ASCII.test(text) && INVISIBLE.test(text);
}

/** A character as it may be shown: itself, or its code point where it would not be seen (`\u202e`, `\u{e0041}`). */
export function showCharacter(character: string): string {
  if (!INVISIBLE.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/**
 * The text with its control, format and separator characters and lone surrogates made visible.
 *
 * THREAT: what is shown so cannot forge a line, reorder text or act on a terminal.
 */
export function showInvisible(text: string): string {
  return hasInvisible(text) ? Array.from(text, showCharacter).join('') : text;
}
