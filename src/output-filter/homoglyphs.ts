/** Look-alikes of ASCII that compatibility decomposition leaves alone: each ASCII character, and what passes for it. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  A: 'АΑᎪꓮᴀ',
  B: 'ВΒᏴꓐʙ',
  C: 'СᏟꓚᴄϹ',
  D: 'ᎠꓓᴅÐ',
  E: 'ЕΕᎬꓰᴇ',
  F: 'ꓝꜰϜ',
  G: 'ԌᏀꓖɢ',
  H: 'НΗᎻꓧʜ',
  I: 'ІΙꓲɪӀ',
  J: 'ЈᎫꓙᴊ',
  K: 'КΚᏦꓗᴋ',
  L: 'ᏞꓡʟԼ',
  M: 'МΜᎷꓟᴍϺ',
  N: 'Νꓠɴ',
  O: 'ОΟꓳᴏՕØ',
  P: 'РΡᏢꓑᴘ',
  R: 'ᎡꓣʀꞦ',
  S: 'ЅᏚꓢꜱՏ',
  T: 'ТΤᎢꓔᴛ',
  U: 'ꓴᴜՍ',
  V: 'ᏙꓦᴠѴ',
  W: 'ᎳꓪᴡԜ',
  X: 'ХΧꓫ',
  Y: 'УΥꓬʏҮ',
  Z: 'ΖᏃꓜᴢ',
  a: 'аɑα',
  b: 'ЬƄ',
  c: 'сϲ',
  d: 'ԁɗ',
  e: 'еҽ',
  f: 'ẝꞙ',
  g: 'ɡցƍ',
  h: 'һհ',
  i: 'іıιᎥ',
  j: 'јϳ',
  k: 'кκ',
  l: 'ӏǀ',
  m: 'м',
  n: 'ոռ',
  o: 'оοօσø',
  p: 'рρ',
  q: 'ԛզ',
  r: 'гᴦ',
  s: 'ѕ',
  t: 'тτ',
  u: 'սυʋ',
  v: 'νѵᴠ',
  w: 'ԝɯ',
  x: 'хχ',
  y: 'уγʏ',
  z: 'ᴢ',
  '-': '‐‑‒–—―−⁃˗',
  _: 'ˍ',
  ':': 'ː∶꞉˸',
  '=': '꞊᐀⹀',
  '.': '‧․',
  '/': '⁄∕╱',
  '+': '᛭➕',
  ' ': '\u2800',
};

/** Ranges that hold compatibility forms of ASCII. */
const COMPATIBILITY_RANGES: readonly (readonly [number, number])[] = [
  [0x00a0, 0x024f],
  [0x02b0, 0x02ff],
  [0x1d2c, 0x1d6a],
  [0x2000, 0x2bff],
  [0x3000, 0x33ff],
  [0xa69c, 0xa7ff],
  [0xfb00, 0xfb06],
  [0xfe10, 0xfe6f],
  [0xff00, 0xffef],
];

/** Default-ignorable characters, and marks that only decorate the letter before them. */
const REMOVED_RANGES: readonly (readonly [number, number])[] = [
  [0x00ad, 0x00ad],
  [0x0300, 0x036f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20d0, 0x20ff],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
];

/** In the table: the character is removed. */
export const REMOVED = 0xffff;

const isAscii = (text: string): boolean => /^[\x20-\x7e]+$/.test(text);

/** A character's compatibility form (NFKC), where that is ASCII. */
export function compatibleAscii(codePoint: number): string | null {
  const form = String.fromCodePoint(codePoint).normalize('NFKC');
  return isAscii(form) ? form : null;
}

/**
 * What each character of the basic plane folds to: an ASCII code, {@link REMOVED}, or 0 to stay as it is.
 * Forms of several characters fold to their first; none of them occurs in a credential.
 */
export function createFoldTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (const [first, last] of COMPATIBILITY_RANGES) {
    for (let code = first; code <= last; code += 1) table[code] = compatibleAscii(code)?.charCodeAt(0) ?? 0;
  }
  for (const [ascii, alikes] of Object.entries(LOOK_ALIKES)) {
    for (const alike of alikes) table[alike.charCodeAt(0)] = ascii.charCodeAt(0);
  }
  for (const [first, last] of REMOVED_RANGES) table.fill(REMOVED, first, last + 1);
  // Control characters, save tabulator and line ends, stand in no ordinary text.
  for (let code = 0; code < 32; code += 1) {
    if (code !== 9 && code !== 10 && code !== 13) table[code] = REMOVED;
  }
  table[127] = REMOVED;
  // An ellipsis is no dot of a token, and typographic apostrophes fill ordinary prose.
  for (const character of '\u2026\u2019\u2018') table[character.charCodeAt(0)] = 0;
  return table;
}
