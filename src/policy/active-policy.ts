import { toTimestamp } from '../domain/clock.js';
import type { ActivePolicy, ToolRule } from '../domain/policy.js';
import type { ToolDeclaration, ToolRegistry } from '../domain/tool.js';
import type { PolicyDocument, PolicyTool } from './document.js';
import { evaluatePolicy, type CompiledRule } from './evaluate.js';

/** A policy that was verified, and what it comes with. */
export interface ActivePolicyOptions {
  /** A document of another default is accepted here (library use); the broker then allows nothing. */
  readonly document: Omit<PolicyDocument, 'default_decision'> & { readonly default_decision: string };
  readonly sha256: string;
  /** Base name of the file. */
  readonly source: string;
  /** Milliseconds since the Unix epoch. */
  readonly loadedAt: number;
  readonly tools: ToolRegistry;
}

/** Makes a validated policy ready to be asked; it never changes afterwards. */
export function createActivePolicy(options: ActivePolicyOptions): ActivePolicy {
  const { document, sha256, source, tools } = options;
  const rules = new Map(Object.entries(document.tools).map(([name, tool]) => [name, compileRule(tool)]));
  return Object.freeze({
    document: deepFreeze(document),
    sha256,
    loaded_at: toTimestamp(options.loadedAt),
    source,
    tools,
    default_decision: document.default_decision,
    ruleFor: (toolName: string) => rules.get(toolName)?.rule,
    evaluate: (question) => evaluatePolicy(rules, tools, question),
  } satisfies ActivePolicy);
}

/** What a policy declares of its tools, for the tool registry. */
export function declarationsOf(document: Pick<PolicyDocument, 'tools'>): readonly ToolDeclaration[] {
  return Object.entries(document.tools).map(([name, tool]) => ({
    name,
    external_effect: tool.external_effect,
    description: tool.description,
    arguments: tool.arguments,
    destination: tool.destination,
  }));
}

function compileRule(tool: PolicyTool): CompiledRule {
  const rule: ToolRule = Object.freeze({
    enabled: tool.enabled,
    risk_level: tool.risk_level,
    external_effect: tool.external_effect,
    destructive: tool.destructive,
    requires_human_approval: tool.requires_human_approval,
    allowed_roles: Object.freeze([...tool.allowed_roles]),
  });
  return { rule, roles: new Set(tool.allowed_roles) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
