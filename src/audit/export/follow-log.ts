import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ACTIVE_FILE, findArchives } from '../log-files.js';
import type { LogLine } from '../log-line.js';
import { GrowingFile } from './growing-file.js';

/** What to follow, from where, and until when. */
export interface FollowOptions {
  readonly directory: string;
  /** Events of the active file's past to begin with. */
  readonly lastCount: number;
  readonly isWanted: (event: LogLine) => boolean;
  readonly pollMilliseconds: number;
  /** Ends the following; null ends it with the file. */
  readonly signal: AbortSignal | null;
  readonly onEvent: (event: LogLine) => void;
  /** A line, from 1, is no event. */
  readonly onUnreadable: (path: string, line: number) => void;
}

/** Gives the last wanted events of a directory's log and then each new one, across rotations. */
export async function followLog(options: FollowOptions): Promise<void> {
  const { directory, signal, isWanted, onEvent } = options;
  const activePath = join(directory, ACTIVE_FILE);
  let file = await GrowingFile.open(activePath);
  const past = file === null ? { seq: 0, events: [] } : await readPast(file, options);
  past.events.forEach(onEvent);
  let lastSeq = past.seq;
  while (signal !== null && !signal.aborted) {
    file ??= await GrowingFile.open(await findNext(directory, lastSeq));
    // Asked before the read, so that the read sees everything that was written before the rotation.
    const isFinished = file !== null && !(await file.isAt(activePath));
    const events = file === null ? null : await readEvents(file, options);
    for (const event of events ?? []) {
      if (event.seq <= lastSeq) continue;
      lastSeq = event.seq;
      if (isWanted(event)) onEvent(event);
    }
    if (events !== null) continue;
    if (isFinished) {
      await file?.close();
      file = null;
    } else {
      await delay(options.pollMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }
  await file?.close();
}

async function readPast(file: GrowingFile, options: FollowOptions) {
  const { lastCount, isWanted } = options;
  let seq = 0;
  let events: LogLine[] = [];
  for (let read = await readEvents(file, options); read !== null; read = await readEvents(file, options)) {
    seq = read.at(-1)?.seq ?? seq;
    if (lastCount > 0) events = [...events, ...read.filter(isWanted)].slice(-lastCount);
  }
  return { seq, events };
}

async function readEvents(file: GrowingFile, { onUnreadable }: FollowOptions) {
  const read = await file.read();
  for (const line of read?.unreadable ?? []) onUnreadable(file.path, line);
  return read?.events ?? null;
}

/** Whether a directory has a file of a log. @throws the operating system's error */
export async function hasLog(directory: string): Promise<boolean> {
  const names = await readdir(directory);
  return names.includes(ACTIVE_FILE) || findArchives(directory, names).length > 0;
}

/** The file in which the event after this one stands: an archive, where rotation was faster than reading. */
async function findNext(directory: string, lastSeq: number): Promise<string> {
  const archives = findArchives(directory, await readdir(directory));
  return archives.find((archive) => archive.firstSeq > lastSeq)?.path ?? join(directory, ACTIVE_FILE);
}
