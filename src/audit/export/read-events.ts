import type { AuditEventType } from '../../domain/event-types.js';
import { readLineBatches } from '../line-reader.js';
import { checkLogLine, type LogLine } from '../log-line.js';
import { findLogPaths } from '../log-paths.js';

/** Which events to read; null where all. Times are milliseconds since the epoch: from `since`, before `until`. */
export interface EventFilter {
  readonly since: number | null;
  readonly until: number | null;
  readonly eventTypes: ReadonlySet<AuditEventType> | null;
  readonly tenants: ReadonlySet<string> | null;
}

/** An event and the line it was read from, without the newline. */
export interface ReadEvent {
  readonly event: LogLine;
  readonly line: string;
}

/** Events read together, and how many of the lines among them were none. */
export interface ReadBatch {
  readonly events: readonly ReadEvent[];
  readonly unreadableLines: number;
}

/** Whether an event is one of those asked for: `since` counts, `until` does not. */
export function matchesFilter(event: LogLine, filter: EventFilter): boolean {
  const { since, until, eventTypes, tenants } = filter;
  if (eventTypes !== null && !eventTypes.has(event.event_type)) return false;
  if (tenants !== null && !tenants.has(String(event['tenant_id']))) return false;
  if (since === null && until === null) return true;
  const time = Date.parse(event.timestamp);
  return (since === null || time >= since) && (until === null || time < until);
}

/**
 * Reads the events of a log in order, in constant memory. Verifies nothing: that is what `acp audit verify` is for.
 *
 * @throws the operating system's error where a path cannot be read.
 */
export async function* readEvents(paths: readonly string[], filter: EventFilter): AsyncGenerator<ReadBatch> {
  const { files } = await findLogPaths(paths);
  for (const file of files) {
    for await (const lines of readLineBatches(file)) {
      const events: ReadEvent[] = [];
      let unreadableLines = 0;
      for (const { bytes, complete } of lines) {
        const line = bytes.toString();
        const event = complete ? checkLogLine(line) : null;
        if (event === null) unreadableLines += 1;
        else if (matchesFilter(event, filter)) events.push({ event, line });
      }
      yield { events, unreadableLines };
    }
  }
}
