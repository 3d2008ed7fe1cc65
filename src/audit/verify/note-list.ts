import type { PlacedLine } from './place.js';
import type { Note } from './report.js';

const MAX_NOTES = 100;

/**
 * Collects, in bounded memory, what is no fault and yet nothing that the log proves; the newest where it is too much.
 *
 * THREAT: whoever can write behind the last checkpoint can write notes too. A start that takes such lines over says
 * which they are: what stands among them is dropped. What a checkpoint has vouched for is out of their reach.
 */
export class NoteList {
  readonly #vouched = new NewestNotes();
  #pending = new NewestNotes();
  #vouchedSeq = 0;

  /** `isVouched`: the line is a checkpoint that counts. */
  accept(placed: PlacedLine, isVouched: boolean): void {
    const { seq } = placed.event;
    if (isVouched) {
      this.#vouched.take(this.#pending);
      this.#pending = new NewestNotes();
      this.#vouchedSeq = seq;
      return;
    }
    const note = describe(placed);
    if (note === null) return;
    if (note.code === 'taken_over') this.#pending.drop(note, this.#vouchedSeq);
    this.#pending.add({ note, seq });
  }

  get list(): Note[] {
    return [...this.#vouched.list, ...this.#pending.list].slice(-MAX_NOTES).map(({ note }) => note);
  }

  get count(): number {
    return this.#vouched.count + this.#pending.count;
  }
}

interface PlacedNote {
  readonly note: Note;
  /** The line that says it. */
  readonly seq: number;
}

class NewestNotes {
  list: PlacedNote[] = [];
  count = 0;

  add(placed: PlacedNote): void {
    this.count += 1;
    this.list.push(placed);
    if (this.list.length > MAX_NOTES) this.list.shift();
  }

  take(other: NewestNotes): void {
    this.count += other.count;
    this.list = [...this.list, ...other.list].slice(-MAX_NOTES);
  }

  /** Drops what stands in a range; all of these stand behind `vouchedSeq`. */
  drop({ first_seq: first, last_seq: last }: Note, vouchedSeq: number): void {
    const kept = this.list.filter(({ seq }) => seq < first || seq > last);
    const dropped = this.list.length - kept.length;
    this.list = kept;
    // Those that were forgotten already are older than the rest, so that such a range has them too.
    this.count = first <= vouchedSeq + 1 ? kept.length : this.count - dropped;
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
