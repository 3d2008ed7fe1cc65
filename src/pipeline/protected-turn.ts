import type { Outcome } from '../domain/control-plane.js';
import type { AllowDecision } from '../domain/decision.js';
import type { FilteredText, FilterVerdict } from '../domain/filter.js';
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
import { aftermathEvent, textEvent, type TurnIdentity } from './turn-event.js';

const WITHHELD: Simulation = { success: true, message: 'tool_result_withheld', simulated_output: {} };

const FAILED: Simulation = { success: false, message: 'tool_simulation_failed', simulated_output: {} };

/** What a turn shows of itself inside the organisation: the context in which its texts are judged. */
function displayContext(
  request: RunRequest,
  source: Pick<RunContext, 'source_sensitivity' | 'source_labels'>,
) {
  return {
    tenant_id: request.tenant_id,
    destination: 'internal_display' as const,
    source_sensitivity: source.source_sensitivity,
    source_labels: source.source_labels,
    strict_response_schema: false,
    allowed_response_keys: null,
  };
}

type RunContext = Parameters<PipelineOptions['filter']['check']>[0]['context'];

/** A turn without a tool call: recorded, then answered. */
async function complete(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  text: FilteredText,
): Promise<Outcome<RunResponse>> {
  const ending = { allowed: true, stage: 'complete' as const, reason: reasonOf('no_tool_call') };
  if (!(await record(options, textEvent(turn, null, ending, null)))) return refuse('audit_unavailable');
  options.metrics.decided('allow', 'no_tool_call', NO_TOOL, null);
  return answer(turn, request, { ...ending, model_text: text, filtered_output: text });
}

/** A text that leaks ends the turn, and nothing of it is shown. */
async function blockText(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  toolCall: ToolCall | null,
  verdict: FilterVerdict,
): Promise<Outcome<RunResponse>> {
  const ending = { allowed: false, stage: 'output_filter' as const, reason: reasonOf(verdict.reason) };
  if (!(await record(options, textEvent(turn, toolCall, ending, verdict))))
    return refuse('audit_unavailable');
  options.metrics.decided('deny', verdict.reason, NO_TOOL, null);
  options.metrics.found(verdict.findings);
  return answer(turn, request, { ...ending, model_text: '', filtered_output: '' });
}

function simulate(decision: AllowDecision, tenantId: string): Simulation | null {
  try {
    return decision.tool.simulate(decision.arguments, tenantId);
  } catch {
    return null;
  }
}

/** Runs the tool of an allow that is on record, and filters what it answers. */
async function runTool(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  proposal: { readonly text: FilteredText; readonly toolCall: ToolCall },
  decision: AllowDecision,
  context: RunContext,
): Promise<Outcome<RunResponse>> {
  const ending = {
    allowed: true,
    tool_executed: true,
    model_text: proposal.text,
    filtered_output: proposal.text,
  };
  const { metrics } = options;
  const ranAt = metrics.now();
  const result = simulate(decision, request.tenant_id);
  const filteredAt = metrics.lap('tool', ranAt);
  if (result === null) {
    const outcome = { stage: 'simulation' as const, reason: reasonOf('tool_simulation_failed') };
    const event = aftermathEvent(turn, proposal.toolCall, decision, outcome, null);
    if (!(await record(options, event))) return refuse('audit_unavailable');
    return answer(turn, request, { ...ending, ...outcome, simulation: FAILED });
  }

  const examined = decision.argument_verdict?.examined_bytes ?? 0;
  const verdict = options.filter.check({
    text: result.message,
    structured_output: result.simulated_output,
    context,
    examined_bytes: examined,
  });
  metrics.lap('result_filter', filteredAt);
  metrics.found(verdict.findings);
  if (verdict.allowed) {
    return answer(turn, request, {
      ...ending,
      stage: 'simulation',
      reason: decision.reason,
      simulation: result,
    });
  }
  const outcome = { stage: 'tool_result_filter' as const, reason: reasonOf(verdict.reason) };
  const event = aftermathEvent(turn, proposal.toolCall, decision, outcome, verdict);
  if (!(await record(options, event))) return refuse('audit_unavailable');
  return answer(turn, request, { ...ending, ...outcome, simulation: WITHHELD });
}

/** The protected path: filter, broker, record, tool, result filter. */
export async function runProtected(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  policy: ActivePolicy | null,
  { model_text, tool_call }: Proposal,
): Promise<Outcome<RunResponse>> {
  const beganAt = options.metrics.now();
  const source = options.filter.contextOf(request);
  const context = displayContext(request, source);
  const verdict = options.filter.check({ text: model_text, context });
  options.metrics.lap('output_filter', beganAt);
  if (!verdict.allowed) return blockText(options, turn, request, tool_call, verdict);
  const text = verdict.filtered_text;
  if (tool_call === null) return complete(options, turn, request, text);

  const inquiry = { request, call: tool_call, policy, source, examined_bytes: verdict.examined_bytes };
  const recorded = await decideCall(options, turn, inquiry, 'simulation');
  if (!recorded.ok) return recorded;
  const decision = recorded.value;
  const shown = { model_text: text, filtered_output: text };
  switch (decision.effect) {
    case 'allow':
      return runTool(options, turn, request, { text, toolCall: tool_call }, decision, context);
    case 'deny':
      return answer(turn, request, {
        ...shown,
        allowed: false,
        stage: decision.stage,
        reason: decision.reason,
      });
    case 'step_up':
      return answer(turn, request, {
        ...shown,
        allowed: false,
        stage: decision.stage,
        reason: decision.reason,
        approval: decision.approval,
      });
  }
}
