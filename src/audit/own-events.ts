import { BLANK_EVENT, type AuditEvent } from '../domain/audit-event.js';

/** The events that the log writes about itself. */
export type OwnEventType =
  | 'audit_opened'
  | 'audit_recovered'
  | 'audit_checkpoint'
  | 'audit_files_expired'
  | 'audit_head_reset'
  | 'audit_closed';

const OWN_OPENING = Buffer.from('{"event_type":"audit_');

/** Whether a line that the log has built is one of an event of its own. */
export function isOwnLine(line: Buffer): boolean {
  return line.subarray(0, OWN_OPENING.length).equals(OWN_OPENING);
}

/** An event of the log's own. It decides nothing, so it allows. */
export function createOwnEvent(type: OwnEventType, details: Readonly<Record<string, unknown>>): AuditEvent {
  return {
    ...BLANK_EVENT,
    event_type: type,
    stage: 'audit',
    allowed: true,
    policy_decision: 'allow',
    policy_reason: type,
    details,
  };
}
