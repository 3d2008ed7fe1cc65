import { isUsableKey } from '../domain/api-key.js';
import { ConfigError } from '../domain/errors.js';

/**
 * The keys of an API keys file: one a line; blank lines and lines that begin with `#` do not count.
 *
 * @throws ConfigError naming the lines that hold no usable key or repeat one; never the keys.
 */
export function parseKeysFile(text: string): readonly string[] {
  const keys = new Map<string, number>();
  const violations: string[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const key = line.trim();
    if (key === '' || key.startsWith('#')) continue;
    const lineNumber = index + 1;
    const earlier = keys.get(key);
    if (!isUsableKey(key)) violations.push(`API keys file: line ${lineNumber} is not a usable key`);
    else if (earlier !== undefined) {
      violations.push(`API keys file: line ${lineNumber} repeats the key of line ${earlier}`);
    } else keys.set(key, lineNumber);
  }
  if (violations.length > 0) throw new ConfigError(violations);
  return [...keys.keys()];
}
