import type { AuditEvent } from '../domain/audit-event.js';

const REMEMBERED = 16;

interface Remembered {
  readonly values: readonly unknown[];
  readonly text: string;
}

/**
 * Writes the fields of these names, or gives the text that was written for the same values before: of all that an
 * event costs, writing its fields is the most, and most of them are those of an event a moment ago.
 *
 * INVARIANT: only fields that are identical have the same text. Lists never are, so what holds one is written anew.
 */
export function rememberText(
  names: readonly (keyof AuditEvent)[],
  write: (event: AuditEvent) => string,
): (event: AuditEvent) => string {
  const remembered: Remembered[] = [];
  let oldest = 0;
  const isSame = ({ values }: Remembered, event: AuditEvent): boolean => {
    for (let index = 0; index < names.length; index += 1) {
      if (event[names[index] as keyof AuditEvent] !== values[index]) return false;
    }
    return true;
  };
  return (event) => {
    for (const entry of remembered) if (isSame(entry, event)) return entry.text;
    const values = names.map((name) => event[name]);
    const text = write(event);
    if (values.some((value) => typeof value === 'object' && value !== null)) return text;
    remembered[oldest] = { values, text };
    oldest = (oldest + 1) % REMEMBERED;
    return text;
  };
}
