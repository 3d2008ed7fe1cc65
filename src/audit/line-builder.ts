import type { AuditEvent } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import { GENESIS, hashLine, type ChainLink } from './chain.js';
import { signCheckpointLine } from './checkpoint.js';
import type { LineFormatter } from './line-format.js';
import { createOwnEvent } from './own-events.js';
import type { AuditSigner } from './signing-key.js';

/** Where the chain stands after a line. */
export interface ChainState {
  readonly head: ChainLink;
  readonly checkpoint: ChainLink;
  readonly eventsSinceCheckpoint: number;
}

/** Where the chain stands before the first line. */
export const GENESIS_STATE: ChainState = { head: GENESIS, checkpoint: GENESIS, eventsSinceCheckpoint: 0 };

/** What lines are made with; without a signer their checkpoints are unsigned. */
export interface LineBuilderOptions {
  readonly format: LineFormatter;
  readonly clock: Clock;
  readonly signer: AuditSigner | null;
  readonly instanceId: string;
}

/** Makes chained lines of events, one after the other, ahead of what has been written. */
export class LineBuilder {
  readonly #options: LineBuilderOptions;
  #head: ChainLink;
  #checkpoint: ChainLink;
  #eventsSinceCheckpoint: number;

  constructor(options: LineBuilderOptions, state: ChainState) {
    this.#options = options;
    this.#head = state.head;
    this.#checkpoint = state.checkpoint;
    this.#eventsSinceCheckpoint = state.eventsSinceCheckpoint;
  }

  get eventsSinceCheckpoint(): number {
    return this.#eventsSinceCheckpoint;
  }

  state(): ChainState {
    return {
      head: this.#head,
      checkpoint: this.#checkpoint,
      eventsSinceCheckpoint: this.#eventsSinceCheckpoint,
    };
  }

  /** Forgets lines that were built and not written. */
  restore(state: ChainState): void {
    this.#head = state.head;
    this.#checkpoint = state.checkpoint;
    this.#eventsSinceCheckpoint = state.eventsSinceCheckpoint;
  }

  /** The bytes of the event's line, with its newline. */
  event(event: AuditEvent): Buffer {
    const line = this.#advance(this.#options.format(event, this.#head, this.#options.clock.now()));
    this.#eventsSinceCheckpoint += 1;
    return line;
  }

  /** The bytes of a checkpoint's line, with its newline: what it signs is everything before it. */
  checkpoint(): Buffer {
    const { instanceId, signer, format, clock } = this.#options;
    const event = createOwnEvent('audit_checkpoint', {
      instance_id: instanceId,
      previous_checkpoint_seq: this.#checkpoint.seq,
      previous_checkpoint_hash: this.#checkpoint.hash,
      key_id: signer?.keyId ?? null,
    });
    const line = this.#advance(signCheckpointLine(format(event, this.#head, clock.now()), signer));
    this.#checkpoint = this.#head;
    this.#eventsSinceCheckpoint = 0;
    return line;
  }

  /** What is hashed is what is written: the line is encoded once. */
  #advance(line: string): Buffer {
    const bytes = Buffer.from(line);
    this.#head = { seq: this.#head.seq + 1, hash: hashLine(bytes.subarray(0, -1)) };
    return bytes;
  }
}
