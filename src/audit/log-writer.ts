import type { AuditEvent } from '../domain/audit-event.js';
import type { ActiveLog, LineBlock } from './active-log.js';
import type { ChainLink } from './chain.js';
import type { Clock } from '../domain/clock.js';
import { AuditFaultError } from './faults.js';
import { GroupCommit } from './group-commit.js';
import type { ChainState, LineBuilder } from './line-builder.js';
import type { AuditLogHooks, AuditLogStats } from './log-hooks.js';
import { Outage, type OutageMemory } from './outage.js';
import { createOwnEvent, isOwnLine } from './own-events.js';

/** Milliseconds from any fixed moment, never stepping back. */
export type MonotonicClock = () => number;

/** What a writer works with, and its bounds. */
export interface AuditLogWriterOptions {
  readonly file: ActiveLog;
  readonly builder: LineBuilder;
  readonly clock: Clock;
  readonly monotonicClock: MonotonicClock;
  readonly queueBytes: number;
  readonly checkpointEvents: number;
  readonly checkpointSeconds: number;
  readonly probeMilliseconds: number;
  readonly hooks: AuditLogHooks;
  /** A checkpoint is safe. */
  readonly onCheckpoint: (checkpoint: ChainLink) => void;
  /** A file was rotated out, and what caused it is safe. */
  readonly onRotated: () => void;
  readonly outageMemory: OutageMemory;
}

/** The one writer of a log: chains, queues, writes, and fails closed. */
export class AuditLogWriter {
  readonly #options: AuditLogWriterOptions;
  readonly #queue: GroupCommit;
  #committed: ChainState;
  /** What will be committed when the block in flight is safe. */
  #taken: ChainState;
  #outage: Outage | null = null;
  #repairing: Promise<void> | null = null;
  #closing: Promise<ChainLink> | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #writes = 0;
  #writeStartedAt = 0;
  #writtenBytes = 0;
  #refusedEvents = 0;

  constructor(options: AuditLogWriterOptions) {
    this.#options = options;
    this.#committed = options.builder.state();
    this.#taken = this.#committed;
    this.#queue = new GroupCommit({
      write: (block) => this.#write(block),
      onTaken: () => (this.#taken = options.builder.state()),
      onCommitted: (block) => this.#onCommitted(block),
      onFailed: (cause, lines) => this.#onFailed(cause, lines),
    });
  }

  /**
   * Writes the first events of this process and begins to keep time.
   *
   * INVARIANT: an event comes first and no checkpoint, timed or not, before it: what a checkpoint stands directly behind
   * is a line of the process that wrote the checkpoint, never one that it took over.
   */
  async start(events: readonly AuditEvent[]): Promise<void> {
    await this.#enqueue(events, true);
    this.#every(this.#options.checkpointSeconds * 1_000, () => this.#checkpointIfDue());
    this.#every(this.#options.probeMilliseconds, () => this.#repair(true));
  }

  append(events: readonly AuditEvent[]): Promise<void> {
    return this.#accept(events, false);
  }

  /** Writes events of the log's own and a checkpoint over them. */
  appendWithCheckpoint(events: readonly AuditEvent[]): Promise<void> {
    return this.#accept(events, true);
  }

  fault(): string | null {
    return this.#outage?.error.message ?? null;
  }

  stats(): AuditLogStats {
    return {
      ...this.#committed.head,
      queuedBytes: this.#queue.queuedBytes,
      writtenBytes: this.#writtenBytes,
      writes: this.#writes,
      refusedEvents: this.#refusedEvents,
    };
  }

  /**
   * Writes what is queued, that the log was closed, and a last checkpoint, which it gives. The file stays open.
   *
   * @throws AuditFaultError when that cannot be written.
   */
  close(): Promise<ChainLink> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #accept(events: readonly AuditEvent[], withCheckpoint: boolean): Promise<void> {
    if (this.#closing !== null) return this.#refuse(events, new AuditFaultError('closed'));
    if (this.#outage !== null) return this.#refuse(events, this.#outage.error);
    return this.#enqueue(events, withCheckpoint);
  }

  /** INVARIANT: lines are built in the order in which they are queued, and forgotten when they are not. */
  #enqueue(events: readonly AuditEvent[], withCheckpoint: boolean): Promise<void> {
    const { builder, clock, queueBytes, checkpointEvents } = this.#options;
    if (events.length === 0 && !withCheckpoint) return Promise.resolve();
    const before = builder.state();
    const lines: Buffer[] = [];
    try {
      for (const event of events) lines.push(builder.event(event));
      if (withCheckpoint || builder.eventsSinceCheckpoint >= checkpointEvents)
        lines.push(builder.checkpoint());
    } catch (error) {
      builder.restore(before);
      return this.#refuse(events, new AuditFaultError('format_failed', error));
    }
    let bytes = 0;
    for (const line of lines) bytes += line.length;
    if (this.#queue.queuedBytes + bytes > queueBytes) {
      builder.restore(before);
      return this.#refuse(events, new AuditFaultError('queue_full'));
    }
    return this.#queue.enqueue(lines, bytes, before.head.seq + 1, clock.now());
  }

  #refuse(events: readonly AuditEvent[], error: AuditFaultError): Promise<never> {
    this.#countRefused(events.length);
    return Promise.reject(error);
  }

  #countRefused(count: number): void {
    this.#refusedEvents += count;
    if (this.#outage !== null) this.#outage.refusedEvents += count;
  }

  #write(block: LineBlock): Promise<void> | undefined {
    const { file, hooks, monotonicClock } = this.#options;
    if (hooks.onWritten !== undefined) this.#writeStartedAt = monotonicClock();
    if (!file.isRotationDue(block)) return file.append(block);
    return this.#writeRotated(block);
  }

  async #writeRotated(block: LineBlock): Promise<void> {
    const { file, onRotated } = this.#options;
    await file.rotate();
    await file.append(block);
    onRotated();
  }

  #onCommitted(block: LineBlock): void {
    const previous = this.#committed;
    this.#committed = this.#taken;
    this.#writes += 1;
    this.#writtenBytes += block.bytes.length;
    const { hooks, monotonicClock } = this.#options;
    const lines = this.#committed.head.seq - previous.head.seq;
    hooks.onWritten?.(lines, monotonicClock() - this.#writeStartedAt);
    if (this.#committed.checkpoint !== previous.checkpoint) {
      this.#options.onCheckpoint(this.#committed.checkpoint);
    }
  }

  #onFailed(cause: unknown, lines: readonly Buffer[]): Error {
    const { builder, clock, hooks, outageMemory } = this.#options;
    const error = cause instanceof AuditFaultError ? cause : new AuditFaultError('write_failed', cause);
    builder.restore(this.#committed);
    if (this.#outage === null) {
      this.#outage = new Outage(error, clock.now(), outageMemory, this.#committed.head);
      this.#countRefused(lines.filter((line) => !isOwnLine(line)).length);
      hooks.onFault?.(error.message);
      this.#repair(false);
    }
    return error;
  }

  /**
   * Cuts the file back to what was acknowledged and, when asked to prove it, writes that the log works again. Until
   * that line is safe every event is refused.
   */
  #repair(prove: boolean): void {
    const outage = this.#outage;
    if (outage === null || this.#repairing !== null || this.#closing !== null) return;
    this.#repairing = this.#tryRepair(outage, prove)
      .catch((error: unknown) => {
        if (error instanceof AuditFaultError) outage.renew(error);
      })
      .finally(() => (this.#repairing = null));
  }

  async #tryRepair(outage: Outage, prove: boolean): Promise<void> {
    await this.#queue.settled();
    await this.#options.file.repair(this.#committed.head);
    if (prove) await this.#prove(outage);
  }

  async #prove(outage: Outage): Promise<void> {
    const refused = outage.refusedEvents;
    await this.#enqueue([outage.toEvent()], true);
    this.#outage = null;
    outage.end();
    this.#options.hooks.onRecovered?.(refused);
  }

  #checkpointIfDue(): void {
    if (this.#outage !== null || this.#options.builder.eventsSinceCheckpoint === 0) return;
    // A failure shows as the outage it begins.
    this.#enqueue([], true).catch(() => undefined);
  }

  async #close(): Promise<ChainLink> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#repairing;
    await this.#queue.settled();
    if (this.#outage === null) await this.#writeClosed().catch(() => undefined);
    if (this.#outage !== null) {
      // The last chance to bring an outage to its end, and on record.
      await this.#tryRepair(this.#outage, true);
      await this.#writeClosed();
    }
    return this.#committed.checkpoint;
  }

  #writeClosed(): Promise<void> {
    return this.#enqueue([createOwnEvent('audit_closed', {})], true);
  }

  #every(milliseconds: number, action: () => void): void {
    this.#timers.push(setInterval(action, milliseconds).unref());
  }
}
