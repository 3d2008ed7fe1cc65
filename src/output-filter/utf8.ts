/** A character in UTF-8: its code point, and how many bytes it has. */
export interface Utf8Character {
  readonly code: number;
  readonly length: number;
}

/** How many bytes a character has by its first; 0 where none begins so. */
export function utf8Length(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The character whose bytes, the first of them at 0, `byteAt` gives; null where they are no UTF-8. */
export function readUtf8(byteAt: (place: number) => number): Utf8Character | null {
  const first = byteAt(0);
  const length = first < 0 ? 0 : utf8Length(first);
  if (length === 0) return null;
  let code = length === 1 ? first : first & (0x7f >> length);
  for (let place = 1; place < length; place += 1) {
    const byte = byteAt(place);
    if (byte < 0x80 || byte > 0xbf) return null;
    code = (code << 6) | (byte & 0x3f);
  }
  return { code, length };
}
