import type { AgentAdapter } from '../agent/adapter.js';
import type { Broker } from '../broker/broker.js';
import type { AuditLog } from '../domain/audit-event.js';
import type { CallContext, RefusalCode } from '../domain/control-plane.js';
import type { FaultObserver } from '../domain/fault.js';
import type { OutputFilter } from '../domain/filter.js';
import type { IdSource } from '../domain/ids.js';
import type { Metrics } from '../domain/metrics.js';
import type { PolicySource } from '../domain/policy.js';
import type { IdentityService } from '../domain/principal.js';
import type { TurnRequest } from '../domain/request.js';

/** What a turn passes through. */
export interface PipelineOptions {
  readonly adapter: AgentAdapter;
  readonly audit: AuditLog;
  readonly broker: Broker;
  readonly filter: OutputFilter;
  readonly identity: IdentityService;
  readonly ids: IdSource;
  readonly metrics: Metrics;
  readonly policy: PolicySource;
  /** Whether the teaching path may be asked for. */
  readonly vulnerablePath: boolean;
  /** Told of faults that a turn is answered without. */
  readonly onFault?: FaultObserver;
}

/** A turn that is not decided: refused before, or not recorded. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
}

/** The refusal with this code. */
export function refuse(code: RefusalCode): Refusal {
  return { ok: false, code };
}

/** Whether what the body claims is its caller's to claim. */
export function holdsIdentity(options: PipelineOptions, call: CallContext, request: TurnRequest): boolean {
  return options.identity.holds(call.principal, request);
}
