import type {
  ApprovalCall,
  ApprovalRecord,
  ApprovalRefusalCode,
  ApprovalResult,
  ApprovalStatus,
} from '../domain/approval.js';
import { approvalDecisionRequestSchema } from '../domain/approval.js';
import type { AuditLog } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import type { IdSource } from '../domain/ids.js';
import { isSeparate, mayView } from './access.js';
import { recordOf } from './record.js';
import type { TransitionRecorder } from './recorder.js';
import { recordForbidden } from './refusal-event.js';
import { makeVisible } from './rendering.js';
import type { ApprovalRow, ApprovalStore } from './store/approval-store.js';

/** What a human can make of a request. */
export type HumanDecision = 'approved' | 'denied' | 'revoked';

/** What a decider works with. */
export interface DeciderOptions {
  readonly store: ApprovalStore;
  readonly audit: AuditLog;
  readonly recorder: TransitionRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Carries out what a human decides; refused unless the human may, and the request is still open to it. */
export interface Decider {
  decide(
    to: HumanDecision,
    call: ApprovalCall,
    approvalId: string,
    reason: string,
  ): Promise<ApprovalResult<ApprovalRecord>>;
}

const FROM: Readonly<Record<HumanDecision, readonly ApprovalStatus[]>> = {
  approved: ['pending'],
  denied: ['pending'],
  revoked: ['pending', 'approved'],
};

type Refusal = { readonly ok: false; readonly code: ApprovalRefusalCode };

function refuse(code: ApprovalRefusalCode): Refusal {
  return { ok: false, code };
}

/** Creates what takes the decisions of humans. Each is committed, then put on record, then answered. */
export function createDecider({ store, audit, recorder, clock, ids }: DeciderOptions): Decider {
  /** The request, if this caller may decide on it. */
  async function reach(
    { principal, correlation_id }: ApprovalCall,
    approvalId: string,
  ): Promise<ApprovalResult<ApprovalRow>> {
    if (!principal.scopes.has('approve')) return refuse('insufficient_scope');
    const row = await store.get(approvalId);
    if (row === null || !mayView(principal, row)) return refuse('not_found');
    if (!isSeparate(principal, row.action)) {
      await recordForbidden(audit, { principal, correlation_id, code: 'separation_of_duties', row });
      return refuse('separation_of_duties');
    }
    // Whoever decides was shown this action: it must still be the one that was filed.
    recordOf(row);
    return { ok: true, value: row };
  }

  /** Whether the row already is what this caller wants to make it, by this caller's own hand. */
  function isOwnRepeat(row: ApprovalRow, to: HumanDecision, { principal }: ApprovalCall): boolean {
    if (row.status !== to || row.approver_id !== principal.id) return false;
    // A grant is answered the same again; a denial or revocation only where its first answer never came.
    return to === 'approved' || !row.recorded;
  }

  async function finish(row: ApprovalRow, call: ApprovalCall): Promise<ApprovalResult<ApprovalRecord>> {
    if (!row.recorded) {
      await recorder.record([row], { correlation_id: call.correlation_id, actor: call.principal });
    }
    return { ok: true, value: recordOf(row) };
  }

  return {
    async decide(to, call, approvalId, reason) {
      const reached = await reach(call, approvalId);
      if (!reached.ok) return reached;
      if (!approvalDecisionRequestSchema.safeParse({ reason }).success) return refuse('validation_error');
      const found = reached.value;
      if (isOwnRepeat(found, to, call)) return finish(found, call);
      // Nothing may follow a status that is not on record: whatever was left unfinished is finished first.
      if (!found.recorded) await recorder.record([found], null);
      const result = await store.transition({
        approval_id: approvalId,
        from: FROM[to],
        to,
        at: clock.now(),
        transition_id: ids.next(),
        recorded: false,
        decision: { approver_id: call.principal.id, reason: makeVisible(reason).text },
      });
      if (result.ok) return finish(result.row, call);
      if (result.row !== null && isOwnRepeat(result.row, to, call)) return finish(result.row, call);
      return refuse('approval_state_conflict');
    },
  };
}
