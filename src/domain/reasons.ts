import { EVENT_TYPES, type AuditEventType, type EventSeverity } from './event-types.js';
import { limits } from './limits.js';
import { APPROVAL_REASONS } from './reason-catalogue/approval-reasons.js';
import { CALL_REASONS } from './reason-catalogue/call-reasons.js';
import { FILTER_REASONS } from './reason-catalogue/filter-reasons.js';
import { PROCESS_REASONS } from './reason-catalogue/process-reasons.js';
import type { Placement, ReasonEntry, Stage } from './reason-catalogue/reason-entry.js';
import { TURN_REASONS } from './reason-catalogue/turn-reasons.js';

export type { Stage } from './reason-catalogue/reason-entry.js';

/**
 * The one catalogue of reasons: code → where it arises, how it is recorded, what it means, what to do.
 *
 * Append-only. Nothing derives meaning from the spelling of a code.
 */
export const REASONS = {
  ...FILTER_REASONS,
  ...CALL_REASONS,
  ...APPROVAL_REASONS,
  ...TURN_REASONS,
  ...PROCESS_REASONS,
} as const satisfies Record<string, ReasonEntry>;

/** A code of the catalogue. */
export type ReasonCode = keyof typeof REASONS;

/** A reason as it is decided: its code, and its wire form, which may name the offender after the code. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** The reason with this code, for codes that name nothing after it. */
export function reasonOf(code: ReasonCode): Reason {
  return { code, text: code };
}

/**
 * The reason with this code and what it names after its separator.
 *
 * The detail may come from a caller: what is not printable ASCII is dropped, the rest redacted, and then cut to 64
 * characters. In this order: dropped characters must not hide a secret from the redactor.
 */
export function detailedReasonOf(code: ReasonCode, detail: string, redact: (text: string) => string): Reason {
  const entry: ReasonEntry = REASONS[code];
  if (entry.detailSeparator === undefined) return reasonOf(code);
  const safe = redact(detail.replaceAll(/[^\x20-\x7e]/g, '')).slice(0, limits.reasonDetailLength);
  return { code, text: `${code}${entry.detailSeparator}${safe}` };
}

/** One line of explanation and one of advice for a reason; both safe to show to anyone. */
export function describeReason(code: ReasonCode): Pick<ReasonEntry, 'summary' | 'remedy'> {
  return REASONS[code];
}

/** The stages at which a reason can arise. */
export function placementsOf(code: ReasonCode): readonly Placement[] {
  return REASONS[code].placements;
}

/**
 * The audit event a reason is recorded as when it arises at a stage; null where none is.
 *
 * @throws TypeError when the catalogue does not know the reason at that stage: a programming error.
 */
export function eventTypeOf(code: ReasonCode, stage: Stage): AuditEventType | null {
  const placement = placementsOf(code).find((candidate) => candidate.stage === stage);
  if (placement === undefined) throw new TypeError(`reason ${code} does not arise at stage ${stage}`);
  return placement.event;
}

/**
 * The audit event that a reason is recorded as at a stage where it is always recorded.
 *
 * @throws TypeError where the catalogue knows none: a programming error.
 */
export function recordedEventTypeOf(code: ReasonCode, stage: Stage): AuditEventType {
  const eventType = eventTypeOf(code, stage);
  if (eventType === null) throw new TypeError(`reason ${code} is not recorded at stage ${stage}`);
  return eventType;
}

/** A reason's severity at a stage: that of its audit event. */
export function severityOf(code: ReasonCode, stage: Stage): EventSeverity {
  const event = eventTypeOf(code, stage);
  return event === null ? 'info' : EVENT_TYPES[event].severity;
}
