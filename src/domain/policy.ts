import { z } from 'zod';
import type { ToolRegistry } from './tool.js';

/** How much harm a tool can do, in rising order. It informs people; it decides nothing. */
export const riskLevelSchema = z.enum(['low', 'medium', 'high', 'critical']);

/** One of the levels of `riskLevelSchema`. */
export type RiskLevel = z.infer<typeof riskLevelSchema>;

/** The policy in force: a document, the digest it was verified by, and the tools that it and the program declare. */
export interface ActivePolicy {
  /** The validated document, as `GET /v1/policy` shows it. */
  readonly document: Readonly<Record<string, unknown>>;
  /** SHA-256 (lowercase hex) of the document's canonical form. */
  readonly sha256: string;
  readonly loaded_at: string;
  /** Base name of the file, never its path. */
  readonly source: string;
  readonly tools: ToolRegistry;
  ruleFor(toolName: string): ToolRule | undefined;
  evaluate(question: PolicyQuestion): PolicyVerdict;
  /** `deny`; anything else allows nothing. */
  readonly default_decision: string;
}

/** What a policy says of a tool. */
export interface ToolRule {
  readonly enabled: boolean;
  readonly risk_level: RiskLevel;
  readonly external_effect: boolean;
  readonly destructive: boolean;
  readonly requires_human_approval: boolean;
  readonly allowed_roles: readonly string[];
}

/** Whether a human must approve: the policy says so, or the tool has external effect, or it is destructive. */
export function needsHuman(
  rule: Pick<ToolRule, 'requires_human_approval' | 'external_effect' | 'destructive'>,
): boolean {
  return rule.requires_human_approval || rule.external_effect || rule.destructive;
}

/** What a policy is asked: may this role, for this tenant, call this tool on this target with these arguments? */
export interface PolicyQuestion {
  readonly tool_name: string;
  readonly role: string;
  readonly tenant_id: string;
  readonly target: string | null;
  /** Validated and defaulted. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the policy says of a call: pass on to the next check, or the first no. */
export type PolicyVerdict =
  | { readonly ok: true; readonly rule: ToolRule }
  | {
      readonly ok: false;
      readonly reason:
        | 'unknown_tool_denied_by_policy'
        | 'tool_disabled_by_policy'
        | 'role_not_permitted_for_tool'
        | 'cross_tenant_target_denied'
        | 'argument_constraint_violated';
      /** The JSON pointer, for a violated constraint. */
      readonly detail?: string;
      readonly rule: ToolRule | null;
    };

/** Gives the policy in force at this moment. A turn asks once and keeps the answer. */
export interface PolicySource {
  /** Null in a process without a policy, which denies everything. */
  current(): ActivePolicy | null;
}
