import type { AuditEvent } from '../domain/audit-event.js';
import type { KnownHead } from './head-file.js';
import { createOwnEvent } from './own-events.js';
import type { Concern, FoundLog } from './start-judgement.js';
import type { PartialFile } from './torn-tail.js';

/** What a start did with the log that it found. */
export interface StartRecord extends FoundLog {
  /** What the operator accepted. */
  readonly concerns: readonly Concern[];
  readonly partials: readonly PartialFile[];
}

/**
 * The events with which a process opens the log: that it opened it and which lines it took over, what it set aside,
 * which outage ended with the process before it, and what the operator accepts. `opened` says who opens it.
 */
export function createStartEvents(
  record: StartRecord,
  opened: Readonly<Record<string, unknown>>,
): AuditEvent[] {
  const { unvouched } = record.end;
  const events = [
    createOwnEvent('audit_opened', {
      ...opened,
      taken_over_lines: unvouched === null ? 0 : unvouched.lastSeq - unvouched.firstSeq + 1,
      taken_over_first_seq: unvouched?.firstSeq ?? null,
      taken_over_last_seq: unvouched?.lastSeq ?? null,
      ...describePrevious(record.known),
    }),
  ];
  for (const partial of record.partials) {
    events.push(
      createOwnEvent('audit_recovered', {
        recovered_from: 'torn_tail',
        partial_file: partial.name,
        partial_bytes: partial.bytes,
        complete_lines: partial.completeLines,
      }),
    );
  }
  if (record.outage !== null) events.push(createOutageEvent(record.outage));
  if (record.concerns.length > 0) events.push(createResetEvent(record));
  return events;
}

/** What the state directory knew of the process before; null where it knew nothing. */
function describePrevious(known: KnownHead): Readonly<Record<string, unknown>> {
  const isKnown = known.state === 'known';
  return {
    previous_closed: isKnown ? known.isClosed : null,
    known_head_seq: isKnown ? known.link.seq : null,
  };
}

/** How many events were refused is not known any more: the process that refused them is gone. */
function createOutageEvent(outage: NonNullable<FoundLog['outage']>): AuditEvent {
  return createOwnEvent('audit_recovered', {
    recovered_from: outage.fault,
    system_code: outage.system_code,
    faulted_at: outage.faulted_at,
    refused_events: null,
  });
}

function createResetEvent({ known, end, concerns }: StartRecord): AuditEvent {
  const expected = known.state === 'known' ? known.link : null;
  const { head } = end.state;
  const isForeign = concerns.some((concern) => concern.code === 'lines_after_close');
  return createOwnEvent('audit_head_reset', {
    accepted: concerns.map((concern) => concern.code),
    expected_seq: expected?.seq ?? null,
    expected_hash: expected?.hash ?? null,
    found_seq: head.seq,
    found_hash: head.hash,
    foreign_lines: isForeign && expected !== null ? Math.max(0, head.seq - expected.seq) : 0,
    damaged_file: end.damage?.file ?? null,
    damaged_line: end.damage?.line ?? null,
  });
}
