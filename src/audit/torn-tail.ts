import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileScan } from './file-scan.js';
import { openRegularFile } from './regular-file.js';
import type { AuditFileSystem } from './file-system.js';

/** A file with something behind its last line that is no part of the log. */
export interface TornTail {
  readonly path: string;
  readonly scan: FileScan;
}

/** What was cut from the end of a log file. */
export interface PartialFile {
  readonly name: string;
  readonly bytes: number;
  /** Whole lines among it. */
  readonly completeLines: number;
}

/**
 * Moves what stands after the last good line of a file into a `.partial` file beside it.
 * The copy is on disk before the original is cut.
 */
export async function setTailAside(
  { path, scan }: TornTail,
  fileSystem: AuditFileSystem,
): Promise<PartialFile> {
  const keepBytes = scan.end?.endOffset ?? 0;
  const directory = dirname(path);
  const name = freeName(`api_events-${(scan.end?.link.seq ?? 0) + 1}`, await fileSystem.list(directory));
  const copyPath = join(directory, name);
  const copy = await open(copyPath, 'wx', 0o600);
  try {
    await fillCopy(copy, path, { keepBytes, endBytes: scan.sizeBytes });
    await fileSystem.syncDirectory(directory);
    await cut(path, keepBytes, fileSystem);
  } catch (error) {
    // Without this, each start that fails on a full disk would leave another copy.
    if (isUncut(path, scan, fileSystem)) await rm(copyPath, { force: true }).catch(() => undefined);
    throw error;
  }
  return {
    name: basename(name),
    bytes: scan.sizeBytes - keepBytes,
    completeLines: scan.completeLinesBehind,
  };
}

async function fillCopy(
  copy: FileHandle,
  path: string,
  { keepBytes, endBytes }: { readonly keepBytes: number; readonly endBytes: number },
): Promise<void> {
  try {
    const original = await openRegularFile(path, 'refuse');
    await copy.writeFile(original.createReadStream({ start: keepBytes, end: endBytes - 1 }));
    await copy.sync();
  } finally {
    await copy.close();
  }
}

/** INVARIANT: a copy is given up only where the tail is seen to be where it was. */
function isUncut(path: string, { sizeBytes }: FileScan, fileSystem: AuditFileSystem): boolean {
  try {
    return fileSystem.identify(path)?.sizeBytes === sizeBytes;
  } catch {
    return false;
  }
}

async function cut(path: string, keepBytes: number, fileSystem: AuditFileSystem): Promise<void> {
  const file = await fileSystem.open(path, 'existing');
  try {
    await file.truncate(keepBytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function freeName(stem: string, taken: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const name = `${stem}-${count}.partial`;
    if (!taken.includes(name)) return name;
  }
}
