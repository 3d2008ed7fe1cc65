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

/** The parts of an agent's turn, of a form that can be decided on; null where they are not. */
function parseTurn({ model_text, tool_call }: AgentTurn): Proposal | null {
  if (typeof model_text !== 'string') return null;
  if (tool_call === null) return { model_text, tool_call };
  const parsed = toolCallSchema.safeParse(tool_call);
  return parsed.success ? { model_text, tool_call: parsed.data } : null;
}

/**
 * The agent's turn; null when it produced none, or none of a form that can be decided on. Never throws or rejects, and
 * makes no promise where the adapter makes none.
 */
export function propose(
  { adapter }: Pick<PipelineOptions, 'adapter'>,
  request: RunRequest,
): Proposal | null | Promise<Proposal | null> {
  try {
    const answer = adapter.propose(assemblePrompt(request), request);
    return answer instanceof Promise ? answer.then(parseTurn).catch(() => null) : parseTurn(answer);
  } catch {
    return null;
  }
}
