import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLineBatches } from './line-reader.js';
import { ACTIVE_FILE, findArchives } from './log-files.js';
import { checkLogLine } from './log-line.js';

/** The files of a log, in the order of their lines. */
export interface LogPaths {
  readonly files: readonly string[];
  readonly partials: readonly string[];
  readonly byteCount: number;
}

/**
 * Finds the log files among files and directories. The order is that of their first lines, whatever they are called; a
 * file whose first line cannot be read keeps the place its name gives it.
 *
 * @throws the operating system's error where a path cannot be read.
 */
export async function findLogPaths(paths: readonly string[]): Promise<LogPaths> {
  const files: { path: string; rank: number; size: number }[] = [];
  const partials: string[] = [];
  for (const path of paths) {
    const stats = await stat(path);
    const names = stats.isDirectory() ? await readdir(path) : null;
    if (names === null) {
      files.push(await rankFile(path, Number.MAX_SAFE_INTEGER));
      continue;
    }
    for (const archive of findArchives(path, names))
      files.push(await rankFile(archive.path, archive.firstSeq));
    if (names.includes(ACTIVE_FILE))
      files.push(await rankFile(join(path, ACTIVE_FILE), Number.MAX_SAFE_INTEGER));
    partials.push(...names.filter((name) => name.endsWith('.partial')).map((name) => join(path, name)));
  }
  files.sort((left, right) => left.rank - right.rank);
  return {
    files: files.map((file) => file.path),
    partials: partials.sort(),
    byteCount: files.reduce((sum, file) => sum + file.size, 0),
  };
}

async function rankFile(path: string, fallback: number) {
  const { size } = await stat(path);
  for await (const lines of readLineBatches(path)) {
    const first = lines[0];
    const event = first === undefined ? null : checkLogLine(first.bytes);
    return { path, rank: event?.seq ?? fallback, size };
  }
  return { path, rank: fallback, size };
}
