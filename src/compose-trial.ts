import { basename } from 'node:path';
import { createApprovalGate } from './approval/gate.js';
import { createBroker, type Broker } from './broker/broker.js';
import type { Inquiry } from './broker/inquiry.js';
import { systemClock } from './domain/clock.js';
import type { OutputFilter } from './domain/filter.js';
import type { ActivePolicy } from './domain/policy.js';
import type { ProvenanceChecks } from './domain/provenance.js';
import type { AuthorizeRequest } from './domain/request.js';
import { ANONYMOUS } from './identity/well-known-principals.js';
import { createOutputFilter } from './output-filter/filter.js';
import { createActivePolicy, declarationsOf } from './policy/active-policy.js';
import { policyDigest } from './policy/digest.js';
import { parsePolicy } from './policy/parse.js';
import { readPolicyFile } from './policy/policy-file.js';
import { createProvenanceChecks } from './provenance/checks.js';
import { createLabProvenanceKeys, loadProvenanceKeys } from './provenance/keys.js';
import { createToolRegistry } from './tools/registry.js';

/** What a trial is run under. */
export interface TrialOptions {
  readonly policyPath: string;
  /** Whether a provenance must be signed. */
  readonly strictProvenance: boolean;
  /** Key file or directory; the published lab key where null. */
  readonly provenanceKeyPath: string | null;
  /** Whether only an approval token can grant. */
  readonly requireApprovalToken: boolean;
}

/** A policy on trial: the checks of the service around a policy file, without a service. */
export interface Trial {
  readonly policy: ActivePolicy;
  readonly broker: Broker;
  readonly filter: OutputFilter;
  readonly provenance: ProvenanceChecks;
  inquire(body: AuthorizeRequest): Inquiry;
}

const filterMaxBytes = 1_048_576;

/** @throws PolicyError when the policy is not valid, ConfigError when a key cannot be read */
export function createTrial(options: TrialOptions): Trial {
  const document = parsePolicy(readPolicyFile(options.policyPath));
  const policy = createActivePolicy({
    document,
    sha256: policyDigest(document),
    source: basename(options.policyPath),
    loadedAt: systemClock.now(),
    tools: createToolRegistry(declarationsOf(document)),
  });
  const filter = createOutputFilter({ pii: false, maxBytes: filterMaxBytes });
  const keys =
    options.provenanceKeyPath === null
      ? createLabProvenanceKeys()
      : loadProvenanceKeys(options.provenanceKeyPath);
  const provenance = createProvenanceChecks({ strict: options.strictProvenance, keys });
  const gate = createApprovalGate({ requireToken: options.requireApprovalToken, workflow: null });
  return {
    policy,
    filter,
    provenance,
    broker: createBroker({ filter, provenance, gate, builtInTools: policy.tools }),
    inquire: (body) => ({
      decision_id: 'trial',
      correlation_id: body.request_id,
      principal: ANONYMOUS,
      request: body,
      call: body.tool_call,
      policy,
      source: filter.contextOf(body),
      examined_bytes: 0,
    }),
  };
}
