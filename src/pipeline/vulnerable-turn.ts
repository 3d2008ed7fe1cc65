import type { Outcome } from '../domain/control-plane.js';
import type { ActivePolicy } from '../domain/policy.js';
import { detailedReasonOf, reasonOf, type Reason } from '../domain/reasons.js';
import type { RunRequest } from '../domain/request.js';
import type { RunResponse } from '../domain/response.js';
import { answer } from './answer.js';
import { measuredToolName, record } from './decide-call.js';
import { refuse, type PipelineOptions } from './pipeline.js';
import type { Proposal } from './proposal.js';
import { vulnerableEvent, type TurnIdentity } from './turn-event.js';

function labelOf(toolName: string, options: PipelineOptions): Reason {
  switch (toolName) {
    case 'run_shell':
      return reasonOf('would_have_invoked_shell');
    case 'send_email':
      return reasonOf('would_have_sent_email_without_broker');
    default:
      return detailedReasonOf('would_have_called', toolName, (text) => options.filter.redact(text));
  }
}

/** The teaching path: no boundary, raw texts, a label for what would have happened; nothing is executed. */
export async function runVulnerable(
  options: PipelineOptions,
  turn: TurnIdentity,
  request: RunRequest,
  policy: ActivePolicy | null,
  { model_text, tool_call }: Proposal,
): Promise<Outcome<RunResponse>> {
  const raw = { allowed: true, model_text, filtered_output: model_text };
  if (tool_call === null) {
    return answer(turn, request, {
      ...raw,
      stage: 'complete',
      reason: reasonOf('no_tool_call_vulnerable_path'),
    });
  }
  const reason = labelOf(tool_call.tool_name, options);
  if (!(await record(options, vulnerableEvent(turn, tool_call, reason)))) return refuse('audit_unavailable');
  options.metrics.decided('bypassed', reason.code, measuredToolName(policy, tool_call), null);
  return answer(turn, request, { ...raw, stage: 'vulnerable_simulation', reason });
}
