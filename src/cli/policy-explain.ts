import { needsHuman } from '../domain/policy.js';
import {
  checkArgumentText,
  checkDefault,
  checkForm,
  checkIntegrity,
  checkOrigin,
  checkPolicy,
  checkPresence,
  guard,
  type No,
} from '../broker/checks.js';
import type { Inquiry } from '../broker/inquiry.js';
import type { Trial } from '../compose-trial.js';
import type { Decision } from '../domain/decision.js';
import type { ToolRule } from '../domain/policy.js';
import type { Provenance } from '../domain/provenance.js';
import { describeReason } from '../domain/reasons.js';
import type { AuthorizeRequest } from '../domain/request.js';
import type { Tool } from '../domain/tool.js';
import type { JsonObject } from '../domain/wire.js';

/** A check and what it says of a call. */
export interface ExplainedCheck {
  readonly check: string;
  /** `skipped` where an earlier no leaves nothing to ask about. */
  readonly verdict: 'pass' | 'no' | 'skipped';
  readonly reason: string | null;
  /** Whether this is the no that decided. */
  readonly decides: boolean;
}

/** What the policy in question decides of a call, check by check. */
export interface Explanation {
  readonly policy: { readonly source: string; readonly sha256: string };
  readonly tool_name: string;
  readonly checks: readonly ExplainedCheck[];
  readonly effect: Decision['effect'];
  readonly stage: string;
  readonly reason: string;
  readonly summary: string;
  readonly remedy: string;
}

type Outcome = { readonly ok: true } | No | null;

/**
 * Asks every check of the broker about a call, in the broker's order, also those after the first no that can still be
 * asked; the decision itself is the broker's.
 */
export async function explainCall(trial: Trial, body: AuthorizeRequest): Promise<Explanation> {
  const inquiry = trial.inquire(body);
  const decision = await trial.broker.decide(inquiry);
  const outcomes: [check: string, outcome: Outcome][] = [
    ...askChecks(trial, inquiry),
    ['human approval', approvalOutcome(decision, ruleOf(trial, inquiry))],
  ];
  const first = outcomes.findIndex(([, outcome]) => outcome?.ok === false);
  const { summary, remedy } = describeReason(decision.reason.code);
  return {
    policy: { source: trial.policy.source, sha256: trial.policy.sha256 },
    tool_name: body.tool_call.tool_name,
    checks: outcomes.map(([check, outcome], index) => ({
      check,
      verdict: outcome === null ? 'skipped' : outcome.ok ? 'pass' : 'no',
      reason: outcome?.ok === false ? outcome.reason.text : null,
      decides: index === first,
    })),
    effect: decision.effect,
    stage: decision.stage,
    reason: decision.reason.text,
    summary,
    remedy,
  };
}

function ruleOf(trial: Trial, inquiry: Inquiry): ToolRule | null {
  return trial.policy.ruleFor(inquiry.call.tool_name) ?? null;
}

/** The checks before the gate. */
function askChecks(trial: Trial, inquiry: Inquiry): [check: string, outcome: Outcome][] {
  const { filter, provenance: origin, policy } = trial;
  const redact = (text: string): string => filter.redact(text);
  const form = guard('argument_schema', () => checkForm(inquiry, policy.tools, redact));
  const call: { tool: Tool; arguments: JsonObject } | null = form.ok ? form : null;
  const presence = guard('provenance', () => checkPresence(inquiry));
  const provenance: Provenance | null = presence.ok ? presence.provenance : null;
  const rule = ruleOf(trial, inquiry);
  return [
    ['argument schema', form],
    ['provenance present', presence],
    [
      'provenance intact',
      provenance && guard('provenance', () => checkIntegrity(inquiry, provenance, origin)),
    ],
    ['policy', call && guard('policy', () => checkPolicy(inquiry, call.arguments, redact))],
    [
      'provenance may authorize',
      provenance && rule && guard('provenance', () => checkOrigin(inquiry, provenance, rule, origin)),
    ],
    ["policy's default is deny", guard('policy', () => checkDefault(inquiry))],
    [
      'arguments do not leak',
      call && guard('argument_filter', () => checkArgumentText(inquiry, call.tool, call.arguments, filter)),
    ],
  ];
}

/** The gate is the broker's to ask; where an earlier check denied, only whether it would have asked for nobody. */
function approvalOutcome(decision: Decision, rule: ToolRule | null): Outcome {
  const { approval_verdict: verdict } = decision;
  if (verdict === null) return rule !== null && !needsHuman(rule) ? { ok: true } : null;
  switch (verdict.outcome) {
    case 'not_required':
    case 'granted':
      return { ok: true };
    case 'missing':
    case 'refused':
      return { ok: false, stage: decision.stage, reason: decision.reason };
  }
}
