import type { ApprovalStatus } from '../../domain/approval.js';
import type { StoredAction } from '../stored-action.js';

/** An approval request as it is kept. Times are milliseconds since the Unix epoch. */
export interface ApprovalRow {
  readonly approval_id: string;
  readonly status: ApprovalStatus;
  readonly fingerprint: string;
  readonly action: StoredAction;
  readonly created_at: number;
  readonly expires_at: number;
  /** When the row took its present status. */
  readonly changed_at: number;
  readonly decided_at: number | null;
  /** Whose hand was last on it: who approved, denied or revoked. */
  readonly approver_id: string | null;
  readonly decision_reason: string | null;
  readonly consumed_at: number | null;
  /** What made the present status: the consuming decision's id, or an id of the approver's call. */
  readonly transition_id: string;
  /** Whether the audit log is known to hold the event of the present status. */
  readonly recorded: boolean;
}

/** What is needed to file a request; the rest follows from it. */
export interface ApprovalFiling {
  readonly approval_id: string;
  readonly fingerprint: string;
  readonly action: StoredAction;
  readonly created_at: number;
  readonly expires_at: number;
  /** A denial at or after this time stands against filing the same fingerprint, and counts toward the cap. */
  readonly denied_since: number;
  /** How many requests the principal may have waiting or lately denied, together. */
  readonly pending_cap: number;
}

/** What came of filing, and the open request of the same fingerprint that was found to have run out of time. */
export type FilingResult = { readonly expired: ApprovalRow | null } & (
  | { readonly outcome: 'filed'; readonly row: ApprovalRow }
  /** The same action is already pending or approved. */
  | { readonly outcome: 'open'; readonly row: ApprovalRow }
  | { readonly outcome: 'denied_recently'; readonly row: ApprovalRow }
  | { readonly outcome: 'too_many_pending' }
);

/** One change of status. */
export interface ApprovalTransition {
  readonly approval_id: string;
  readonly from: readonly ApprovalStatus[];
  readonly to: ApprovalStatus;
  readonly at: number;
  /** Names this attempt, so that a repeat after an uncertain commit is known for what it is. */
  readonly transition_id: string;
  /** Whether whoever asks writes the event with a decision of its own; else `markRecorded` follows. */
  readonly recorded: boolean;
  /** Set where a human decides. */
  readonly decision: { readonly approver_id: string; readonly reason: string } | null;
}

/** What came of a transition; not `ok` where no row was in a state that it may start from. */
export type TransitionResult =
  | { readonly ok: true; readonly row: ApprovalRow }
  /** The row as it is now; null where there is none. */
  | { readonly ok: false; readonly row: ApprovalRow | null };

/** A position in the list: rows are sorted by creation, newest first, then by id. */
export interface ListPosition {
  readonly created_at: number;
  readonly approval_id: string;
}

/** Which rows to list, and how many at most. */
export interface ApprovalListing {
  readonly status: ApprovalStatus | null;
  /** The tenants to look in; null for all. */
  readonly tenants: readonly string[] | null;
  /** Only rows that come after this position. */
  readonly after: ListPosition | null;
  readonly limit: number;
}

/**
 * Where approval requests are kept.
 *
 * Concurrency contract, for any number of simultaneous calls on any number of stores over one database:
 * - Each operation is atomic and durable when its promise resolves.
 * - At most one row of a fingerprint is pending or approved. `file` creates one, or answers with the one there is; the
 *   pending cap and the recent denial are decided in the same atomic step.
 * - `transition` moves a row only from one of `from`, only while its present status is recorded, and only on the right
 *   side of its expiry: to `expired` at or after `expires_at`, to anything else before it. Of simultaneous transitions
 *   out of one status exactly one succeeds. A repeat with the same `transition_id` is answered as the first.
 * - Every operation rejects with `StoreError`, and nothing else, where the database cannot answer in its time.
 */
export interface ApprovalStore {
  file(filing: ApprovalFiling): Promise<FilingResult>;
  get(approvalId: string): Promise<ApprovalRow | null>;
  transition(change: ApprovalTransition): Promise<TransitionResult>;
  /** Expires what is due, at most `limit` rows, and answers with them, unrecorded. */
  expireDue(at: number, limit: number): Promise<readonly ApprovalRow[]>;
  list(listing: ApprovalListing): Promise<readonly ApprovalRow[]>;
  /** Notes that the event of this transition is in the log. No effect where the row has moved on. */
  markRecorded(approvalId: string, transitionId: string): Promise<void>;
  /** Rows whose present status was taken before this time and is not known to be in the log; oldest first. */
  unrecorded(changedBefore: number, limit: number): Promise<readonly ApprovalRow[]>;
  /** Deletes rows that took a terminal status before this time, at most `limit`; answers how many. */
  prune(changedBefore: number, limit: number): Promise<number>;
  /** Rejects with `StoreError` while the store cannot serve. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The `transition_id` of an expiry: nobody's call, and the same for all. */
export const EXPIRY_TRANSITION = 'expiry';

const TERMINAL: ReadonlySet<ApprovalStatus> = new Set(['denied', 'expired', 'revoked', 'consumed']);

/** Whether nothing can come after a status. */
export function isTerminal(status: ApprovalStatus): boolean {
  return TERMINAL.has(status);
}

/** The row that a filing becomes. */
export function rowOf(filing: ApprovalFiling): ApprovalRow {
  return {
    approval_id: filing.approval_id,
    status: 'pending',
    fingerprint: filing.fingerprint,
    action: filing.action,
    created_at: filing.created_at,
    expires_at: filing.expires_at,
    changed_at: filing.created_at,
    decided_at: null,
    approver_id: null,
    decision_reason: null,
    consumed_at: null,
    transition_id: filing.action.decision_id,
    recorded: true,
  };
}
