import { EVENT_TYPES, type AuditEventType } from '../domain/event-types.js';

/** A line of the log as a reader sees it: what the chain needs, and the rest as it came. */
export interface LogLine {
  readonly event_type: AuditEventType;
  readonly timestamp: string;
  readonly seq: number;
  readonly prev_hash: string;
  readonly [field: string]: unknown;
}

const HASH = /^[\da-f]{64}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Reads one line; null where it is not an event of this log. */
export function checkLogLine(bytes: Uint8Array | string): LogLine | null {
  let value: unknown;
  try {
    value = JSON.parse(
      typeof bytes === 'string'
        ? bytes
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
    );
  } catch {
    return null;
  }
  return isLogLine(value) ? value : null;
}

function isLogLine(value: unknown): value is LogLine {
  if (typeof value !== 'object' || value === null) return false;
  const { event_type: type, timestamp, seq, prev_hash: previous } = value as Record<string, unknown>;
  return (
    typeof type === 'string' &&
    Object.hasOwn(EVENT_TYPES, type) &&
    typeof seq === 'number' &&
    Number.isSafeInteger(seq) &&
    seq > 0 &&
    typeof previous === 'string' &&
    HASH.test(previous) &&
    typeof timestamp === 'string' &&
    TIMESTAMP.test(timestamp)
  );
}
