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
 * Finds the log files among files and directories, each once, however often it is named. The order is that of their
 * first lines, whatever they are called; a file whose first line cannot be read keeps the place its name gives it.
 *
 * @throws the operating system's error where there is nothing at a path.
 */
export async function findLogPaths(paths: readonly string[]): Promise<LogPaths> {
  const files = new Map<string, RankedFile>();
  const partials = new Set<string>();
  const add = async (path: string, fallback: number) => {
    const file = await rankFile(path, fallback);
    if (!files.has(file.identity)) files.set(file.identity, file);
  };
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) {
      await add(path, Number.MAX_SAFE_INTEGER);
      continue;
    }
    const names = await readdir(path);
    for (const archive of findArchives(path, names)) await add(archive.path, archive.firstSeq);
    if (names.includes(ACTIVE_FILE)) await add(join(path, ACTIVE_FILE), Number.MAX_SAFE_INTEGER);
    for (const name of names) if (name.endsWith('.partial')) partials.add(join(path, name));
  }
  const ranked = [...files.values()].sort((left, right) => left.rank - right.rank);
  return {
    files: ranked.map((file) => file.path),
    partials: [...partials].sort(),
    byteCount: ranked.reduce((sum, file) => sum + file.size, 0),
  };
}

interface RankedFile {
  readonly path: string;
  readonly rank: number;
  readonly size: number;
  /** The same for every name of a file. */
  readonly identity: string;
}

async function rankFile(path: string, fallback: number): Promise<RankedFile> {
  const { size, dev, ino } = await stat(path);
  return { path, rank: (await readFirstSeq(path)) ?? fallback, size, identity: `${dev}:${ino}` };
}

/** Null where it cannot be read: whoever reads the whole file finds out why. */
async function readFirstSeq(path: string): Promise<number | null> {
  try {
    for await (const [first] of readLineBatches(path)) {
      return first === undefined ? null : (checkLogLine(first.bytes)?.seq ?? null);
    }
  } catch {
    return null;
  }
  return null;
}
