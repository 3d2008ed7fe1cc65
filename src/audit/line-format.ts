import { createHmac, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { pino } from 'pino';
import type { AuditEvent, RedactedFinding } from '../domain/audit-event.js';
import { toTimestamp } from '../domain/clock.js';
import { EVENT_TYPES, type AuditEventType } from '../domain/event-types.js';
import type { ChainLink } from './chain.js';
import type { OutsideStringCleaner } from './outside-string.js';
import { cleanValue, flattenDetails } from './details.js';

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

/** How pino redacts each field that can hold a string of outside origin. */
function serializersWith(clean: OutsideStringCleaner) {
  const text = (value: string | null) => (value === null ? NULL : clean(value));
  const list = (values: readonly string[] | null) => (values === null ? NULL : values.map(clean));
  const findings = (values: readonly RedactedFinding[] | null) =>
    values === null ? NULL : values.map((finding) => cleanValue(finding, clean));
  return {
    correlation_id: text,
    request_id: text,
    decision_id: text,
    user_id: text,
    session_id: text,
    tenant_id: text,
    model: text,
    principal_id: text,
    policy_reason: text,
    tool_name: text,
    target: text,
    source_context_ids: list,
    approval_id: text,
    approver_id: text,
    approval_reason: text,
    approval_token_failure_reason: text,
    output_finding_types: list,
    output_findings_redacted: findings,
  };
}

/** The event's fields in the order of the log, but for those that pino is given as its time, and puts first. */
function fieldsOf(event: AuditEvent, argumentsHmac: string | null) {
  return {
    correlation_id: event.correlation_id,
    request_id: event.request_id,
    decision_id: event.decision_id,
    user_id: event.user_id,
    session_id: event.session_id,
    tenant_id: event.tenant_id,
    model: event.model,
    principal_id: event.principal_id,
    principal_kind: event.principal_kind ?? NULL,
    identity_assurance: event.identity_assurance ?? NULL,
    stage: event.stage,
    allowed: event.allowed,
    policy_decision: event.policy_decision,
    policy_reason: event.policy_reason,
    policy_sha256: event.policy_sha256 ?? NULL,
    tool_name: event.tool_name,
    target: event.target,
    source_context_ids: event.source_context_ids,
    retrieved_context_trust: event.retrieved_context_trust ?? NULL,
    risk_level: event.risk_level ?? NULL,
    human_approval_required: event.human_approval_required,
    contains_sensitive_data: event.contains_sensitive_data,
    approval_id: event.approval_id,
    approver_id: event.approver_id,
    approval_decision: event.approval_decision ?? NULL,
    approval_reason: event.approval_reason,
    approval_token_valid: event.approval_token_valid ?? NULL,
    approval_token_failure_reason: event.approval_token_failure_reason,
    output_filter_decision: event.output_filter_decision ?? NULL,
    output_finding_count: event.output_finding_count ?? NULL,
    output_finding_types: event.output_finding_types,
    output_highest_severity: event.output_highest_severity ?? NULL,
    output_findings_redacted: event.output_findings_redacted,
    arguments_hmac: argumentsHmac ?? NULL,
  };
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

/** Creates the formatter: pino, without level, time, process or host. */
export function createLineFormatter(options: LineFormatterOptions): LineFormatter {
  const { clean, argumentsKey } = options;
  let timestampField = '';
  let timestampMilliseconds = Number.NaN;

  const logger = pino({
    base: null,
    customLevels: levels,
    useOnlyCustomLevels: true,
    level: eventTypes[0] as AuditEventType,
    formatters: { level: (label) => ({ event_type: label }) },
    serializers: serializersWith(clean),
  }) as unknown as PinoFormatter;

  return (event, previous, epochMilliseconds) => {
    if (epochMilliseconds !== timestampMilliseconds) {
      timestampMilliseconds = epochMilliseconds;
      timestampField = `,"timestamp":"${toTimestamp(epochMilliseconds)}"`;
    }
    // What pino takes for its time, and puts behind the type: all of it is ours, and needs no escaping.
    const opening = `${timestampField},"seq":${previous.seq + 1},"prev_hash":"${previous.hash}"`;
    const fields = fieldsOf(event, digestArguments(event.arguments, argumentsKey));
    const { details } = event;
    const all = details === null ? fields : flattenDetails(fields, details, clean);
    return logger[pino.symbols.asJsonSym](all, undefined, levels[event.event_type], opening);
  };
}

/** HMAC-SHA256 over the canonical form (RFC 8785): says whether two calls were equal, and not what they were. */
function digestArguments(args: AuditEvent['arguments'], key: KeyObject | null): string | null {
  if (args === null || key === null) return null;
  return createHmac('sha256', key)
    .update(canonicalize(args) ?? '')
    .digest('hex');
}
