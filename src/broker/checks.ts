import type { FaultPlace } from '../domain/fault.js';
import { UNTRUSTED_TOOL_OUTPUT_LABEL, type FilterVerdict, type OutputFilter } from '../domain/filter.js';
import type { ToolRule } from '../domain/policy.js';
import type { Provenance, ProvenanceChecks } from '../domain/provenance.js';
import { detailedReasonOf, reasonOf, type Reason, type ReasonCode, type Stage } from '../domain/reasons.js';
import type { Tool, ToolRegistry } from '../domain/tool.js';
import type { JsonObject } from '../domain/wire.js';
import type { Inquiry } from './inquiry.js';

/** The reason of a denial by the checks that can fail, by their place. */
const FAULT_REASONS = {
  argument_schema: 'schema_error',
  provenance: 'provenance_error',
  policy: 'policy_error',
  argument_filter: 'output_filter_error',
} as const satisfies Partial<Record<FaultPlace, ReasonCode>>;

/** A check's no: where it was said, and why. */
export interface No {
  readonly ok: false;
  readonly stage: Stage;
  readonly reason: Reason;
  /** What the check learned before it said no. */
  readonly rule?: ToolRule | null;
  readonly argument_verdict?: FilterVerdict;
  /** What went wrong, where the check did not come to say no itself. */
  readonly fault?: { readonly place: FaultPlace; readonly error: unknown };
}

/** A check's verdict: what the next checks build on, or no. There is no way to say allow. */
export type Verdict<T> = ({ readonly ok: true } & T) | No;

function no(code: ReasonCode, stage: Stage = 'tool_broker'): No {
  return { ok: false, stage, reason: reasonOf(code) };
}

/**
 * Runs a check so that a fault inside it is a no with its own reason.
 *
 * INVARIANT: an exception is never an allow.
 */
export function guard<T>(place: keyof typeof FAULT_REASONS, check: () => Verdict<T>): Verdict<T> {
  try {
    return check();
  } catch (error) {
    return { ...no(FAULT_REASONS[place]), fault: { place, error } };
  }
}

/** The call names a declared tool, and its arguments have the form that the tool declares. */
export function checkForm(
  { call, policy }: Inquiry,
  builtIn: ToolRegistry,
  redact: OutputFilter['redact'],
): Verdict<{ tool: Tool; arguments: JsonObject }> {
  if (call.tool_name === '') return no('missing_tool_name', 'schema_validation');
  const tool = (policy?.tools ?? builtIn).get(call.tool_name);
  if (tool === undefined) {
    const reason = detailedReasonOf('unknown_tool_schema', call.tool_name, redact);
    return { ok: false, stage: 'schema_validation', reason };
  }
  const form = tool.checkArguments(call.arguments);
  if (!form.ok) {
    const reason = detailedReasonOf('schema_validation_failed', form.code, redact);
    return { ok: false, stage: 'schema_validation', reason };
  }
  return { ok: true, tool, arguments: form.arguments };
}

/** The call says where it comes from. Holds in every mode, before the policy is asked. */
export function checkPresence({ call }: Inquiry): Verdict<{ provenance: Provenance }> {
  return call.provenance === null
    ? no('missing_provenance_denied')
    : { ok: true, provenance: call.provenance };
}

/** What the call says of its origin is what was signed; strict mode only. */
export function checkIntegrity(
  { request }: Inquiry,
  provenance: Provenance,
  checks: ProvenanceChecks,
): Verdict<object> {
  const verdict = checks.checkIntegrity(provenance, request);
  return verdict.ok ? verdict : no(verdict.reason);
}

/** The policy lists and enables the tool, and permits the role, the target and the arguments. */
export function checkPolicy(
  { call, policy, request }: Inquiry,
  args: JsonObject,
  redact: OutputFilter['redact'],
): Verdict<{ rule: ToolRule }> {
  if (policy === null) return no('unknown_tool_denied_by_policy');
  const verdict = policy.evaluate({
    tool_name: call.tool_name,
    role: request.role,
    tenant_id: request.tenant_id,
    target: call.target,
    arguments: args,
  });
  if (verdict.ok) return verdict;
  const { detail } = verdict;
  const reason =
    detail === undefined ? reasonOf(verdict.reason) : detailedReasonOf(verdict.reason, detail, redact);
  return { ok: false, stage: 'tool_broker', reason, rule: verdict.rule };
}

/** The origin of the call may authorize a tool of this kind. */
export function checkOrigin(
  { request }: Inquiry,
  provenance: Provenance,
  rule: ToolRule,
  checks: ProvenanceChecks,
): Verdict<object> {
  const verdict = checks.checkRules(provenance, rule, request.retrieved_chunks);
  return verdict.ok ? verdict : no(verdict.reason);
}

/** The policy denies by default; one that claims otherwise allows nothing. */
export function checkDefault({ policy }: Inquiry): Verdict<object> {
  return policy?.default_decision === 'deny' ? { ok: true } : no('default_deny_policy');
}

/** Nothing in the call leaks where the tool would send it. */
export function checkArgumentText(
  { call, request, source, examined_bytes }: Inquiry,
  tool: Tool,
  args: JsonObject,
  filter: OutputFilter,
): Verdict<{ argument_verdict: FilterVerdict }> {
  const argument_verdict = filter.check({
    text: '',
    structured_output: { tool_name: call.tool_name, target: call.target, arguments: args },
    examined_bytes,
    context: {
      tenant_id: request.tenant_id,
      destination: tool.destination,
      source_sensitivity: source.source_sensitivity,
      // A human must approve every external tool, and sees what it would send.
      source_labels: source.source_labels.filter((label) => label !== UNTRUSTED_TOOL_OUTPUT_LABEL),
      strict_response_schema: false,
      allowed_response_keys: null,
    },
  });
  return argument_verdict.allowed
    ? { ok: true, argument_verdict }
    : { ...no(argument_verdict.reason), argument_verdict };
}
