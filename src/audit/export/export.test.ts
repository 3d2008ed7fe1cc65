import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activeFile, openTestLog, readLines, sampleEvent } from '../../../tests/helpers/audit.js';
import { temporaryDirectory } from '../../../tests/helpers/temporary-directory.js';
import { EVENT_TYPES, type AuditEventType } from '../../domain/event-types.js';
import type { LogLine } from '../log-line.js';
import { escapeCefHeader, escapeCefValue, toCef } from './cef.js';
import { OCSF_VERSION, toOcsf } from './ocsf.js';
import { readEvents, type EventFilter, type ReadEvent } from './read-events.js';

function makeLine(overrides: Partial<LogLine> = {}): LogLine {
  return {
    event_type: 'cross_tenant_blocked',
    timestamp: '2030-01-02T03:04:05.678Z',
    seq: 7,
    prev_hash: 'a'.repeat(64),
    correlation_id: 'corr-1',
    request_id: 'req-1',
    decision_id: 'dec-1',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    principal_id: 'agent-1',
    principal_kind: 'agent',
    allowed: false,
    policy_decision: 'deny',
    policy_reason: 'cross_tenant_target_denied',
    policy_sha256: null,
    tool_name: 'read_records',
    target: 'tenant-other',
    ...overrides,
  };
}

/** What schema version 1.2.0 requires of each class, and of the objects in it. */
const REQUIRED = {
  base: ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'],
  profile: ['action_id'],
  6003: ['actor', 'api', 'src_endpoint'],
  3003: ['user'],
};

describe('the OCSF export', () => {
  it.each(Object.keys(EVENT_TYPES) as AuditEventType[])(
    'has every required attribute of its class for %s',
    (type) => {
      const event = toOcsf(makeLine({ event_type: type }));
      const classUid = event['class_uid'] as 6003 | 3003;
      for (const name of [...REQUIRED.base, ...REQUIRED.profile, ...REQUIRED[classUid]]) {
        expect(event[name], name).toBeDefined();
      }
      expect(event['type_uid']).toBe(classUid * 100 + Number(event['activity_id']));
      expect(event['category_uid']).toBe(Math.floor(classUid / 1_000));
      expect([0, 1, 2, 3, 4, 5, 6, 99]).toContain(event['severity_id']);
      expect(event['metadata']).toMatchObject({
        version: OCSF_VERSION,
        product: { vendor_name: expect.any(String) as string, name: expect.any(String) as string },
        profiles: ['security_control'],
      });
    },
  );

  it('says who did what, and how grave it is', () => {
    expect(toOcsf(makeLine())).toMatchObject({
      class_uid: 6003,
      class_name: 'API Activity',
      type_uid: 600_399,
      severity_id: 5,
      severity: 'Critical',
      time: Date.UTC(2030, 0, 2, 3, 4, 5, 678),
      status_id: 2,
      action_id: 2,
      actor: { user: { uid: 'user-1', org: { uid: 'tenant-a' } }, session: { uid: 'session-1' } },
      api: { operation: 'read_records' },
      src_endpoint: { svc_name: 'agent-1' },
      metadata: {
        event_code: 'cross_tenant_blocked',
        correlation_uid: 'corr-1',
        tenant_uid: 'tenant-a',
        sequence: 7,
      },
      unmapped: { target: 'tenant-other', request_id: 'req-1' },
    });
  });

  it('shows a grant as the assignment of one privilege', () => {
    const event = toOcsf(makeLine({ event_type: 'approval_granted', allowed: true }));
    expect(event).toMatchObject({
      class_uid: 3003,
      activity_id: 1,
      type_uid: 300_301,
      privileges: ['read_records'],
      user: { uid: 'user-1' },
      status_id: 1,
    });
    expect(event).not.toHaveProperty('group');
  });

  it('has a name for what is null', () => {
    const event = toOcsf(makeLine({ tool_name: null, principal_id: null, user_id: 'unknown' }));
    expect(event).toMatchObject({
      api: { operation: 'cross_tenant_blocked' },
      src_endpoint: { svc_name: 'unknown' },
    });
  });
});

describe('the CEF export', () => {
  it('writes a line as the format has it', () => {
    expect(toCef(makeLine())).toBe(
      'CEF:0|llm-agent-control-plane|control-plane|1|cross_tenant_blocked|' +
        'a proposed tool call was aimed at another tenant|10|' +
        `rt=${Date.UTC(2030, 0, 2, 3, 4, 5, 678)} cat=decision outcome=failure cn1=7 cn1Label=seq ` +
        'externalId=dec-1 act=deny reason=cross_tenant_target_denied suser=user-1 requestContext=corr-1 ' +
        'sourceServiceName=agent-1 destinationServiceName=read_records cs1=tenant-a cs1Label=tenant_id ' +
        'cs2=req-1 cs2Label=request_id cs3=session-1 cs3Label=session_id cs4=tenant-other cs4Label=target ' +
        `cs6=${'a'.repeat(64)} cs6Label=prev_hash`,
    );
  });

  it.each([
    [String.raw`a|b\c=d`, String.raw`a\|b\\c=d`, String.raw`a|b\\c\=d`],
    ['two\nlines\r', 'two lines ', String.raw`two\nlines\r`],
    [String.raw`\|`, String.raw`\\\|`, String.raw`\\|`],
  ])('escapes %j', (text, header, value) => {
    expect(escapeCefHeader(text)).toBe(header);
    expect(escapeCefValue(text)).toBe(value);
  });

  it('lets no value begin a field or a line of its own', () => {
    const line = toCef(makeLine({ tool_name: 'x act=allow\nCEF:0|forged|', user_id: 'u=v|w\\' }));
    expect(line).not.toContain('\n');
    expect(line).toContain(String.raw`destinationServiceName=x act\=allow\nCEF:0|forged|`);
    expect(line).toContain(String.raw`suser=u\=v|w\\ `);
  });
});

async function collect(paths: readonly string[], filter: Partial<EventFilter>) {
  const found: ReadEvent[] = [];
  let unreadable = 0;
  const all: EventFilter = { since: null, until: null, eventTypes: null, tenants: null };
  for await (const batch of readEvents(paths, { ...all, ...filter })) {
    found.push(...batch.events);
    unreadable += batch.unreadableLines;
  }
  return { found, unreadable };
}

describe('reading events', () => {
  it('gives those that the filter asks for, byte for byte and in order', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { rotateBytes: 3_000 });
    for (const tenant of ['tenant-a', 'tenant-b', 'tenant-a']) {
      await log.append(
        sampleEvent({ tenant_id: tenant }),
        sampleEvent({ tenant_id: tenant, event_type: 'tool_blocked' }),
      );
    }
    const paths = [join(directory, 'log')];
    const tenantB = await collect(paths, { tenants: new Set(['tenant-b']) });
    expect(tenantB.found.map(({ event }) => event.event_type)).toEqual(['tool_allowed', 'tool_blocked']);
    const blocked = await collect(paths, { eventTypes: new Set(['tool_blocked']) });
    expect(blocked.found.map(({ event }) => event.seq)).toEqual([4, 6, 8]);
    const all = await collect(paths, {});
    expect(readLines(activeFile(directory)).at(-1)).toBe(all.found.at(-1)!.line);
  });

  it('takes times from the first on and before the last', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'events.jsonl');
    const days = ['01', '02', '03'].map((day, index) =>
      JSON.stringify(makeLine({ seq: index + 1, timestamp: `2030-01-${day}T00:00:00.000Z` })),
    );
    writeFileSync(path, `${days.join('\n')}\n`);
    const { found } = await collect([path], { since: Date.UTC(2030, 0, 2), until: Date.UTC(2030, 0, 3) });
    expect(found.map(({ event }) => event.seq)).toEqual([2]);
  });

  it('counts lines that are no events', async () => {
    const path = join(temporaryDirectory(), 'events.jsonl');
    writeFileSync(path, `${JSON.stringify(makeLine())}\nnot an event\n{"torn":`);
    expect(await collect([path], {})).toMatchObject({ unreadable: 2, found: [{ event: { seq: 7 } }] });
  });
});
