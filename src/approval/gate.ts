import { needsHuman } from '../domain/policy.js';
import type {
  ApprovalGate,
  ApprovalMissingReason,
  ApprovalVerdict,
  PresentedApproval,
  ProposedAction,
} from '../domain/approval.js';

/** The rule that wants a human, as it is shown to the approver. */
export type ApprovalRule = Exclude<ApprovalMissingReason, 'approval_token_missing'>;

/** Where missing approvals wait for a human, and where tokens are redeemed. Both throw `StoreError`. */
export interface ApprovalWorkflow {
  /** Files the action for a human; the same open action is filed once. */
  file(action: ProposedAction, reason: ApprovalMissingReason): Promise<ApprovalVerdict>;
  /** Judges a token and, where it is good for exactly this action, uses it up. */
  redeem(action: ProposedAction, token: string): Promise<ApprovalVerdict>;
}

/** What a gate asks for, and whom. */
export interface ApprovalGateOptions {
  /** Whether only a token can grant; the caller's own `human_approval` flag then counts for nothing. */
  readonly requireToken: boolean;
  /** Null where there is nothing to wait in: approval is then missing, and no token is known. */
  readonly workflow: ApprovalWorkflow | null;
}

const NOT_REQUIRED: ApprovalVerdict = { outcome: 'not_required' };
const GRANTED_BY_FLAG: ApprovalVerdict = { outcome: 'granted', via: 'flag' };
const UNKNOWN_TOKEN: ApprovalVerdict = {
  outcome: 'refused',
  reason: 'approval_token_unknown',
  approval_id: null,
  transitions: [],
};

/** Which rule asks for a human; external or destructive effect outranks the policy's wish. */
export function ruleOf(action: Pick<ProposedAction, 'external_effect' | 'destructive'>): ApprovalRule {
  return action.external_effect || action.destructive
    ? 'human_approval_required_for_high_impact_action'
    : 'human_approval_required_by_policy';
}

/**
 * Creates the human-approval gate, the broker's last check.
 *
 * A token that is present is judged, and a bad one denies, whether a human is needed or not and whatever the flag says.
 * `check` answers without a promise where there is no token and no human is needed or the flag grants; it rejects with
 * `StoreError` where the store cannot answer.
 */
export function createApprovalGate({ requireToken, workflow }: ApprovalGateOptions): ApprovalGate {
  return {
    check(action: ProposedAction, presented: PresentedApproval) {
      if (presented.approval_token !== null) {
        return workflow === null ? UNKNOWN_TOKEN : workflow.redeem(action, presented.approval_token);
      }
      if (!needsHuman(action)) return NOT_REQUIRED;
      if (presented.human_approval && !requireToken) return GRANTED_BY_FLAG;
      const reason = requireToken ? 'approval_token_missing' : ruleOf(action);
      if (workflow === null) return { outcome: 'missing', reason, approval: null, transitions: [] };
      return workflow.file(action, reason);
    },
  };
}
