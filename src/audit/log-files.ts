import { join } from 'node:path';

/** The file that is being written. */
export const ACTIVE_FILE = 'api_events.jsonl';

const ARCHIVE = /^api_events-(\d{1,15})\.jsonl$/;

/** A file that was rotated out; its name carries the `seq` of its first line. */
export interface ArchiveFile {
  readonly path: string;
  readonly firstSeq: number;
}

/** The name of the archive whose first line has this `seq`. */
export function archiveName(firstSeq: number): string {
  return `api_events-${firstSeq}.jsonl`;
}

/** The archives among the names of a directory, oldest first. */
export function findArchives(directory: string, names: readonly string[]): ArchiveFile[] {
  return names
    .flatMap((name) => {
      const digits = ARCHIVE.exec(name)?.[1];
      return digits === undefined ? [] : [{ path: join(directory, name), firstSeq: Number(digits) }];
    })
    .sort((left, right) => left.firstSeq - right.firstSeq);
}
