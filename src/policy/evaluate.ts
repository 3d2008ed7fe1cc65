import type { PolicyQuestion, PolicyVerdict, ToolRule } from '../domain/policy.js';
import type { ToolRegistry } from '../domain/tool.js';

/** A rule made ready to be asked. */
export interface CompiledRule {
  readonly rule: ToolRule;
  readonly roles: ReadonlySet<string>;
}

/**
 * Asks the policy about a call: listed, enabled, role, tenant, narrowing. The first no wins.
 *
 * Takes the same time whatever the number of tools.
 */
export function evaluatePolicy(
  rules: ReadonlyMap<string, CompiledRule>,
  tools: ToolRegistry,
  question: PolicyQuestion,
): PolicyVerdict {
  const compiled = rules.get(question.tool_name);
  const tool = tools.get(question.tool_name);
  if (compiled === undefined || tool === undefined) {
    return { ok: false, reason: 'unknown_tool_denied_by_policy', rule: null };
  }
  const { rule, roles } = compiled;
  if (!rule.enabled) return { ok: false, reason: 'tool_disabled_by_policy', rule };
  if (!roles.has(question.role)) return { ok: false, reason: 'role_not_permitted_for_tool', rule };
  // INVARIANT: isolation is always strict (no other policy loads), and a call without a target is aimed at nobody.
  if (question.target !== question.tenant_id) {
    return { ok: false, reason: 'cross_tenant_target_denied', rule };
  }
  const narrowing = tool.checkNarrowing(question.arguments);
  if (!narrowing.ok) {
    return { ok: false, reason: 'argument_constraint_violated', detail: narrowing.pointer, rule };
  }
  return { ok: true, rule };
}
