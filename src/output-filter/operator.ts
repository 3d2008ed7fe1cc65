import { codeAt } from './characters.js';

const HYPHEN = 45;
const COMMA = 44;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const BAR = 124;

/** How many times a character stands at a place, up to three. */
function countAt(text: string, index: number, code: number): number {
  let count = 0;
  while (count < 3 && codeAt(text, index + count) === code) count += 1;
  return count;
}

/**
 * The length of the operator at a place where blanks, quotes and brackets that close the name have been passed:
 * `=` to `===`, with `>` or without; `:`, `::`; `:=` to `:::=`; `+=`, `||=` and the like; `->`, `>`, `,`, `||`. 0 for none.
 */
export function operatorLength(text: string, index: number): number {
  const code = codeAt(text, index);
  switch (code) {
    case EQUALS: {
      const count = countAt(text, index, EQUALS);
      return codeAt(text, index + count) === GREATER ? count + 1 : count;
    }
    case COLON: {
      const count = countAt(text, index, COLON);
      return codeAt(text, index + count) === EQUALS ? count + 1 : Math.min(count, 2);
    }
    case GREATER:
    case COMMA:
      return 1;
    case HYPHEN:
      return codeAt(text, index + 1) === GREATER ? 2 : 0;
    default:
      return compoundLength(text, index, code);
  }
}

/** The length of an operator such as `+=`, `||=` or `||`; 0 for none. */
function compoundLength(text: string, index: number, code: number): number {
  if (!isCompound(code)) return 0;
  const next = codeAt(text, index + 1);
  if (next === EQUALS) return 2;
  if (isCompound(next) && codeAt(text, index + 2) === EQUALS) return 3;
  return code === BAR && next === BAR ? 2 : 0;
}

const isCompound = (code: number): boolean =>
  code === BAR || code === 38 || code === 43 || code === 46 || code === 63;

/** The operator as rules tell operators apart: of several characters the arrow, a doubled one, or any other. */
export function operatorOf(text: string, index: number, length: number): string {
  const code = codeAt(text, index);
  if (length === 1) return text.charAt(index);
  if (code === HYPHEN) return '->';
  if (codeAt(text, index + 1) !== code) return ':=';
  return code === COLON ? '::' : '==';
}
