import type { PlacedLine } from './place.js';
import type { Note } from './report.js';

const MAX_NOTES = 100;

/** Collects, in bounded memory, what is no fault and yet nothing that the log proves. */
export class NoteList {
  readonly list: Note[] = [];
  count = 0;

  accept(placed: PlacedLine): void {
    const note = describe(placed);
    if (note === null) return;
    this.count += 1;
    if (this.list.length < MAX_NOTES) this.list.push(note);
  }
}

function describe({ event, file, line }: PlacedLine): Note | null {
  if (event.event_type === 'audit_head_reset') {
    const message = `an operator accepted a log that was not as the service left it (seq ${event.seq})`;
    return { code: 'accepted_on_record', file, line, message, first_seq: event.seq, last_seq: event.seq };
  }
  if (event.event_type !== 'audit_opened') return null;
  const { taken_over_first_seq: first, taken_over_last_seq: last, previous_closed, known_head_seq } = event;
  const isOpenEnded = previous_closed === false && typeof known_head_seq === 'number';
  const notClosed = `the process before did not close; its last known head was line ${String(known_head_seq)}`;
  if (typeof first === 'number' && typeof last === 'number') {
    const range = `taken over unsigned after a crash: lines ${first} to ${last}`;
    const message = isOpenEnded ? `${range}; ${notClosed}` : range;
    return { code: 'taken_over', file, line, message, first_seq: first, last_seq: last };
  }
  if (!isOpenEnded) return null;
  const seq = known_head_seq;
  return { code: 'not_closed', file, line, message: notClosed, first_seq: seq, last_seq: seq };
}
