import type { AgentTurn } from '../agent/adapter.js';
import type { RunRequest } from '../domain/request.js';
import { toolCallSchema, type ToolCall } from '../domain/tool-call.js';
import { assemblePrompt } from '../prompt/prompt.js';
import type { PipelineOptions } from './pipeline.js';

/** What an agent proposed, parsed: still untrusted, but of a known form. */
export interface Proposal {
  readonly model_text: string;
  readonly tool_call: ToolCall | null;
}

/** The agent's turn; null when it produced none, or none of a form that can be decided on. */
export async function propose(
  { adapter }: Pick<PipelineOptions, 'adapter'>,
  request: RunRequest,
): Promise<Proposal | null> {
  try {
    const answer = adapter.propose(assemblePrompt(request), request);
    const turn: AgentTurn = answer instanceof Promise ? await answer : answer;
    if (typeof turn.model_text !== 'string') return null;
    const tool_call = turn.tool_call === null ? null : toolCallSchema.parse(turn.tool_call);
    return { model_text: turn.model_text, tool_call };
  } catch {
    return null;
  }
}
