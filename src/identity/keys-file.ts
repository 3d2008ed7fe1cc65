import { ConfigError } from '../domain/errors.js';

/** API keys are sent in a header: visible ASCII without blanks. */
const USABLE_KEY = /^[\x21-\x7e]{1,1024}$/;

/** Whether a string can be an API key at all: 1–1024 visible ASCII characters. */
export function isUsableKey(candidate: string): boolean {
  return USABLE_KEY.test(candidate);
}

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
