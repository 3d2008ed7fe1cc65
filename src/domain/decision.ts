import type { ApprovalReference, ApprovalVerdict } from './approval.js';
import type { FilterVerdict } from './filter.js';
import type { RiskLevel } from './policy.js';
import type { Reason, Stage } from './reasons.js';
import type { Tool } from './tool.js';
import type { JsonObject } from './wire.js';

/** What is known of a call when it is decided, whatever the effect. */
interface DecisionFacts {
  readonly decision_id: string;
  readonly reason: Reason;
  readonly stage: Stage;
  readonly policy_sha256: string | null;
  /** The policy's; null where the policy was not reached or does not know the tool. */
  readonly risk_level: RiskLevel | null;
  readonly requires_human_approval: boolean;
  /** Validated and defaulted; null where the schema check did not pass. */
  readonly arguments: JsonObject | null;
  /** Null where the argument filter was not reached. */
  readonly argument_verdict: FilterVerdict | null;
  /** Null where the approval gate was not reached. */
  readonly approval_verdict: ApprovalVerdict | null;
}

/** Every check passed: the only value with which a tool may run. */
export interface AllowDecision extends DecisionFacts {
  readonly effect: 'allow';
  readonly argument_verdict: FilterVerdict;
  readonly approval_verdict: ApprovalVerdict;
  readonly tool: Tool;
  readonly arguments: JsonObject;
}

/** A check, or a fault inside one, said no. */
export interface DenyDecision extends DecisionFacts {
  readonly effect: 'deny';
}

/** A human must approve first. */
export interface StepUpDecision extends DecisionFacts {
  readonly effect: 'step_up';
  readonly approval: ApprovalReference | null;
}

/** The broker's answer. Made to grow: handle it with an exhaustive switch. */
export type Decision = AllowDecision | DenyDecision | StepUpDecision;
