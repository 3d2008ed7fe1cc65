import type { CallContext, Outcome } from '../domain/control-plane.js';
import { describeReason } from '../domain/reasons.js';
import type { AuthorizeRequest } from '../domain/request.js';
import type { AuthorizeResponse } from '../domain/response.js';
import { decideCall } from './decide-call.js';
import { holdsIdentity, refuse, type PipelineOptions } from './pipeline.js';

/** The model's name in events of calls that come from somebody else's agent. */
const FOREIGN_MODEL = 'n/a';

/** Decides one proposed tool call, and stops before the tool. */
export async function authorizeCall(
  options: PipelineOptions,
  call: CallContext,
  request: AuthorizeRequest,
): Promise<Outcome<AuthorizeResponse>> {
  if (!holdsIdentity(options, call, request)) return refuse('identity_mismatch');
  const policy = options.policy.current();
  const policy_sha256 = policy?.sha256 ?? null;
  const decision_id = options.ids.next();
  const turn = { call, request, decision_id, model: FOREIGN_MODEL, policy_sha256 };
  const source = options.filter.contextOf(request);
  const inquiry = { request, call: request.tool_call, policy, source, examined_bytes: 0 };

  const beganAt = options.metrics.now();
  const recorded = await decideCall(options, turn, inquiry, 'authorize');
  options.metrics.lap('turn', beganAt);
  if (!recorded.ok) return recorded;
  const decision = recorded.value;
  const allowed = decision.effect === 'allow';
  return {
    ok: true,
    value: {
      request_id: request.request_id,
      correlation_id: call.correlation_id,
      decision_id,
      effect: decision.effect,
      allowed,
      stage: allowed ? 'authorize' : decision.stage,
      reason: decision.reason.text,
      remedy: describeReason(decision.reason.code).remedy,
      tool_name: request.tool_call.tool_name,
      risk_level: decision.risk_level,
      requires_human_approval: decision.requires_human_approval,
      arguments: allowed ? decision.arguments : null,
      approval: decision.effect === 'step_up' ? decision.approval : null,
      policy_sha256,
    },
  };
}
