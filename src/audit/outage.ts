import type { AuditEvent } from '../domain/audit-event.js';
import { toTimestamp } from '../domain/clock.js';
import { formatLink, type ChainLink } from './chain.js';
import type { AuditFaultError } from './faults.js';
import type { OutageMark } from './outage-mark.js';
import { createOwnEvent } from './own-events.js';

/** Remembers an outage beyond the process, while it lasts. Neither method throws. */
export interface OutageMemory {
  readonly set: (mark: OutageMark) => void;
  readonly clear: () => void;
}

/** A time in which the log cannot be written. */
export class Outage {
  readonly #cause: AuditFaultError;
  readonly #since: string;
  readonly #acknowledged: string;
  readonly #memory: OutageMemory;
  /** The newest reason why writing is not possible. */
  error: AuditFaultError;
  refusedEvents = 0;

  /** `acknowledged` is the last line that counts as written. */
  constructor(
    cause: AuditFaultError,
    epochMilliseconds: number,
    memory: OutageMemory,
    acknowledged: ChainLink,
  ) {
    this.#cause = cause;
    this.error = cause;
    this.#since = toTimestamp(epochMilliseconds);
    this.#memory = memory;
    this.#acknowledged = formatLink(acknowledged);
    this.#remember();
  }

  /** It goes on, maybe for another reason; that the log was replaced is not forgotten for any other. */
  renew(error: AuditFaultError): void {
    const isWorse = error.fault === 'log_replaced' && this.error.fault !== 'log_replaced';
    this.error = error;
    if (isWorse) this.#remember();
  }

  /** What goes on record where the log can be written again. */
  toEvent(): AuditEvent {
    return createOwnEvent('audit_recovered', {
      recovered_from: this.#cause.fault,
      system_code: this.#cause.systemCode,
      faulted_at: this.#since,
      refused_events: this.refusedEvents,
    });
  }

  /** It is over, and on record. */
  end(): void {
    this.#memory.clear();
  }

  #remember(): void {
    const { fault, systemCode } = this.error;
    this.#memory.set({
      fault,
      system_code: systemCode,
      faulted_at: this.#since,
      acknowledged: this.#acknowledged,
    });
  }
}
