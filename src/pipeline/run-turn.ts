import type { CallContext, Outcome } from '../domain/control-plane.js';
import { NO_TOOL } from '../domain/metrics.js';
import type { ActivePolicy } from '../domain/policy.js';
import type { RunRequest } from '../domain/request.js';
import type { RunResponse } from '../domain/response.js';
import { record } from './decide-call.js';
import { holdsIdentity, refuse, type PipelineOptions } from './pipeline.js';
import { propose, type Proposal } from './proposal.js';
import { runProtected } from './protected-turn.js';
import { adapterFailureEvent, type TurnIdentity } from './turn-event.js';
import { runVulnerable } from './vulnerable-turn.js';

/** A turn whose agent produced nothing to decide on. */
async function refuseTurn(options: PipelineOptions, turn: TurnIdentity): Promise<Outcome<RunResponse>> {
  if (!(await record(options, adapterFailureEvent(turn)))) return refuse('audit_unavailable');
  options.metrics.decided('deny', 'llm_adapter_unavailable', NO_TOOL, null);
  return refuse('llm_adapter_unavailable');
}

/** What follows from what the agent proposed. */
function proceed(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  policy: ActivePolicy | null,
  proposal: Proposal | null,
): Promise<Outcome<RunResponse>> {
  if (proposal === null) return refuseTurn(options, turn);
  switch (request.path) {
    case 'protected':
      return runProtected(options, turn, request, policy, proposal);
    case 'vulnerable':
      return runVulnerable(options, turn, request, policy, proposal);
  }
}

/** One agent turn from request to answer. */
export async function runTurn(
  options: PipelineOptions,
  call: CallContext,
  request: RunRequest,
): Promise<Outcome<RunResponse>> {
  if (request.path === 'vulnerable' && !options.vulnerablePath) return refuse('path_not_permitted');
  if (!holdsIdentity(options, call, request)) return refuse('identity_mismatch');

  const { metrics } = options;
  const beganAt = metrics.now();
  // INVARIANT: a turn sees one policy from start to end.
  const policy = options.policy.current();
  const turn: TurnIdentity = {
    call,
    request,
    decision_id: options.ids.next(),
    model: options.adapter.model,
    policy_sha256: policy?.sha256 ?? null,
  };
  const answer = propose(options, turn, request);
  const proposal = answer instanceof Promise ? await answer : answer;
  metrics.lap('agent', beganAt);
  const outcome = await proceed(options, turn, request, policy, proposal);
  metrics.lap('turn', beganAt);
  return outcome;
}
