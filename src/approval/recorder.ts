import type { AuditLog } from '../domain/audit-event.js';
import type { Principal } from '../domain/principal.js';
import type { ApprovalRow, ApprovalStore } from './store/approval-store.js';
import { transitionEvent } from './transition-event.js';

/** Who made transitions, and what the call is called in the log; null where time or the service itself did. */
export interface RecordingOccasion {
  readonly correlation_id: string;
  readonly actor: Pick<Principal, 'id' | 'kind' | 'assurance'>;
}

/** Brings transitions that are committed but not in the log into the log. */
export interface TransitionRecorder {
  /**
   * Resolves when the events of these rows are in the log and the store knows it.
   *
   * A process that dies in between leaves rows unrecorded; they are recorded later, so that an event may be written
   * twice but is never lost. Within a process it is written once.
   *
   * @throws AuditUnavailableError, StoreError
   */
  record(rows: readonly ApprovalRow[], occasion: RecordingOccasion | null): Promise<void>;
}

/** Who is known to have made a transition that somebody else records. */
function actorOf(row: ApprovalRow): RecordingOccasion['actor'] | null {
  if (row.status === 'expired' || row.approver_id === null) return null;
  return { id: row.approver_id, kind: 'human', assurance: 'verified' };
}

/** Creates the recorder of a process. */
export function createTransitionRecorder(store: ApprovalStore, audit: AuditLog): TransitionRecorder {
  const underWay = new Map<string, Promise<void>>();

  async function write(rows: readonly ApprovalRow[], occasion: RecordingOccasion | null): Promise<void> {
    await audit.append(
      ...rows.map((row) =>
        transitionEvent(row, {
          correlation_id: occasion?.correlation_id ?? row.action.correlation_id,
          request_id: row.action.request_id,
          decision_id: row.action.decision_id,
          actor: occasion?.actor ?? actorOf(row),
        }),
      ),
    );
    for (const row of rows) await store.markRecorded(row.approval_id, row.transition_id);
  }

  return {
    async record(rows, occasion) {
      const keyOf = (row: ApprovalRow): string => `${row.approval_id} ${row.transition_id}`;
      const others = rows.map((row) => underWay.get(keyOf(row))).filter((other) => other !== undefined);
      const mine = rows.filter((row) => !underWay.has(keyOf(row)));
      if (mine.length > 0) {
        const writing = write(mine, occasion).finally(() => {
          for (const row of mine) underWay.delete(keyOf(row));
        });
        for (const row of mine) underWay.set(keyOf(row), writing);
        others.push(writing);
      }
      await Promise.all(others);
    },
  };
}
