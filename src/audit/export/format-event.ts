import { toCef } from './cef.js';
import { toOcsf } from './ocsf.js';
import type { ReadEvent } from './read-events.js';

/** The formats that `acp audit export` can write. */
export const EXPORT_FORMATS = ['ocsf', 'cef', 'jsonl'] as const;

/** One of `EXPORT_FORMATS`. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One event as one line without its newline. `jsonl` is the log's own line, byte for byte. */
export function formatEvent(format: ExportFormat, { event, line }: ReadEvent): string {
  switch (format) {
    case 'ocsf':
      return JSON.stringify(toOcsf(event));
    case 'cef':
      return toCef(event);
    case 'jsonl':
      return line;
  }
}
