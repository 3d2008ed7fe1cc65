import { createHmac, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { pino } from 'pino';
import type { AuditEvent, RedactedFinding } from '../domain/audit-event.js';
import { toTimestamp } from '../domain/clock.js';
import { EVENT_TYPES, type AuditEventType } from '../domain/event-types.js';
import type { ChainLink } from './chain.js';
import type { OutsideStringCleaner } from './outside-string.js';
import { cleanValue, flattenDetails } from './details.js';
import { rememberText } from './recurring-text.js';

/** Writes one event as one line, newline included. */
export type LineFormatter = (event: AuditEvent, previous: ChainLink, epochMilliseconds: number) => string;

/** What text from outside and arguments go through before they stand in a line. */
export interface LineFormatterOptions {
  readonly clean: OutsideStringCleaner;
  /** Key of `arguments_hmac`; null without one. */
  readonly argumentsKey: KeyObject | null;
}

const eventTypes = Object.keys(EVENT_TYPES) as AuditEventType[];

/** pino's levels are the event types, so that it opens each line with `event_type` from a cache. */
const levels = Object.fromEntries(eventTypes.map((type, index) => [type, index + 1])) as Record<
  AuditEventType,
  number
>;

/** What pino writes as null at a third of the cost: it hands null itself to `JSON.stringify`, and no number. */
const NULL = Number.NaN;

/** How pino ends a line. */
const CLOSING = '}\n';

/** How pino redacts each recurring field that can hold a string of outside origin. */
function serializersWith(clean: OutsideStringCleaner) {
  const text = (value: string | null) => (value === null ? NULL : clean(value));
  const list = (values: readonly string[] | null) => (values === null ? NULL : values.map(clean));
  const findings = (values: readonly RedactedFinding[] | null) =>
    values === null ? NULL : values.map((finding) => cleanValue(finding, clean));
  return {
    model: text,
    principal_id: text,
    policy_reason: text,
    tool_name: text,
    approval_id: text,
    approver_id: text,
    approval_reason: text,
    approval_token_failure_reason: text,
    output_finding_types: list,
    output_findings_redacted: findings,
  };
}

/** Which turn it was, and what it was about, redacted: rarely twice the same. */
function turnFields(event: AuditEvent, argumentsHmac: string | null, clean: OutsideStringCleaner) {
  return {
    correlation_id: clean(event.correlation_id),
    request_id: clean(event.request_id),
    decision_id: clean(event.decision_id),
    user_id: clean(event.user_id),
    session_id: clean(event.session_id),
    tenant_id: clean(event.tenant_id),
    target: event.target === null ? null : clean(event.target),
    source_context_ids: event.source_context_ids.map(clean),
    arguments_hmac: argumentsHmac,
  };
}

/** Fields that many events have the same, in groups that change together. */
const RECURRING = [
  [
    'stage',
    'allowed',
    'policy_decision',
    'policy_reason',
    'tool_name',
    'retrieved_context_trust',
    'risk_level',
    'human_approval_required',
    'contains_sensitive_data',
  ],
  [
    'approval_id',
    'approver_id',
    'approval_decision',
    'approval_reason',
    'approval_token_valid',
    'approval_token_failure_reason',
  ],
  [
    'output_filter_decision',
    'output_finding_count',
    'output_finding_types',
    'output_highest_severity',
    'output_findings_redacted',
  ],
  ['policy_sha256', 'model', 'principal_id', 'principal_kind', 'identity_assurance'],
] as const satisfies (keyof AuditEvent)[][];

function pick(event: AuditEvent, names: readonly (keyof AuditEvent)[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, event[name]]));
}

/** pino's own formatter of one line, without the stream behind it: the lines go on to be chained and written together. */
interface PinoFormatter {
  readonly [pino.symbols.asJsonSym]: (
    fields: object,
    message: undefined,
    level: number,
    opening: string,
  ) => string;
}

/** Writes a line of these fields; `opening` stands between the type and them. */
type FieldWriter = (fields: object, type: AuditEventType, opening: string) => string;

/** pino, without level, time, process or host. */
function createFieldWriter(clean: OutsideStringCleaner): FieldWriter {
  const logger = pino({
    base: null,
    customLevels: levels,
    useOnlyCustomLevels: true,
    level: eventTypes[0] as AuditEventType,
    formatters: { level: (label) => ({ event_type: label }) },
    serializers: serializersWith(clean),
  }) as unknown as PinoFormatter;
  return (fields, type, opening) => logger[pino.symbols.asJsonSym](fields, undefined, levels[type], opening);
}

/** Creates the formatter. */
export function createLineFormatter({ clean, argumentsKey }: LineFormatterOptions): LineFormatter {
  const write = createFieldWriter(clean);
  let timestampField = '';
  let timestampMilliseconds = Number.NaN;

  /** How a line of each type begins. */
  const beginnings = Object.fromEntries(
    eventTypes.map((type) => [type, write({}, type, '').slice(0, -CLOSING.length)]),
  ) as Record<AuditEventType, string>;
  const [someType] = eventTypes as [AuditEventType];
  const recurring = RECURRING.map((names) =>
    rememberText(names, (event) =>
      write(pick(event, names), someType, '').slice(beginnings[someType].length, -CLOSING.length),
    ),
  );

  return (event, previous, epochMilliseconds) => {
    if (epochMilliseconds !== timestampMilliseconds) {
      timestampMilliseconds = epochMilliseconds;
      timestampField = `,"timestamp":"${toTimestamp(epochMilliseconds)}"`;
    }
    // All of it is ours, and needs no escaping.
    const place = `${timestampField},"seq":${previous.seq + 1},"prev_hash":"${previous.hash}"`;
    const fields = turnFields(event, digestArguments(event.arguments, argumentsKey), clean);
    if (event.details !== null) {
      const named = { ...pick(event, RECURRING.flat()), ...fields };
      return write(flattenDetails(named, event.details, clean), event.event_type, place);
    }
    const parts = [beginnings[event.event_type], place];
    for (const textOf of recurring) parts.push(textOf(event));
    parts.push(',', JSON.stringify(fields).slice(1), '\n');
    // Joined at once: a line that is put together bit by bit takes longer to encode than all else about it.
    return parts.join('');
  };
}

/** HMAC-SHA256 over the canonical form (RFC 8785): says whether two calls were equal, and not what they were. */
function digestArguments(args: AuditEvent['arguments'], key: KeyObject | null): string | null {
  if (args === null || key === null) return null;
  return createHmac('sha256', key)
    .update(canonicalize(args) ?? '')
    .digest('hex');
}
