import type { CallContext, Outcome } from '../domain/control-plane.js';
import type { ActivePolicy } from '../domain/policy.js';
import type { RunRequest } from '../domain/request.js';
import type { RunResponse } from '../domain/response.js';
import { record } from './decide-call.js';
import { holdsIdentity, refuse, type PipelineOptions } from './pipeline.js';
import { propose, type Proposal } from './proposal.js';
import { runProtected } from './protected-turn.js';
import { adapterFailureEvent, type TurnIdentity } from './turn-event.js';
import { runVulnerable } from './vulnerable-turn.js';

/** What follows from what the agent proposed. */
async function proceed(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  policy: ActivePolicy | null,
  proposal: Proposal | null,
): Promise<Outcome<RunResponse>> {
  if (proposal === null) {
    const isRecorded = await record(options, adapterFailureEvent(turn));
    return refuse(isRecorded ? 'llm_adapter_unavailable' : 'audit_unavailable');
  }
  switch (request.path) {
    case 'protected':
      return runProtected(options, turn, request, policy, proposal);
    case 'vulnerable':
      return runVulnerable(options, turn, request, proposal);
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

  // INVARIANT: a turn sees one policy from start to end.
  const policy = options.policy.current();
  const turn: TurnIdentity = {
    call,
    request,
    decision_id: options.ids.next(),
    model: options.adapter.model,
    policy_sha256: policy?.sha256 ?? null,
  };
  const proposal = propose(options, request);
  return proceed(options, turn, request, policy, proposal instanceof Promise ? await proposal : proposal);
}
