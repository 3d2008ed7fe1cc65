import type { LineBlock } from './active-log.js';

/** Lines that will be written together, and the one promise that everyone who waits for them shares. */
interface Batch {
  readonly firstSeq: number;
  readonly epochMilliseconds: number;
  readonly done: PromiseWithResolvers<void>;
  readonly lines: Buffer[];
  bytes: number;
}

/** How a block is written, and who is told what came of it. */
export interface GroupCommitOptions {
  /** Writes a block, all or nothing. Synchronous where it need not wait. */
  readonly write: (block: LineBlock) => Promise<void> | undefined;
  /** Called when a block is about to be written: everything enqueued so far is in it. */
  readonly onTaken: () => void;
  readonly onCommitted: (block: LineBlock) => void;
  /**
   * Called before those who wait for a failed block, and for all behind it, are told; with all their lines. Gives what
   * they are told.
   */
  readonly onFailed: (cause: unknown, lines: readonly Buffer[]) => Error;
}

/**
 * Group commit: what arrives within one turn of the event loop, or while a write is in flight, is written by the next.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #pending: Batch | null = null;
  #inFlight: Batch | null = null;
  /** Whether a drain runs or is about to. */
  #isDraining = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Bytes accepted and not yet safe. */
  get queuedBytes(): number {
    return (this.#inFlight?.bytes ?? 0) + (this.#pending?.bytes ?? 0);
  }

  /** Accepts lines, in order and contiguously; resolves when they are safe. `firstSeq` is the first line's. */
  enqueue(lines: readonly Buffer[], bytes: number, firstSeq: number, now: number): Promise<void> {
    const batch = (this.#pending ??= createBatch(firstSeq, now));
    batch.lines.push(...lines);
    batch.bytes += bytes;
    if (!this.#isDraining) {
      this.#isDraining = true;
      setImmediate(() => void this.#drain());
    }
    return batch.done.promise;
  }

  /** Resolves when nothing is queued. */
  async settled(): Promise<void> {
    for (let batch = this.#last(); batch !== null; batch = this.#last()) {
      await batch.done.promise.catch(() => undefined);
    }
  }

  #last(): Batch | null {
    return this.#pending ?? this.#inFlight;
  }

  /** INVARIANT: at most one drain runs, and between its last look at the queue and its end nothing can be enqueued. */
  async #drain(): Promise<void> {
    for (let batch = this.#pending; batch !== null; batch = this.#pending) {
      const written = this.#write(batch);
      if (written !== undefined) await written;
    }
    this.#isDraining = false;
  }

  /** Never rejects: whoever waits for the batch is told. Synchronous where the write is. */
  #write(batch: Batch): Promise<void> | undefined {
    this.#pending = null;
    this.#inFlight = batch;
    this.#options.onTaken();
    const block = {
      bytes: Buffer.concat(batch.lines, batch.bytes),
      firstSeq: batch.firstSeq,
      epochMilliseconds: batch.epochMilliseconds,
    };
    try {
      const written = this.#options.write(block);
      if (written !== undefined) {
        return written.then(
          () => this.#succeed(batch, block),
          (error: unknown) => this.#fail(batch, error),
        );
      }
      this.#succeed(batch, block);
    } catch (error) {
      this.#fail(batch, error);
    }
    return undefined;
  }

  #succeed(batch: Batch, block: LineBlock): void {
    this.#inFlight = null;
    this.#options.onCommitted(block);
    batch.done.resolve();
  }

  #fail(batch: Batch, cause: unknown): void {
    const behind = this.#pending;
    this.#pending = null;
    this.#inFlight = null;
    const error = this.#options.onFailed(cause, [...batch.lines, ...(behind?.lines ?? [])]);
    batch.done.reject(error);
    behind?.done.reject(error);
  }
}

function createBatch(firstSeq: number, epochMilliseconds: number): Batch {
  const done: PromiseWithResolvers<void> = Promise.withResolvers();
  // Whoever awaits is told; whoever does not must not end the process.
  done.promise.catch(() => undefined);
  return { firstSeq, epochMilliseconds, done, lines: [], bytes: 0 };
}
