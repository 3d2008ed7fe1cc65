import { stat } from 'node:fs/promises';
import type { Clock } from '../domain/clock.js';
import { hashLine } from './chain.js';
import type { AuditFileSystem } from './file-system.js';
import { readLastLine } from './last-line.js';
import { findArchives, type ArchiveFile } from './log-files.js';
import { checkLogLine } from './log-line.js';

const DAY_MILLISECONDS = 86_400_000;

/** The details of an `audit_files_expired` event. */
interface ExpiredRange {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly last_hash: string;
  readonly last_timestamp: string;
}

interface ExpiredFile {
  readonly path: string;
  readonly range: ExpiredRange;
}

/** Which archives to look at, and how long they are kept. */
export interface RetentionOptions {
  readonly directory: string;
  readonly fileSystem: AuditFileSystem;
  readonly retentionDays: number;
  readonly clock: Clock;
  /** Puts the deletions on record, signed and kept as the known head; must resolve before anything is deleted. */
  readonly record: (details: readonly Readonly<Record<string, unknown>>[]) => Promise<void>;
}

/**
 * Deletes archives past their retention, oldest first, after each was put on record.
 *
 * One event a file, so that the log verifies wherever a crash stops the deletion.
 */
export async function expireArchives(options: RetentionOptions): Promise<number> {
  const { directory, fileSystem, clock, retentionDays } = options;
  const oldest = clock.now() - retentionDays * DAY_MILLISECONDS;
  const expired: ExpiredFile[] = [];
  for (const archive of findArchives(directory, await fileSystem.list(directory))) {
    const file = await describeExpired(archive, oldest);
    if (file === null) break;
    expired.push(file);
  }
  if (expired.length === 0) return 0;
  await options.record(expired.map((file) => ({ ...file.range })));
  for (const { path } of expired) await fileSystem.remove(path);
  await fileSystem.syncDirectory(directory);
  return expired.length;
}

/** Null where the file is too young, or its end cannot be read: what cannot be named is not deleted. */
async function describeExpired(archive: ArchiveFile, oldest: number): Promise<ExpiredFile | null> {
  const bytes = await readLastLine(archive.path, (await stat(archive.path)).size);
  const line = bytes === null ? null : checkLogLine(bytes);
  if (bytes === null || line === null || Date.parse(line.timestamp) >= oldest) return null;
  return {
    path: archive.path,
    range: {
      first_seq: archive.firstSeq,
      last_seq: line.seq,
      last_hash: hashLine(bytes),
      last_timestamp: line.timestamp,
    },
  };
}
