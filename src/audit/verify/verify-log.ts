import type { KeyObject } from 'node:crypto';
import type { ChainLink } from '../chain.js';
import { readLineBatches } from '../line-reader.js';
import { findLogPaths, type LogPaths } from '../log-paths.js';
import { systemCodeOf } from '../faults.js';
import { NotRegularFileError } from '../regular-file.js';
import { LogVerification } from './log-verification.js';
import type { VerificationReport } from './report.js';

/** What to verify, and against what. */
export interface VerifyOptions {
  /** Files, or directories with a log in them. */
  readonly paths: readonly string[];
  /** Ed25519; without one signatures are not checked. */
  readonly publicKeys: readonly KeyObject[];
  /** A line that the log once contained. */
  readonly expectHead: ChainLink | null;
  readonly onProgress?: (bytesRead: number, byteCount: number) => void;
}

/** Verifies a log from its files alone, in constant memory. Never throws: what cannot be read is a problem. */
export async function verifyLog(options: VerifyOptions): Promise<VerificationReport> {
  const verification = new LogVerification(options.publicKeys, options.expectHead);
  let found: LogPaths = { files: [], partials: [], byteCount: 0 };
  try {
    found = await findLogPaths(options.paths);
  } catch (error) {
    const { path = null } = error as NodeJS.ErrnoException;
    verification.problems.add('unreadable_file', describeFailure(error), path);
  }
  let bytesBefore = 0;
  for (const file of found.files) {
    const bytesOfFile = await readFile(verification, file, (bytesRead) =>
      options.onProgress?.(bytesBefore + bytesRead, found.byteCount),
    );
    bytesBefore += bytesOfFile;
  }
  return verification.finish(found);
}

function describeFailure(error: unknown): string {
  if (error instanceof NotRegularFileError) return 'is not a regular file';
  return `cannot be read (${systemCodeOf(error) ?? 'unknown'})`;
}

/** Gives the bytes read. */
async function readFile(
  verification: LogVerification,
  file: string,
  onProgress: (bytesRead: number) => void,
): Promise<number> {
  let bytesRead = 0;
  try {
    for await (const lines of readLineBatches(file)) {
      for (const line of lines) verification.accept(file, line);
      bytesRead = lines.at(-1)?.endOffset ?? bytesRead;
      onProgress(bytesRead);
    }
  } catch (error) {
    verification.problems.add('unreadable_file', describeFailure(error), file);
  }
  return bytesRead;
}
