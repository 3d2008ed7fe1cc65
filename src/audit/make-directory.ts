import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const DIRECTORY_MODE = 0o700;

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Makes a directory, mode 0700, and those above it that are missing. Blocks: it is for the start of a process.
 *
 * One level at a time: the recursive creation of Node never returns where a level reports, as `/proc` does, that it is
 * missing although the level above it is there.
 *
 * @throws the operating system's error for the first level that cannot be made.
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: DIRECTORY_MODE });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isDirectory(path)) throw error;
  }
}
