import type { Detector } from '../detector.js';

interface TokenOptions extends Partial<Omit<Detector, 'id' | 'description' | 'pattern' | 'examples'>> {
  /** More positive examples. */
  readonly found?: readonly string[];
  /** More negative examples, besides the bare prefix and a masked body. */
  readonly passed?: readonly string[];
}

/**
 * A detector of tokens that begin with a fixed, public prefix: the prefix is its keyword and what samples show.
 *
 * @param example a positive example, in the notation of {@link Detector.examples}
 */
export function token(
  id: string,
  description: string,
  prefix: string,
  pattern: RegExp,
  example: string,
  options: TokenOptions = {},
): Detector {
  const { found = [], passed = [], ...rest } = options;
  return {
    id: `secret.${id}`,
    description,
    keywords: [prefix.toLowerCase()],
    pattern,
    prefix,
    examples: {
      found: [example, ...found],
      passed: [`${prefix} is how it begins`, `${prefix}${'x'.repeat(48)}`, ...passed],
    },
    ...rest,
  };
}

/**
 * A detector of secrets that stand in a telling place: behind the keyword, as the first group of the pattern.
 */
export function placed(
  id: string,
  description: string,
  keywords: readonly string[],
  pattern: RegExp,
  examples: Detector['examples'],
  options: Partial<Detector> = {},
): Detector {
  return { id: `secret.${id}`, description, keywords, pattern, examples, ...options };
}
