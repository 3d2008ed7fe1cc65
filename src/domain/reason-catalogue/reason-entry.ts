import type { AuditEventType } from '../event-types.js';

/** Where in the pipeline something was decided. */
export type Stage =
  | 'output_filter'
  | 'complete'
  | 'schema_validation'
  | 'tool_broker'
  | 'simulation'
  | 'authorize'
  | 'tool_result_filter'
  | 'vulnerable_simulation'
  | 'llm_adapter'
  | 'api_auth'
  | 'api_middleware'
  | 'approval'
  | 'policy'
  | 'audit';

/** A stage at which a reason can arise, and the audit event it is recorded as there. */
export interface Placement {
  readonly stage: Stage;
  readonly event: AuditEventType | null;
}

/** Most reasons arise at one stage; the output filter's wherever a text is filtered. */
export type Placements = readonly [Placement, ...Placement[]];

/** What the catalogue says of a reason. */
export interface ReasonEntry {
  readonly placements: Placements;
  readonly summary: string;
  /** What the caller can do about it, safe to show to anyone. */
  readonly remedy: string;
  /** What stands between the code and the part that names the offender, for codes that have such a part. */
  readonly detailSeparator?: ':' | '_';
}

/** The remedy where there is nothing to mend. */
export const NONE_NEEDED = 'nothing to do';

/** The remedy where only whoever runs the service can mend it. */
export const ASK_OPERATOR = 'ask the operator of this service';

/** The one place at which a reason arises. */
export function at(stage: Stage, event: AuditEventType | null): Placements {
  return [{ stage, event }];
}

/** A denial by the broker. */
export function denied(event: AuditEventType, summary: string, remedy: string): ReasonEntry {
  return { placements: at('tool_broker', event), summary, remedy };
}
