import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository, Violation } from './violation.js';

const MAX_BYTES = 1024 * 1024;

/** Text of any encoding this project uses has no NUL byte this early; binaries nearly always do. */
const SNIFFED_BYTES = 8192;

/** Where binary files are meant to be, and of which kind. */
const EXPECTED_BINARY = /^docs\/assets\/[^/]+\.png$/;

/** Finds files that are too large to review, and binaries where none is expected. */
export function findUnwantedContents({ root, files }: Repository): Violation[] {
  return files.flatMap((path) => {
    const absolute = join(root, path);
    const stats = lstatSync(absolute);
    if (!stats.isFile()) return [];
    const violations: Violation[] = [];
    if (stats.size > MAX_BYTES) {
      violations.push({ path, message: `is ${stats.size} bytes, more than ${MAX_BYTES}` });
    }
    if (!EXPECTED_BINARY.test(path) && isBinary(absolute)) {
      violations.push({ path, message: 'is a binary file where none is expected' });
    }
    return violations;
  });
}

function isBinary(absolute: string): boolean {
  const file = openSync(absolute, 'r');
  try {
    const start = Buffer.alloc(SNIFFED_BYTES);
    const length = readSync(file, start, 0, SNIFFED_BYTES, 0);
    return start.subarray(0, length).includes(0);
  } finally {
    closeSync(file);
  }
}
