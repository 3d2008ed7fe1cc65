import type { Outcome } from '../domain/control-plane.js';
import type { AllowDecision } from '../domain/decision.js';
import { tellFault } from '../domain/fault.js';
import type { FilterContext, FilteredText, FilterVerdict } from '../domain/filter.js';
import type { ActivePolicy } from '../domain/policy.js';
import { NO_TOOL } from '../domain/metrics.js';
import { reasonOf } from '../domain/reasons.js';
import type { RunRequest } from '../domain/request.js';
import type { RunResponse } from '../domain/response.js';
import type { Simulation } from '../domain/tool.js';
import type { ToolCall } from '../domain/tool-call.js';
import { answer } from './answer.js';
import { decideCall, record } from './decide-call.js';
import { refuse, type PipelineOptions } from './pipeline.js';
import type { Proposal } from './proposal.js';
import { callEvent, subjectOf, textEvent, type TurnIdentity } from './turn-event.js';

const WITHHELD: Simulation = { success: true, message: 'tool_result_withheld', simulated_output: {} };

const FAILED: Simulation = { success: false, message: 'tool_simulation_failed', simulated_output: {} };

/** One protected turn: what it passes through, what it is called, and the context in which its texts are judged. */
interface ProtectedTurn {
  readonly options: PipelineOptions;
  readonly identity: TurnIdentity;
  readonly request: RunRequest;
  readonly context: FilterContext;
}

/** What a turn shows of itself stays inside the organisation. */
function displayContext(
  request: RunRequest,
  source: Pick<FilterContext, 'source_sensitivity' | 'source_labels'>,
): FilterContext {
  return {
    tenant_id: request.tenant_id,
    destination: 'internal_display',
    source_sensitivity: source.source_sensitivity,
    source_labels: source.source_labels,
    strict_response_schema: false,
    allowed_response_keys: null,
  };
}

/** A turn without a tool call: recorded, then answered. */
async function complete(turn: ProtectedTurn, text: FilteredText): Promise<Outcome<RunResponse>> {
  const { options, identity, request } = turn;
  const ending = { allowed: true, stage: 'complete' as const, reason: reasonOf('no_tool_call') };
  if (!(await record(options, textEvent(identity, null, ending, null)))) return refuse('audit_unavailable');
  options.metrics.decided('allow', 'no_tool_call', NO_TOOL, null);
  return answer(identity, request, { ...ending, model_text: text, filtered_output: text });
}

/** A text that leaks ends the turn, and nothing of it is shown. */
async function blockText(
  turn: ProtectedTurn,
  toolCall: ToolCall | null,
  verdict: FilterVerdict,
): Promise<Outcome<RunResponse>> {
  const { options, identity, request } = turn;
  const ending = { allowed: false, stage: 'output_filter' as const, reason: reasonOf(verdict.reason) };
  const event = textEvent(identity, toolCall, ending, verdict);
  if (!(await record(options, event))) return refuse('audit_unavailable');
  options.metrics.decided('deny', verdict.reason, NO_TOOL, null);
  options.metrics.found(verdict.findings);
  return answer(identity, request, { ...ending, model_text: '', filtered_output: '' });
}

function simulate({ options, identity, request }: ProtectedTurn, decision: AllowDecision): Simulation | null {
  try {
    return decision.tool.simulate(decision.arguments, request.tenant_id);
  } catch (error) {
    tellFault(options.onFault, 'tool', error, subjectOf(identity));
    return null;
  }
}

/** What the tool answered, filtered; null where it failed. */
function runAndFilter(turn: ProtectedTurn, decision: AllowDecision) {
  const { options, context } = turn;
  const { metrics, filter } = options;
  const ranAt = metrics.now();
  const result = simulate(turn, decision);
  const filteredAt = metrics.lap('tool', ranAt);
  if (result === null) return null;
  const verdict = filter.check({
    text: result.message,
    structured_output: result.simulated_output,
    context,
    examined_bytes: decision.argument_verdict.examined_bytes,
  });
  metrics.lap('result_filter', filteredAt);
  metrics.found(verdict.findings);
  return { result, verdict };
}

/** What a turn says whose tool ran: the call stays allowed whatever became of its result. */
interface Ran {
  readonly toolCall: ToolCall;
  readonly decision: AllowDecision;
  readonly shown: Readonly<Record<'model_text' | 'filtered_output', FilteredText>>;
}

/** A tool that failed, or whose result leaks: on record, before the caller hears of it. */
async function answerAftermath(
  { options, identity, request }: ProtectedTurn,
  { toolCall, decision, shown }: Ran,
  verdict: FilterVerdict | null,
): Promise<Outcome<RunResponse>> {
  const outcome =
    verdict === null
      ? { stage: 'simulation' as const, reason: reasonOf('tool_simulation_failed') }
      : { stage: 'tool_result_filter' as const, reason: reasonOf(verdict.reason) };
  const event = callEvent(identity, toolCall, decision, outcome, verdict);
  if (!(await record(options, event))) return refuse('audit_unavailable');
  const simulation = verdict === null ? FAILED : WITHHELD;
  return answer(identity, request, { ...shown, ...outcome, allowed: true, tool_executed: true, simulation });
}

/** Runs the tool of an allow that is on record, and filters what it answers. */
function runTool(turn: ProtectedTurn, ran: Ran): Outcome<RunResponse> | Promise<Outcome<RunResponse>> {
  const done = runAndFilter(turn, ran.decision);
  if (done?.verdict.allowed !== true) return answerAftermath(turn, ran, done?.verdict ?? null);
  return answer(turn.identity, turn.request, {
    ...ran.shown,
    allowed: true,
    tool_executed: true,
    stage: 'simulation',
    reason: ran.decision.reason,
    simulation: done.result,
  });
}

/** The protected path: filter, broker, record, tool, result filter. */
export async function runProtected(
  options: PipelineOptions,
  identity: TurnIdentity,
  request: RunRequest,
  policy: ActivePolicy | null,
  { model_text, tool_call }: Proposal,
): Promise<Outcome<RunResponse>> {
  const beganAt = options.metrics.now();
  const source = options.filter.contextOf(request);
  const context = displayContext(request, source);
  const turn = { options, identity, request, context };
  const verdict = options.filter.check({ text: model_text, context });
  options.metrics.lap('output_filter', beganAt);
  if (!verdict.allowed) return blockText(turn, tool_call, verdict);
  const text = verdict.filtered_text;
  if (tool_call === null) return complete(turn, text);

  const inquiry = { request, call: tool_call, policy, source, examined_bytes: verdict.examined_bytes };
  const recorded = await decideCall(options, identity, inquiry, 'simulation');
  if (!recorded.ok) return recorded;
  const decision = recorded.value;
  const { stage, reason } = decision;
  const shown = { model_text: text, filtered_output: text };
  switch (decision.effect) {
    case 'allow':
      return runTool(turn, { toolCall: tool_call, decision, shown });
    case 'deny':
      return answer(identity, request, { ...shown, allowed: false, stage, reason });
    case 'step_up': {
      const { approval } = decision;
      return answer(identity, request, { ...shown, allowed: false, stage, reason, approval });
    }
  }
}
