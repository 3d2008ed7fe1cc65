/** Characters by name that an approver should recognise; all others are named by what they are. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'NULL'],
  [0x07, 'BELL'],
  [0x08, 'BACKSPACE'],
  [0x09, 'TAB'],
  [0x0a, 'LINE FEED'],
  [0x0d, 'CARRIAGE RETURN'],
  [0x1b, 'ESCAPE'],
  [0x7f, 'DELETE'],
  [0xa0, 'NO-BREAK SPACE'],
  [0xad, 'SOFT HYPHEN'],
  [0x061c, 'ARABIC LETTER MARK'],
  [0x200b, 'ZERO WIDTH SPACE'],
  [0x200c, 'ZERO WIDTH NON-JOINER'],
  [0x200d, 'ZERO WIDTH JOINER'],
  [0x200e, 'LEFT-TO-RIGHT MARK'],
  [0x200f, 'RIGHT-TO-LEFT MARK'],
  [0x2028, 'LINE SEPARATOR'],
  [0x2029, 'PARAGRAPH SEPARATOR'],
  [0x202a, 'LEFT-TO-RIGHT EMBEDDING'],
  [0x202b, 'RIGHT-TO-LEFT EMBEDDING'],
  [0x202c, 'POP DIRECTIONAL FORMATTING'],
  [0x202d, 'LEFT-TO-RIGHT OVERRIDE'],
  [0x202e, 'RIGHT-TO-LEFT OVERRIDE'],
  [0x2060, 'WORD JOINER'],
  [0x2066, 'LEFT-TO-RIGHT ISOLATE'],
  [0x2067, 'RIGHT-TO-LEFT ISOLATE'],
  [0x2068, 'FIRST STRONG ISOLATE'],
  [0x2069, 'POP DIRECTIONAL ISOLATE'],
  [0x2800, 'BRAILLE BLANK'],
  [0x3164, 'HANGUL FILLER'],
  [0xfeff, 'BYTE ORDER MARK'],
]);

/** Kinds of characters that hide something, each with its name; the first that fits is taken. */
const HIDING: readonly (readonly [kind: RegExp, name: string])[] = [
  [/^[\u27E6\u27E7]$/u, 'BRACKET'],
  [/^\p{Cc}$/u, 'CONTROL CHARACTER'],
  [/^\p{Bidi_Control}$/u, 'BIDIRECTIONAL CONTROL'],
  [/^\p{Variation_Selector}$/u, 'VARIATION SELECTOR'],
  [/^[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]$/u, 'INVISIBLE CHARACTER'],
  [/^[\p{Zl}\p{Zp}]$/u, 'LINE SEPARATOR'],
  [/^(?! )\p{Zs}$/u, 'UNUSUAL SPACE'],
  [/^\p{Co}$/u, 'PRIVATE-USE CHARACTER'],
  [/^\p{Cn}$/u, 'UNASSIGNED CODE POINT'],
];

/** Letters of other scripts that look like Latin ones, and the letters they look like. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [
    ['CYRILLIC', 'а:a е:e о:o р:p с:c у:y х:x і:i ј:j ѕ:s һ:h ԁ:d ԛ:q ԝ:w ӏ:l'],
    ['CYRILLIC', 'А:A В:B Е:E К:K М:M Н:H О:O Р:P С:C Т:T У:Y Х:X І:I Ј:J Ѕ:S Ԁ:D Ԛ:Q Ԝ:W Ӏ:I З:3'],
    ['GREEK', 'α:a γ:y ε:e ι:i κ:k ν:v ο:o ρ:p τ:t υ:u χ:x ω:w ϲ:c ϳ:j'],
    ['GREEK', 'Α:A Β:B Ε:E Ζ:Z Η:H Ι:I Κ:K Μ:M Ν:N Ο:O Ρ:P Τ:T Υ:Y Χ:X'],
    ['ARMENIAN', 'ա:w հ:h ո:n ս:u օ:o ց:g զ:q յ:j ք:p Ս:U Օ:O Լ:L'],
    ['CHEROKEE', 'Ꭰ:D Ꭱ:R Ꭲ:T Ꭵ:i Ꭺ:A Ꭻ:J Ꭼ:E Ꮃ:W Ꮇ:M Ꮋ:H Ꮐ:G Ꮓ:Z Ꮪ:S Ꮮ:L Ꮯ:C Ꮲ:P Ꮶ:K Ᏼ:B'],
  ].flatMap(([script, pairs]) =>
    (pairs ?? '').split(' ').map((pair): [string, string] => {
      const [letter = '', latin = ''] = pair.split(':');
      return [letter, `${script ?? ''} LOOK-ALIKE OF ${latin}`];
    }),
  ),
);

const LATIN_LETTER = /\p{Script=Latin}/u;
const OTHER_LETTER = /^(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}])\p{L}$/u;
/** Han, kana and Hangul stand next to Latin in everyday text and look like none of it. */
const UNMISTAKABLE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;
const VISIBLE_ASCII = /^[\x21-\x7e]$/;

/** Whether a letter that looks Latin stands where it would be read as Latin. */
export interface Neighbourhood {
  /** The run of characters without blanks that it stands in has Latin letters too. */
  readonly hasLatin: boolean;
  /** Every letter of that run is a look-alike. */
  readonly isAllLookAlikes: boolean;
}

/** What surrounds the characters of a run without blanks. */
export function neighbourhoodOf(run: string): Neighbourhood {
  const letters = Array.from(run).filter((character) => OTHER_LETTER.test(character));
  return {
    hasLatin: LATIN_LETTER.test(run),
    isAllLookAlikes: letters.length >= 3 && letters.every((letter) => LOOK_ALIKES.has(letter)),
  };
}

/** Why a character must be shown by name, or null where it is what it seems to be. */
export function nameOfHidden(character: string, around: Neighbourhood): string | null {
  const kind = HIDING.find(([pattern]) => pattern.test(character));
  if (kind !== undefined) return NAMES.get(character.codePointAt(0) ?? 0) ?? kind[1];
  const compatible = character.normalize('NFKC');
  if (compatible !== character && VISIBLE_ASCII.test(compatible)) return `LOOK-ALIKE OF ${compatible}`;
  if (!OTHER_LETTER.test(character) || UNMISTAKABLE.test(character)) return null;
  const lookAlike = LOOK_ALIKES.get(character);
  if (around.hasLatin) return lookAlike ?? 'LETTER OF ANOTHER SCRIPT AMONG LATIN';
  return around.isAllLookAlikes && lookAlike !== undefined ? lookAlike : null;
}
