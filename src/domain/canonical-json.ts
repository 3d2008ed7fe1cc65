const beyondPrintableAscii = /[\x7f-\uffff]/g;

/** Code units in code-point order: surrogates stand for code points above every other unit. */
function rank(codeUnit: number): number {
  if (codeUnit >= 0xe000) return codeUnit - 0x800;
  return codeUnit >= 0xd800 ? codeUnit + 0x2000 : codeUnit;
}

/** Orders strings by Unicode code point, which differs from `<` where surrogates meet U+E000 and above. */
export function compareCodePoints(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A string as the canonical form writes it. */
export function quoteCanonically(text: string): string {
  return JSON.stringify(text).replace(beyondPrintableAscii, escapeUnit);
}

/**
 * A JSON value in its one ASCII form: compact, keys sorted by code point, whatever is not printable ASCII as
 * lowercase `\uXXXX` (astral characters as two escapes), nulls written, members that are `undefined` left out.
 *
 * The form that policy digests and provenance signatures are taken over. U+007F is escaped too, as other
 * implementations of the form do.
 */
export function toCanonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoteCanonically(value);
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([left], [right]) => compareCodePoints(left, right))
      .map(([key, item]) => `${quoteCanonically(key)}:${toCanonicalJson(item)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  throw new TypeError('only JSON values have a canonical form');
}
