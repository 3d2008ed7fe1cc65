import { EVENT_TYPES, type EventSeverity } from '../../domain/event-types.js';
import type { LogLine } from '../log-line.js';
import { PRODUCT } from './product.js';

const SEVERITIES: Record<EventSeverity, number> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** Escapes for the header, whose fields end at a pipe and which is one line. */
export function escapeCefHeader(value: string): string {
  return value.replaceAll(/[\\|]/g, String.raw`\$&`).replaceAll(/[\r\n]+/g, ' ');
}

/** Escapes for the value of an extension field, which ends where the next `name=` begins. */
export function escapeCefValue(value: string): string {
  return value
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\n', String.raw`\n`);
}

/** CEF's dictionary has names for some of our fields; the others take custom ones, each with its label. */
const NAMED: readonly (readonly [cefName: string, field: string])[] = [
  ['externalId', 'decision_id'],
  ['act', 'policy_decision'],
  ['reason', 'policy_reason'],
  ['suser', 'user_id'],
  ['requestContext', 'correlation_id'],
  ['sourceServiceName', 'principal_id'],
  ['destinationServiceName', 'tool_name'],
];

const CUSTOM: readonly (readonly [cefName: string, field: string])[] = [
  ['cs1', 'tenant_id'],
  ['cs2', 'request_id'],
  ['cs3', 'session_id'],
  ['cs4', 'target'],
  ['cs5', 'policy_sha256'],
  ['cs6', 'prev_hash'],
];

/** One event in ArcSight Common Event Format, version 0. Fields that are null are left out. */
export function toCef(event: LogLine): string {
  const { severity, meaning } = EVENT_TYPES[event.event_type];
  const header = [
    'CEF:0',
    PRODUCT.vendor,
    PRODUCT.name,
    PRODUCT.version,
    event.event_type,
    meaning,
    String(SEVERITIES[severity]),
  ].map(escapeCefHeader);
  const extension: string[] = [
    `rt=${Date.parse(event.timestamp)}`,
    `cat=${EVENT_TYPES[event.event_type].category}`,
    `outcome=${event['allowed'] === true ? 'success' : 'failure'}`,
    `cn1=${event.seq}`,
    'cn1Label=seq',
  ];
  for (const [name, field] of NAMED) {
    const value = event[field];
    if (typeof value === 'string') extension.push(`${name}=${escapeCefValue(value)}`);
  }
  for (const [name, field] of CUSTOM) {
    const value = event[field];
    if (typeof value === 'string')
      extension.push(`${name}=${escapeCefValue(value)}`, `${name}Label=${field}`);
  }
  return `${header.join('|')}|${extension.join(' ')}`;
}
