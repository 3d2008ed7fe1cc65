import type { Reason, Stage } from '../domain/reasons.js';
import type { RunRequest } from '../domain/request.js';
import type { RunResponse } from '../domain/response.js';
import type { TurnIdentity } from './turn-event.js';

/** The part of an answer that each ending of a turn has for itself. */
interface Ending {
  readonly allowed: boolean;
  readonly stage: Stage;
  readonly reason: Reason;
  readonly model_text: string;
  readonly filtered_output: string;
  readonly tool_executed?: boolean;
  readonly simulation?: RunResponse['simulation'];
  readonly approval?: RunResponse['approval'];
}

/** The answer of `POST /run` for a turn that ended so. */
export function answer(
  turn: TurnIdentity,
  request: RunRequest,
  ending: Ending,
): { ok: true; value: RunResponse } {
  return {
    ok: true,
    value: {
      request_id: request.request_id,
      correlation_id: turn.call.correlation_id,
      path: request.path,
      allowed: ending.allowed,
      stage: ending.stage,
      reason: ending.reason.text,
      model_text: ending.model_text,
      filtered_output: ending.filtered_output,
      tool_executed: ending.tool_executed ?? false,
      simulation: ending.simulation ?? null,
      approval: ending.approval ?? null,
      decision_id: turn.decision_id,
    },
  };
}
