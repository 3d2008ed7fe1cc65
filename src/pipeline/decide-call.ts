import type { Inquiry } from '../broker/inquiry.js';
import type { AuditEvent } from '../domain/audit-event.js';
import type { CallContext, RefusalCode } from '../domain/control-plane.js';
import type { Decision } from '../domain/decision.js';
import { tellFault } from '../domain/fault.js';
import { UNNAMED_TOOL, type Metrics } from '../domain/metrics.js';
import type { ActivePolicy } from '../domain/policy.js';
import type { Stage } from '../domain/reasons.js';
import type { ToolCall } from '../domain/tool-call.js';
import type { PipelineOptions } from './pipeline.js';
import { decisionEvent, type TurnIdentity } from './turn-event.js';

/** A decision that is on record, or the reason why there is none. */
export type Recorded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: RefusalCode };

function transitionsOf(decision: Decision): readonly AuditEvent[] {
  const verdict = decision.approval_verdict;
  return verdict !== null && 'transitions' in verdict ? verdict.transitions : [];
}

/** INVARIANT: a tool is named to the metrics only where the policy names it too. */
export function measuredToolName(policy: ActivePolicy | null, { tool_name }: ToolCall): string {
  return policy?.ruleFor(tool_name) === undefined ? UNNAMED_TOOL : tool_name;
}

function countDecision(
  metrics: Metrics,
  { call, policy }: Pick<Inquiry, 'call' | 'policy'>,
  decision: Decision,
): void {
  const tool = measuredToolName(policy, call);
  metrics.decided(decision.effect, decision.reason.code, tool, decision.risk_level);
  if (decision.argument_verdict !== null) metrics.found(decision.argument_verdict.findings);
}

/** A denial that the caller is told as a refusal, since nothing is wrong with the call itself. */
function refusalOf(decision: Decision): RefusalCode | null {
  const { code } = decision.reason;
  return code === 'approval_store_unavailable' || code === 'too_many_pending_approvals' ? code : null;
}

/** Writes events, and says whether they are on record. Never rejects; a promise of its own would be one too many. */
export function record(
  { audit, metrics, onFault }: Pick<PipelineOptions, 'audit' | 'metrics' | 'onFault'>,
  ...events: readonly AuditEvent[]
): Promise<boolean> {
  const beganAt = metrics.now();
  return audit.append(...events).then(
    () => {
      metrics.lap('audit', beganAt);
      return true;
    },
    // INVARIANT: whatever keeps an event from being written, what it stands for does not happen.
    (error: unknown) => {
      tellFault(onFault, 'audit_record', error, events.at(-1));
      return false;
    },
  );
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
  const { metrics } = options;
  const { principal, correlation_id }: CallContext = turn.call;
  const beganAt = metrics.now();
  const answer = options.broker.decide({
    ...inquiry,
    decision_id: turn.decision_id,
    principal,
    correlation_id,
  });
  const decision = answer instanceof Promise ? await answer : answer;
  metrics.lap('broker', beganAt);
  const stage = decision.effect === 'allow' ? allowStage : decision.stage;
  const event = decisionEvent(turn, inquiry.call, decision, stage);
  const transitions = transitionsOf(decision);
  const isRecorded = await (transitions.length === 0
    ? record(options, event)
    : record(options, ...transitions, event));
  if (!isRecorded) return { ok: false, code: 'audit_unavailable' };
  for (const transition of transitions) metrics.recorded(transition.event_type);
  countDecision(metrics, inquiry, decision);
  const refusal = refusalOf(decision);
  return refusal === null ? { ok: true, value: decision } : { ok: false, code: refusal };
}
