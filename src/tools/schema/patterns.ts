import { createRequire } from 'node:module';
import type { checkSync as checkSyncFunction } from 'recheck';
import { countFiniteWays, withoutBounds } from './pattern-cost.js';
import { parsePattern, type PatternNode } from './pattern-syntax.js';
import { schemaError } from './schema-error.js';
import type { PatternPlace } from './structure.js';

type CheckSync = typeof checkSyncFunction;

/** Patterns that were proved to match in linear time, so that a reload need not prove them again. */
export type ProvenPatterns = Set<string>;

const patternLimits = { length: 1_024, count: 64, proofMs: 3_000, finiteWays: 2_048 } as const;

/**
 * Loads the prover when the first pattern asks for it: it is large, and most policies have none.
 *
 * Its pure JavaScript build neither starts a process nor a thread.
 */
function loadProver(): CheckSync {
  const require = createRequire(import.meta.url);
  return (require('recheck/lib/browser.js') as { checkSync: CheckSync }).checkSync;
}

/**
 * Proves of every pattern that it matches in linear time, as the validator will use it (flag `u`).
 *
 * THREAT: a pattern on which a caller's argument makes the matcher backtrack super-linearly. What cannot be proved
 * safe is refused; failing to find an attack is no proof.
 *
 * @throws PolicyError with the pointer of the first pattern that is malformed or not proved
 */
export function provePatterns(
  toolName: string,
  places: readonly PatternPlace[],
  proven: ProvenPatterns,
): void {
  const distinct = new Set(places.map(({ pattern }) => pattern));
  let checkSync: CheckSync | null = null;
  for (const { pattern, steps } of places) {
    if (distinct.size > patternLimits.count) {
      throw schemaError(toolName, steps, `more than ${patternLimits.count} patterns`);
    }
    if (proven.has(pattern)) continue;
    checkSync ??= loadProver();
    const problem = problemOf(pattern, checkSync);
    if (problem !== null) throw schemaError(toolName, steps, problem);
    proven.add(pattern);
  }
}

function problemOf(pattern: string, checkSync: CheckSync): string | null {
  if (pattern.length > patternLimits.length) return `pattern longer than ${patternLimits.length} characters`;
  try {
    // eslint-disable-next-line security/detect-non-literal-regexp -- compiled to see whether it can be, never matched
    new RegExp(pattern, 'u');
  } catch {
    return 'pattern is not a regular expression';
  }
  const tree = parsePattern(pattern);
  const sources = tree === null ? null : sourcesToProve(pattern, tree);
  for (const source of sources ?? []) {
    const { status } = checkSync(source, 'u', { checker: 'automaton', timeout: patternLimits.proofMs });
    if (status === 'vulnerable' && source === pattern) return 'pattern may take super-linear time';
    if (status !== 'safe') return unproved;
  }
  return sources === null ? unproved : null;
}

const unproved = 'pattern cannot be proved to take linear time';

/**
 * What must be proved of a pattern; null where no proof is possible.
 *
 * THREAT: to the prover, what has a bound takes constant time: `(a?){30}` is safe to it, and takes minutes. So either
 * there are few ways in which the finite choices can combine, or the pattern is also proved with its bounds taken away.
 */
function sourcesToProve(pattern: string, tree: PatternNode): readonly string[] | null {
  if (countFiniteWays(tree) <= patternLimits.finiteWays) return [pattern];
  const relaxed = withoutBounds(tree);
  return relaxed === null ? null : [pattern, relaxed];
}
