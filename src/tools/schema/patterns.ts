import { createRequire } from 'node:module';
import type { checkSync as checkSyncFunction } from 'recheck';
import { schemaError } from './schema-error.js';
import type { PatternPlace } from './structure.js';

type CheckSync = typeof checkSyncFunction;

/** Patterns that were proved to match in linear time, so that a reload need not prove them again. */
export type ProvenPatterns = Set<string>;

const patternLimits = { length: 1_024, count: 64, proofMs: 1_500 } as const;

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
  const { status } = checkSync(pattern, 'u', { checker: 'automaton', timeout: patternLimits.proofMs });
  if (status === 'vulnerable') return 'pattern may take super-linear time';
  return status === 'safe' ? null : 'pattern cannot be proved to take linear time';
}
