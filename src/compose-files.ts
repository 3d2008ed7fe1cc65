import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ConfigError } from './domain/errors.js';
import { showInvisible } from './domain/visible.js';

/**
 * The text of a file that the configuration names.
 *
 * @param what how a message calls it: its setting, or what it holds
 * @throws ConfigError with the file's base name: its directories may say more than a log should
 */
export function readNamedFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`${what} cannot be read: ${showInvisible(basename(path))}`]);
  }
}
