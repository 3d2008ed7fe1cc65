import { z } from 'zod';
import type { AuditEvent } from './audit-event.js';
import { limits } from './limits.js';
import type { RiskLevel } from './policy.js';
import { riskLevelSchema } from './policy.js';
import type { Principal } from './principal.js';
import type { Provenance } from './provenance.js';
import type { JsonObject } from './wire.js';

/** The states of an approval request; only `pending` and `approved` can still change. */
export const approvalStatusSchema = z.enum([
  'pending',
  'approved',
  'denied',
  'expired',
  'revoked',
  'consumed',
]);

/** One of the states of `approvalStatusSchema`. */
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** What an approver can do with a request, and what it means. */
export const approvalDecisionVerbs = [
  ['approve', 'approve exactly this action, once'],
  ['deny', 'deny this action'],
  ['revoke', 'take back a request or a grant'],
] as const;

export type ApprovalDecisionVerb = (typeof approvalDecisionVerbs)[number][0];

/** What a decision says of the approval that it waits for. */
export const approvalReferenceSchema = z.strictObject({
  approval_id: z.string(),
  status: approvalStatusSchema,
  expires_at: z.string(),
});

/** What `approvalReferenceSchema` describes. */
export type ApprovalReference = z.infer<typeof approvalReferenceSchema>;

/** Everything that an approval is bound to. */
export interface ProposedAction {
  readonly request_id: string;
  readonly correlation_id: string;
  readonly decision_id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly principal: Principal;
  readonly role: string;
  readonly tool_name: string;
  /** Validated and defaulted. */
  readonly arguments: JsonObject;
  readonly target: string | null;
  readonly risk_level: RiskLevel;
  readonly external_effect: boolean;
  readonly destructive: boolean;
  readonly requires_human_approval: boolean;
  readonly provenance: Provenance;
  readonly tool_schema_sha256: string;
  readonly policy_sha256: string;
}

/** What a caller presents to be let through. */
export interface PresentedApproval {
  readonly human_approval: boolean;
  readonly approval_token: string | null;
}

/** Why a call must wait for a human: nobody has approved it, and somebody still could. */
export type ApprovalMissingReason =
  | 'human_approval_required_for_high_impact_action'
  | 'human_approval_required_by_policy'
  | 'approval_token_missing';

/** Why a call is denied at the gate: what was presented does not hold, or nothing more may be asked. */
export type ApprovalRefusalReason =
  | 'approval_denied_recently'
  | 'too_many_pending_approvals'
  | 'approval_token_malformed'
  | 'approval_token_signature_invalid'
  | 'approval_token_unknown'
  | 'approval_token_reused'
  | 'approval_token_revoked'
  | 'approval_token_expired'
  | 'approval_token_user_mismatch'
  | 'approval_token_tenant_mismatch'
  | 'approval_token_tool_mismatch'
  | 'approval_token_target_mismatch'
  | 'approval_token_risk_mismatch'
  | 'approval_token_context_mismatch'
  | 'approval_token_provenance_mismatch'
  | 'approval_token_action_mismatch';

/**
 * The gate's verdict. `transitions` are audit events of the approval's own life; whoever records the decision
 * writes them together with it.
 */
export type ApprovalVerdict =
  | { readonly outcome: 'not_required' }
  | { readonly outcome: 'granted'; readonly via: 'flag' }
  | {
      readonly outcome: 'granted';
      readonly via: 'token';
      readonly approval_id: string;
      readonly approver_id: string;
      readonly transitions: readonly AuditEvent[];
    }
  | {
      readonly outcome: 'missing';
      readonly reason: ApprovalMissingReason;
      /** The request now waiting for a human; null where there is no workflow to wait in. */
      readonly approval: ApprovalReference | null;
      readonly transitions: readonly AuditEvent[];
    }
  | {
      readonly outcome: 'refused';
      readonly reason: ApprovalRefusalReason;
      readonly approval_id: string | null;
      readonly transitions: readonly AuditEvent[];
    };

/** The human-approval gate: the last check, asked only when every other has passed. Throws `StoreError`. */
export interface ApprovalGate {
  /** Synchronous where the store need not be asked. */
  check(action: ProposedAction, presented: PresentedApproval): ApprovalVerdict | Promise<ApprovalVerdict>;
}

/** The action as an approver sees it: everything invisible made visible, and named in `warnings`. */
export const approvalRecordSchema = z.strictObject({
  approval_id: z.string(),
  status: approvalStatusSchema,
  tenant_id: z.string(),
  user_id: z.string(),
  principal_id: z.string(),
  session_id: z.string(),
  identity_assurance: z.enum(['asserted', 'verified', 'delegated']),
  /** `delegated` where a gateway stated the user: separation of duties is then as good as the gateway. */
  role: z.string(),
  tool_name: z.string(),
  arguments: z.unknown(),
  target: z.string().nullable(),
  risk_level: riskLevelSchema,
  external_effect: z.boolean(),
  destructive: z.boolean(),
  /** The reason that asked for a human. */
  reason: z.string(),
  provenance: z.unknown(),
  warnings: z.array(z.string()),
  fingerprint: z.string(),
  policy_sha256: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  decided_at: z.string().nullable(),
  approver_id: z.string().nullable(),
  decision_reason: z.string().nullable(),
  consumed_at: z.string().nullable(),
  /** Only for the requesting principal, acting for the same user, while approved. */
  approval_token: z.string().optional(),
});

/** What `approvalRecordSchema` describes. */
export type ApprovalRecord = z.infer<typeof approvalRecordSchema>;

/** The query of the list of approvals; `cursor` is the `next_cursor` of the page before. */
export const approvalListQuerySchema = z.strictObject({
  status: approvalStatusSchema.optional(),
  tenant_id: z.string().max(limits.identifierLength).optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(limits.approvalPageSize))
    .optional(),
  cursor: z.string().max(512).optional(),
});

/** The query as it is parsed: `limit` is a number. */
export type ApprovalListQuery = z.infer<typeof approvalListQuerySchema>;

/** One page of approvals, newest first; `next_cursor` is null on the last one. */
export const approvalPageSchema = z.strictObject({
  approvals: z.array(approvalRecordSchema),
  next_cursor: z.string().nullable(),
});

/** What `approvalPageSchema` describes. */
export type ApprovalPage = z.infer<typeof approvalPageSchema>;

/** Body of approve, deny and revoke. */
export const approvalDecisionRequestSchema = z.strictObject({
  reason: z
    .string()
    .min(1)
    .max(limits.approvalReasonLength)
    .refine((value) => value.isWellFormed() && value.trim() !== '', { error: 'must say something' }),
});

/** Why an approval was not shown or not changed; `http/` maps each to a status. */
export type ApprovalRefusalCode =
  | 'not_found'
  | 'insufficient_scope'
  | 'separation_of_duties'
  | 'approval_state_conflict'
  | 'identity_mismatch'
  | 'validation_error';

/** What was asked for, or why it was refused. */
export type ApprovalResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: ApprovalRefusalCode };

/** Whose hand is on an approval request: the caller, and what the request is called in the log. */
export interface ApprovalCall {
  readonly principal: Principal;
  readonly correlation_id: string;
}

/** The approval workflow for humans and for the requesting principal. Throws `StoreError`, `AuditUnavailableError`. */
export interface ApprovalService {
  list(call: ApprovalCall, query: ApprovalListQuery): Promise<ApprovalResult<ApprovalPage>>;
  get(call: ApprovalCall, approvalId: string): Promise<ApprovalResult<ApprovalRecord>>;
  approve(call: ApprovalCall, approvalId: string, reason: string): Promise<ApprovalResult<ApprovalRecord>>;
  deny(call: ApprovalCall, approvalId: string, reason: string): Promise<ApprovalResult<ApprovalRecord>>;
  revoke(call: ApprovalCall, approvalId: string, reason: string): Promise<ApprovalResult<ApprovalRecord>>;
}
