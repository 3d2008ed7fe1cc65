import { basename } from 'node:path';
import { showInvisible } from '../domain/visible.js';

const PHRASES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EEXIST: 'there is a file already; nothing was written',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory, not a file',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  not_a_regular_file: 'is not a regular file',
};

/** The last part of a path, fit for a message: its directories may say more than a log should. */
export function nameOf(path: string): string {
  return showInvisible(basename(path));
}

/** A fault of the operating system in words, with the file it met; any other as it is. */
function nameFile(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return error;
  const { code, path } = error;
  if (typeof code !== 'string' || typeof path !== 'string') return error;
  return new Error(`${nameOf(path)}: ${PHRASES[code] ?? `system error ${code}`}`, { cause: error });
}

/** The same action, whose faults name the file they are about. */
export function namingFiles<Arguments extends unknown[]>(
  action: (...given: Arguments) => Promise<void>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    try {
      await action(...given);
    } catch (error) {
      throw nameFile(error);
    }
  };
}
