import type { PatternNode } from './pattern-syntax.js';

/** Beyond this many ways, counting stops. */
const many = 1e6;

/**
 * In how many ways a pattern can match by its choices of finite number: alternatives, and repetitions with a bound.
 *
 * An unbounded repetition counts as its body: whether it multiplies is what the prover proves. At most a million.
 */
export function countFiniteWays(node: PatternNode): number {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      return 1;
    case 'sequence':
      return node.parts.reduce((ways, part) => Math.min(many, ways * countFiniteWays(part)), 1);
    case 'choice':
      return Math.min(
        many,
        node.options.reduce((ways, option) => ways + countFiniteWays(option), 0),
      );
    case 'repeat':
      return countRepeats(countFiniteWays(node.body), node.min, node.max);
  }
}

function countRepeats(body: number, min: number, max: number): number {
  if (max === Infinity) return Math.min(many, body ** Math.max(min, 1));
  if (body === 1) return Math.min(many, max - min + 1);
  let ways = 0;
  for (let times = min; times <= max && ways < many; times++) ways += body ** times;
  return Math.min(many, ways);
}

function isNullable(node: PatternNode): boolean {
  switch (node.kind) {
    case 'character':
      return false;
    case 'assertion':
      return true;
    case 'sequence':
      return node.parts.every(isNullable);
    case 'choice':
      return node.options.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.body);
  }
}

/** Longest exact repetition of one character that is kept as it is. */
const maxExact = 64;

/** The pattern without bounds, as text; null where that would not show every way in which it can match. */
function relax(node: PatternNode): string | null {
  switch (node.kind) {
    case 'character':
      return node.text;
    case 'assertion':
      return null;
    case 'sequence':
      return joinAll(node.parts.map(relax), '');
    case 'choice': {
      const options = joinAll(node.options.map(relax), '|');
      return options === null ? null : `(?:${options})`;
    }
    case 'repeat': {
      const { body, min, max } = node;
      if (body.kind === 'character' && min === max && min <= maxExact) return `${body.text}{${min}}`;
      // A body that may be empty can be empty in any of the repetitions that must be there.
      if (min >= 2 && isNullable(body)) return null;
      const inside = relax(body);
      return inside === null ? null : `(?:${inside})${min === 0 ? '*' : '+'}`;
    }
  }
}

function joinAll(parts: readonly (string | null)[], separator: string): string | null {
  return parts.includes(null) ? null : parts.join(separator);
}

/**
 * A pattern that can match in all the ways of the given one and in more, has no bounds, and can always fail at its end.
 *
 * Each way in which the bounded pattern can be tried is a way for this one: if this one takes linear time, so does
 * that one, whatever its bounds. Null where no such pattern can be made.
 */
export function withoutBounds(node: PatternNode): string | null {
  const parts = node.kind === 'sequence' ? [...node.parts] : [node];
  const isAt = (index: number, text: string): boolean => {
    const part = parts.at(index);
    return part?.kind === 'assertion' && part.text === text;
  };
  const start = isAt(0, '^') ? 1 : 0;
  const end = isAt(-1, '$') && parts.length > start ? parts.length - 1 : parts.length;
  const relaxed = relax({ kind: 'sequence', parts: parts.slice(start, end) });
  return relaxed === null ? null : `${start === 1 ? '^' : ''}(?:${relaxed})\\u{10ffff}`;
}
