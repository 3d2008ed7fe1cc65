import type { FilterContext } from '../domain/filter.js';
import type { ActivePolicy } from '../domain/policy.js';
import type { Principal } from '../domain/principal.js';
import type { TurnRequest } from '../domain/request.js';
import type { ToolCall } from '../domain/tool-call.js';

/** Everything that a decision rests on. Taken together once, so that a decision sees one policy from start to end. */
export interface Inquiry {
  readonly decision_id: string;
  readonly correlation_id: string;
  readonly principal: Principal;
  readonly request: TurnRequest;
  readonly call: ToolCall;
  /** Null in a process without a policy, which denies everything. */
  readonly policy: ActivePolicy | null;
  /** What the turn's untrusted material says about texts made from it. */
  readonly source: Pick<FilterContext, 'source_sensitivity' | 'source_labels'>;
  /** UTF-8 bytes of this request's texts that the filter has examined already. */
  readonly examined_bytes: number;
}
