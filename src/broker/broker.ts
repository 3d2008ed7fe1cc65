import type { ApprovalGate, ApprovalVerdict, ProposedAction } from '../domain/approval.js';
import type { Decision, DenyDecision } from '../domain/decision.js';
import { StoreError } from '../domain/errors.js';
import { tellFault, type FaultObserver } from '../domain/fault.js';
import type { FilterVerdict, OutputFilter } from '../domain/filter.js';
import { needsHuman, type ToolRule } from '../domain/policy.js';
import type { Provenance, ProvenanceChecks } from '../domain/provenance.js';
import { reasonOf } from '../domain/reasons.js';
import type { Tool, ToolRegistry } from '../domain/tool.js';
import type { JsonObject } from '../domain/wire.js';
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
} from './checks.js';
import type { Inquiry } from './inquiry.js';

/** The parts that a broker asks. */
export interface BrokerOptions {
  readonly filter: OutputFilter;
  readonly provenance: ProvenanceChecks;
  readonly gate: ApprovalGate;
  /** The tools that a process without a policy knows, so that it can say what is wrong with a call. */
  readonly builtInTools: ToolRegistry;
  /** Told of faults inside checks. */
  readonly onFault?: FaultObserver;
}

/** The authority boundary: the only place that can say allow. */
export interface Broker {
  /** Never throws and never rejects: a fault is a denial. Synchronous unless a store must be asked. */
  decide(inquiry: Inquiry): Decision | Promise<Decision>;
}

/** A call that every check but the last has let pass. */
interface Cleared {
  readonly ok: true;
  readonly tool: Tool;
  readonly arguments: JsonObject;
  readonly rule: ToolRule;
  readonly provenance: Provenance;
  readonly argument_verdict: FilterVerdict;
}

/** What was learned on the way to a no. */
interface Learned {
  readonly rule?: ToolRule | null;
  readonly arguments?: JsonObject;
}

/** The checks before the gate, in their order; the first no wins. */
function clear(inquiry: Inquiry, options: BrokerOptions): Cleared | (No & Learned) {
  const { filter, provenance: origin, builtInTools } = options;
  const redact = (text: string): string => filter.redact(text);

  const form = guard('argument_schema', () => checkForm(inquiry, builtInTools, redact));
  if (!form.ok) return form;
  const { tool, arguments: args } = form;

  const presence = guard('provenance', () => checkPresence(inquiry));
  if (!presence.ok) return { ...presence, arguments: args };
  const { provenance } = presence;

  const integrity = guard('provenance', () => checkIntegrity(inquiry, provenance, origin));
  if (!integrity.ok) return { ...integrity, arguments: args };

  const policy = guard('policy', () => checkPolicy(inquiry, args, redact));
  if (!policy.ok) return { ...policy, arguments: args };
  const { rule } = policy;

  const source = guard('provenance', () => checkOrigin(inquiry, provenance, rule, origin));
  if (!source.ok) return { ...source, arguments: args, rule };

  const byDefault = guard('policy', () => checkDefault(inquiry));
  if (!byDefault.ok) return { ...byDefault, arguments: args, rule };

  const text = guard('argument_filter', () => checkArgumentText(inquiry, tool, args, filter));
  if (!text.ok) return { ...text, arguments: args, rule };

  return { ok: true, tool, arguments: args, rule, provenance, argument_verdict: text.argument_verdict };
}

function deny(inquiry: Inquiry, refusal: No & Learned): DenyDecision {
  const { rule = null } = refusal;
  return {
    effect: 'deny',
    decision_id: inquiry.decision_id,
    reason: refusal.reason,
    stage: refusal.stage,
    policy_sha256: inquiry.policy?.sha256 ?? null,
    risk_level: rule?.risk_level ?? null,
    requires_human_approval: rule !== null && needsHuman(rule),
    arguments: refusal.arguments ?? null,
    argument_verdict: refusal.argument_verdict ?? null,
    approval_verdict: null,
  };
}

function actionOf(inquiry: Inquiry, cleared: Cleared, policySha256: string): ProposedAction {
  const { request, call, principal } = inquiry;
  const { rule } = cleared;
  return {
    request_id: request.request_id,
    correlation_id: inquiry.correlation_id,
    decision_id: inquiry.decision_id,
    tenant_id: request.tenant_id,
    user_id: request.user_id,
    session_id: request.session_id,
    principal,
    role: request.role,
    tool_name: call.tool_name,
    arguments: cleared.arguments,
    target: call.target,
    risk_level: rule.risk_level,
    external_effect: rule.external_effect,
    destructive: rule.destructive,
    requires_human_approval: rule.requires_human_approval,
    provenance: cleared.provenance,
    tool_schema_sha256: cleared.tool.schema_sha256,
    policy_sha256: policySha256,
  };
}

/** The decision that follows from the gate's verdict. */
function conclude(inquiry: Inquiry, cleared: Cleared, verdict: ApprovalVerdict): Decision {
  const facts = {
    decision_id: inquiry.decision_id,
    policy_sha256: inquiry.policy?.sha256 ?? null,
    risk_level: cleared.rule.risk_level,
    requires_human_approval: needsHuman(cleared.rule),
    arguments: cleared.arguments,
    argument_verdict: cleared.argument_verdict,
    approval_verdict: verdict,
  };
  switch (verdict.outcome) {
    case 'not_required':
    case 'granted':
      return {
        ...facts,
        effect: 'allow',
        stage: 'simulation',
        reason: reasonOf('explicit_allow_after_policy_checks'),
        tool: cleared.tool,
      };
    case 'missing':
      return {
        ...facts,
        effect: 'step_up',
        stage: 'tool_broker',
        reason: reasonOf(verdict.reason),
        approval: verdict.approval,
      };
    case 'refused':
      return { ...facts, effect: 'deny', stage: 'tool_broker', reason: reasonOf(verdict.reason) };
  }
}

/** The broker of a process: composes the checks into one decision. */
export function createBroker(options: BrokerOptions): Broker {
  return {
    decide(inquiry) {
      const cleared = clear(inquiry, options);
      if (!cleared.ok) {
        const { fault } = cleared;
        if (fault !== undefined) tellFault(options.onFault, fault.place, fault.error, inquiry);
        return deny(inquiry, cleared);
      }

      const onFault = (error: unknown): DenyDecision => {
        tellFault(options.onFault, 'approval_gate', error, inquiry);
        const code = error instanceof StoreError ? 'approval_store_unavailable' : 'approval_error';
        const refusal: No = { ok: false, stage: 'tool_broker', reason: reasonOf(code) };
        return deny(inquiry, { ...refusal, rule: cleared.rule, arguments: cleared.arguments });
      };
      try {
        const { policy } = inquiry;
        if (policy === null) throw new TypeError('a call was cleared without a policy');
        const action = actionOf(inquiry, cleared, policy.sha256);
        // INVARIANT: the gate is asked last, so that a grant is only ever used by a call that nothing else denies.
        const verdict = options.gate.check(action, inquiry.request);
        if (!(verdict instanceof Promise)) return conclude(inquiry, cleared, verdict);
        return verdict.then((settled) => conclude(inquiry, cleared, settled)).catch(onFault);
      } catch (error) {
        return onFault(error);
      }
    },
  };
}
