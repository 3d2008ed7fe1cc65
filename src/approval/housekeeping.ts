import type { Clock } from '../domain/clock.js';
import type { TransitionRecorder } from './recorder.js';
import type { ApprovalRow, ApprovalStore } from './store/approval-store.js';

/** What is looked after, and for how long it is kept. */
export interface HousekeepingOptions {
  readonly store: ApprovalStore;
  readonly recorder: TransitionRecorder;
  readonly clock: Clock;
  readonly retentionDays: number;
}

/** What time does to approvals. */
export interface Housekeeping {
  /** Expires what is due and records it, a bounded number at a time. @throws StoreError, AuditUnavailableError */
  expireDue(): Promise<void>;
  /** Expires, records what a crash left unrecorded, prunes. @throws StoreError, AuditUnavailableError */
  sweep(): Promise<void>;
}

const BATCH = 500;
/** A transition this old that is not in the log was made by a call that will not come back to it. */
const ABANDONED_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;

/** Creates the housekeeping of a store. Any number of processes may do it over one database. */
export function createHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { store, recorder, clock } = options;

  async function recordAll(rows: readonly ApprovalRow[]): Promise<void> {
    if (rows.length > 0) await recorder.record(rows, null);
  }

  async function expireDue(): Promise<void> {
    await recordAll(await store.expireDue(clock.now(), BATCH));
  }

  return {
    expireDue,
    async sweep() {
      await recordAll(await store.unrecorded(clock.now() - ABANDONED_AFTER_MS, BATCH));
      await expireDue();
      await store.prune(clock.now() - options.retentionDays * DAY_MS, BATCH);
    },
  };
}
