import { z } from 'zod';
import type { AgentTurn } from '../agent/adapter.js';
import { AdapterError } from '../domain/errors.js';
import { tellFault } from '../domain/fault.js';
import type { RunRequest } from '../domain/request.js';
import { toolCallSchema, type ToolCall } from '../domain/tool-call.js';
import { assemblePrompt } from '../prompt/prompt.js';
import type { PipelineOptions } from './pipeline.js';
import { subjectOf, type TurnIdentity } from './turn-event.js';

/** What an agent proposed, parsed: still untrusted, but of a known form. */
export interface Proposal {
  readonly model_text: string;
  readonly tool_call: ToolCall | null;
}

/** Several times faster than the schema, with the same results and the same errors. */
const compiledToolCallSchema = z.compile(toolCallSchema);

/** The parts of an agent's turn, of a form that can be decided on. @throws AdapterError */
function parseTurn({ model_text, tool_call }: AgentTurn): Proposal {
  if (typeof model_text !== 'string') throw new AdapterError('the model text of the turn is no text');
  if (tool_call === null) return { model_text, tool_call };
  const parsed = compiledToolCallSchema.safeParse(tool_call);
  if (parsed.success) return { model_text, tool_call: parsed.data };
  // THREAT: further down the path, and in the issue's message, are names of the model's choosing.
  const [{ code, path } = { code: 'custom', path: [] }] = parsed.error.issues;
  const place = ['tool_call', ...path.slice(0, 1)].join('.');
  throw new AdapterError(`the turn is of no form that can be decided on: ${place} (${code})`);
}

type ProposingOptions = Pick<PipelineOptions, 'adapter' | 'onFault'>;

/** Notes why there is no turn. */
function noTurn({ onFault }: ProposingOptions, turn: TurnIdentity, error: unknown): null {
  tellFault(onFault, 'agent_adapter', error, subjectOf(turn));
  return null;
}

/**
 * The agent's turn; null when it produced none, or none of a form that can be decided on. Never throws or rejects, and
 * makes no promise where the adapter makes none.
 */
export function propose(
  options: ProposingOptions,
  turn: TurnIdentity,
  request: RunRequest,
): Proposal | null | Promise<Proposal | null> {
  try {
    const answer = options.adapter.propose(assemblePrompt(request), request);
    if (!(answer instanceof Promise)) return parseTurn(answer);
    return answer.then(parseTurn).catch((error: unknown) => noTurn(options, turn, error));
  } catch (error) {
    return noTurn(options, turn, error);
  }
}
