import type { ApprovalService } from './approval.js';
import type { AuthorizeRequest, FilterRequest, RunRequest } from './request.js';
import type { AuthorizeResponse, FilterResponse, PolicyResponse, RunResponse } from './response.js';
import type { IdentityService, Principal } from './principal.js';

/** Who calls, and what the request is called in the log and in the answer. */
export interface CallContext {
  readonly principal: Principal;
  readonly correlation_id: string;
}

/** Why a request was not decided at all; `http/` maps each to a status. */
export type RefusalCode =
  | 'identity_mismatch'
  | 'path_not_permitted'
  | 'too_many_pending_approvals'
  | 'llm_adapter_unavailable'
  | 'approval_store_unavailable'
  | 'audit_unavailable';

/** An answer, or why there is none. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: RefusalCode };

/** A refusal at the HTTP boundary that the audit log keeps. */
export interface BoundaryRefusal {
  readonly code: BoundaryRefusalCode;
  /** Null where the request carried none. */
  readonly correlation_id: string | null;
  readonly principal: Principal | null;
  /** Peer address: groups repeated refusals, and is not logged. */
  readonly address: string;
  /** What the body said of whom it is for, where there was one. */
  readonly claimed: Pick<RunRequest, 'request_id' | 'user_id' | 'session_id' | 'tenant_id'> | null;
}

/** Why a request was turned away before anything was decided, where the audit log keeps it. */
export type BoundaryRefusalCode =
  | 'unauthorized'
  | 'insufficient_scope'
  | 'identity_mismatch'
  | 'path_not_permitted'
  | 'request_entity_too_large';

/** Whether the process can serve. */
export interface Readiness {
  readonly ready: boolean;
  /** The parts that cannot serve. */
  readonly failing: readonly ('policy' | 'audit' | 'approval_store')[];
}

/** The composed control plane, as the HTTP layer and the command line see it. */
export interface ControlPlane {
  readonly identity: IdentityService;
  readonly approvals: ApprovalService;
  run(call: CallContext, request: RunRequest): Promise<Outcome<RunResponse>>;
  authorize(call: CallContext, request: AuthorizeRequest): Promise<Outcome<AuthorizeResponse>>;
  filter(request: FilterRequest): FilterResponse;
  /** Null in a process without a policy. */
  policy(): PolicyResponse | null;
  readiness(): Promise<Readiness>;
  /** Records a refusal; repeated ones from one address, caller and tenant once a second with a count. */
  recordRefusal(refusal: BoundaryRefusal): Promise<void>;
  /** Finishes what was accepted, flushes the audit log and closes every store. */
  close(): Promise<void>;
}
