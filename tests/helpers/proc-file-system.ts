import { existsSync } from 'node:fs';

/** A directory in which nobody, not even root, can make anything. */
export const UNMAKEABLE_DIRECTORY = '/proc/no-such-directory';

/** Whether tests that need `/proc` must be left out; says why. */
export function skipsProcFileSystem(): boolean {
  if (existsSync('/proc/self')) return false;
  process.stderr.write('skipping tests of directories that cannot be made: there is no /proc\n');
  return true;
}
