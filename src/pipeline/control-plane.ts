import type { ApprovalService } from '../domain/approval.js';
import type { ControlPlane, Readiness } from '../domain/control-plane.js';
import type { FilterRequest } from '../domain/request.js';
import type { FilterResponse } from '../domain/response.js';
import { authorizeCall } from './authorize-call.js';
import type { PipelineOptions } from './pipeline.js';
import type { RefusalLog } from './refusal-log.js';
import { runTurn } from './run-turn.js';

/** The parts that a control plane is made of. */
export interface ControlPlaneOptions extends PipelineOptions {
  readonly approvals: ApprovalService;
  readonly refusals: RefusalLog;
  /** Whether the approval store answers. Never rejects. */
  readonly isApprovalStoreReady: () => Promise<boolean>;
  /** Closes what the control plane was composed of, in order. */
  readonly closeAll: () => Promise<void>;
}

function filterText(options: PipelineOptions, request: FilterRequest): FilterResponse {
  const beganAt = options.metrics.now();
  const verdict = options.filter.check(request);
  options.metrics.lap('output_filter', beganAt);
  options.metrics.found(verdict.findings);
  return {
    allowed: verdict.allowed,
    reason: verdict.reason,
    filtered_text: verdict.filtered_text,
    redacted_text: verdict.redacted_text,
    findings: [...verdict.findings],
    finding_count: verdict.finding_count,
    finding_types: [...verdict.finding_types],
    highest_severity: verdict.highest_severity,
  };
}

async function checkReadiness(options: ControlPlaneOptions): Promise<Readiness> {
  const failing: Readiness['failing'][number][] = [];
  if (options.policy.current() === null) failing.push('policy');
  if (options.audit.fault() !== null) failing.push('audit');
  if (!(await options.isApprovalStoreReady())) failing.push('approval_store');
  return { ready: failing.length === 0, failing };
}

/** The control plane over its composed parts. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  let closed: Promise<void> | null = null;
  return {
    identity: options.identity,
    approvals: options.approvals,
    run: (call, request) => runTurn(options, call, request),
    authorize: (call, request) => authorizeCall(options, call, request),
    filter: (request) => filterText(options, request),
    policy() {
      const policy = options.policy.current();
      if (policy === null) return null;
      const { document, sha256, loaded_at, source } = policy;
      return { policy: { ...document }, policy_sha256: sha256, loaded_at, source };
    },
    readiness: () => checkReadiness(options),
    recordRefusal: (refusal) => options.refusals.record(refusal),
    close: () => (closed ??= options.refusals.close().then(() => options.closeAll())),
  };
}
