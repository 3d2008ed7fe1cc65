import { EVENT_TYPES, type AuditEventType, type EventSeverity } from '../../domain/event-types.js';
import type { LogLine } from '../log-line.js';
import { PRODUCT } from './product.js';

/** The schema version that the export is written for (Open Cybersecurity Schema Framework). */
export const OCSF_VERSION = '1.2.0';

const SEVERITIES: Record<EventSeverity, { id: number; caption: string }> = {
  info: { id: 1, caption: 'Informational' },
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
};

const API_ACTIVITY = { category: 6, categoryName: 'Application Activity', uid: 6003, name: 'API Activity' };
const AUTHORIZE_SESSION = {
  category: 3,
  categoryName: 'Identity & Access Management',
  uid: 3003,
  name: 'Authorize Session',
};
const ASSIGN_PRIVILEGES = { id: 1, name: 'Assign Privileges' };

/** A human's grant assigns a privilege; everything else is a call that was let through or not. */
function classify(type: AuditEventType) {
  return type === 'approval_granted'
    ? { schema: AUTHORIZE_SESSION, activity: ASSIGN_PRIVILEGES }
    : { schema: API_ACTIVITY, activity: { id: 99, name: type } };
}

/** Fields that have a place of their own in the schema. */
const MAPPED = new Set([
  'event_type',
  'timestamp',
  'seq',
  'correlation_id',
  'user_id',
  'session_id',
  'tenant_id',
  'allowed',
  'policy_reason',
  'policy_sha256',
  'tool_name',
]);

function text(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : 'unknown';
}

function subjectOf(event: LogLine) {
  return {
    user: {
      uid: text(event['user_id']),
      type_id: 99,
      type: text(event['principal_kind']),
      org: { uid: text(event['tenant_id']) },
    },
    session: { uid: text(event['session_id']) },
  };
}

/** One event in OCSF: class Authorize Session (3003) for grants, API Activity (6003) for all else. */
export function toOcsf(event: LogLine): Record<string, unknown> {
  const { category, severity, meaning } = EVENT_TYPES[event.event_type];
  const { schema, activity } = classify(event.event_type);
  const { user, session } = subjectOf(event);
  const isAllowed = event['allowed'] === true;
  const operation = text(event['tool_name']) === 'unknown' ? event.event_type : text(event['tool_name']);
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: schema.category,
    category_name: schema.categoryName,
    class_uid: schema.uid,
    class_name: schema.name,
    type_uid: schema.uid * 100 + activity.id,
    type_name: `${schema.name}: ${activity.id === 99 ? 'Other' : activity.name}`,
    severity_id: SEVERITIES[severity].id,
    severity: SEVERITIES[severity].caption,
    time: Date.parse(event.timestamp),
    message: meaning,
    status_id: isAllowed ? 1 : 2,
    status: isAllowed ? 'Success' : 'Failure',
    status_code: text(event['policy_reason']),
    action_id: isAllowed ? 1 : 2,
    action: isAllowed ? 'Allowed' : 'Denied',
    disposition_id: isAllowed ? 1 : 2,
    disposition: isAllowed ? 'Allowed' : 'Blocked',
    metadata: {
      version: OCSF_VERSION,
      product: { vendor_name: PRODUCT.vendor, name: PRODUCT.name, version: PRODUCT.version },
      profiles: ['security_control'],
      log_name: 'api_events',
      event_code: event.event_type,
      correlation_uid: text(event['correlation_id']),
      tenant_uid: text(event['tenant_id']),
      sequence: event.seq,
      original_time: event.timestamp,
    },
    ...(schema.uid === AUTHORIZE_SESSION.uid
      ? { user, session, privileges: [operation] }
      : {
          actor: { user, session },
          api: { operation, service: { name: category } },
          src_endpoint: { svc_name: text(event['principal_id']) },
        }),
    unmapped: Object.fromEntries(Object.entries(event).filter(([name]) => !MAPPED.has(name))),
  };
}
