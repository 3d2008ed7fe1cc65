import type { Inquiry } from '../broker/inquiry.js';
import type { AuditEvent } from '../domain/audit-event.js';
import type { CallContext, RefusalCode } from '../domain/control-plane.js';
import type { Decision } from '../domain/decision.js';
import type { Stage } from '../domain/reasons.js';
import type { PipelineOptions } from './pipeline.js';
import { decisionEvent, type TurnIdentity } from './turn-event.js';

/** A decision that is on record, or the reason why there is none. */
export type Recorded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: RefusalCode };

function transitionsOf(decision: Decision): readonly AuditEvent[] {
  const verdict = decision.approval_verdict;
  return verdict !== null && 'transitions' in verdict ? verdict.transitions : [];
}

/** A denial that the caller is told as a refusal, since nothing is wrong with the call itself. */
function refusalOf(decision: Decision): RefusalCode | null {
  const { code } = decision.reason;
  return code === 'approval_store_unavailable' || code === 'too_many_pending_approvals' ? code : null;
}

/** Writes events, and says whether they are on record. */
export async function record(
  options: Pick<PipelineOptions, 'audit'>,
  ...events: readonly AuditEvent[]
): Promise<boolean> {
  try {
    await options.audit.append(...events);
    return true;
  } catch {
    // INVARIANT: whatever keeps an event from being written, what it stands for does not happen.
    return false;
  }
}

/**
 * Asks the broker and records its answer, with the approval's own transitions, before anyone acts on it.
 *
 * @param allowStage where an allow is recorded: `simulation` when the tool runs here, else `authorize`.
 */
export async function decideCall(
  options: PipelineOptions,
  turn: TurnIdentity,
  inquiry: Omit<Inquiry, 'decision_id' | 'correlation_id' | 'principal'>,
  allowStage: Extract<Stage, 'simulation' | 'authorize'>,
): Promise<Recorded<Decision>> {
  const { principal, correlation_id }: CallContext = turn.call;
  const answer = options.broker.decide({
    ...inquiry,
    decision_id: turn.decision_id,
    principal,
    correlation_id,
  });
  const decision = answer instanceof Promise ? await answer : answer;
  const stage = decision.effect === 'allow' ? allowStage : decision.stage;
  const event = decisionEvent(turn, inquiry.call, decision, stage);
  const isRecorded = await record(options, ...transitionsOf(decision), event);
  if (!isRecorded) return { ok: false, code: 'audit_unavailable' };
  const refusal = refusalOf(decision);
  return refusal === null ? { ok: true, value: decision } : { ok: false, code: refusal };
}
