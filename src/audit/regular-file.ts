import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** What stands at a path is a directory, a pipe, a device or the like. */
export class NotRegularFileError extends Error {
  readonly code = 'not_a_regular_file';

  constructor(readonly path: string) {
    super('not a regular file');
  }
}

/**
 * Opens a file for reading; a symbolic link only where `links` says that it may be followed.
 *
 * THREAT: a pipe in the place of a log file would hold up whoever opens it for ever, and a device never ends.
 *
 * @throws NotRegularFileError; the operating system's error where it cannot be opened
 */
export async function openRegularFile(path: string, links: 'follow' | 'refuse'): Promise<FileHandle> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK | (links === 'refuse' ? O_NOFOLLOW : 0));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new NotRegularFileError(path);
}
