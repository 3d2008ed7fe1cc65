import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import type { EventFilter } from '../audit/export/read-events.js';
import { EVENT_TYPES, type AuditEventType } from '../domain/event-types.js';

/** What commander makes of the filter options. */
export interface FilterFlags {
  readonly since?: number;
  readonly until?: number;
  readonly eventType?: readonly AuditEventType[];
  readonly tenant?: readonly string[];
}

const timeSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

function parseTime(text: string): number {
  const parsed = timeSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('expected a time such as 2030-01-31T12:00:00Z.');
  return Date.parse(parsed.data);
}

function isEventType(text: string): text is AuditEventType {
  return Object.hasOwn(EVENT_TYPES, text);
}

function parseEventType(text: string, previous: readonly AuditEventType[] = []): readonly AuditEventType[] {
  if (!isEventType(text)) throw new InvalidArgumentError('no such event type.');
  return [...previous, text];
}

/** Gathers the values of an option that may be repeated. */
export function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text];
}

/** Adds the options that choose events. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--since <time>', 'from this time on (ISO 8601)', parseTime)
    .option('--until <time>', 'before this time (ISO 8601)', parseTime)
    .option('--event-type <type>', 'only this type of event; may be repeated', parseEventType)
    .option('--tenant <id>', 'only this tenant; may be repeated', collect);
}

/** The filter that the options ask for; every event where they ask for nothing. */
export function toEventFilter(flags: FilterFlags): EventFilter {
  return {
    since: flags.since ?? null,
    until: flags.until ?? null,
    eventTypes: flags.eventType === undefined ? null : new Set(flags.eventType),
    tenants: flags.tenant === undefined ? null : new Set(flags.tenant),
  };
}
