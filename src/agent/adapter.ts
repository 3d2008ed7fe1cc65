import type { RunRequest } from '../domain/request.js';

/** What an agent makes of a turn. Untrusted: the text is filtered, the candidate parsed and decided on. */
export interface AgentTurn {
  readonly model_text: string;
  /** A candidate for a tool call, of any form; null when the agent proposes none. */
  readonly tool_call: unknown;
}

/** An agent behind the boundary. */
export interface AgentAdapter {
  /** The model's name in the audit log. */
  readonly model: string;
  /** @throws AdapterError when it can produce no turn. */
  propose(prompt: string, request: RunRequest): AgentTurn | Promise<AgentTurn>;
}
