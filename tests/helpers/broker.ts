import { createBroker, type Broker, type BrokerOptions } from '../../src/broker/broker.js';
import type { Inquiry } from '../../src/broker/inquiry.js';
import { createApprovalGate } from '../../src/approval/gate.js';
import type { Decision } from '../../src/domain/decision.js';
import type { ActivePolicy } from '../../src/domain/policy.js';
import type { Principal } from '../../src/domain/principal.js';
import { authorizeRequestSchema } from '../../src/domain/request.js';
import { createIdentityService } from '../../src/identity/identity-service.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { createActivePolicy, declarationsOf } from '../../src/policy/active-policy.js';
import { policyDigest } from '../../src/policy/digest.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { readPolicyFile } from '../../src/policy/policy-file.js';
import { createProvenanceChecks } from '../../src/provenance/checks.js';
import { createLabProvenanceKeys } from '../../src/provenance/keys.js';
import { createToolRegistry } from '../../src/tools/registry.js';

/** The default policy, or another document, as it is in force. */
export function activePolicy(document = parsePolicy(readPolicyFile('policies/default.yaml'))): ActivePolicy {
  return createActivePolicy({
    document,
    sha256: policyDigest(document),
    source: 'default.yaml',
    loadedAt: 0,
    tools: createToolRegistry(declarationsOf(document)),
  });
}

/** The caller of a service without authentication. */
export function anonymous(): Principal {
  const identity = createIdentityService({ requireAuth: false, apiKeys: [], principals: [] });
  const answer = identity.authenticate({ api_key: undefined, authorization: undefined });
  if (answer instanceof Promise || !answer.ok) throw new Error('nobody is asked for a credential');
  return answer.principal;
}

const filter = createOutputFilter({ pii: false, maxBytes: 1_048_576 });
const defaultPolicy = activePolicy();
const caller = anonymous();

/** A broker of real parts, but for what is given. */
export function brokerWith(overrides: Partial<BrokerOptions> = {}): Broker {
  return createBroker({
    filter,
    provenance: createProvenanceChecks({ strict: false, keys: createLabProvenanceKeys() }),
    gate: createApprovalGate({ requireToken: false, workflow: null }),
    builtInTools: createToolRegistry([]),
    ...overrides,
  });
}

/** An inquiry from the body of `POST /v1/authorize`, under the default policy unless another is given. */
export function inquiryOf(body: unknown, policy: ActivePolicy | null = defaultPolicy): Inquiry {
  const { tool_call, ...request } = authorizeRequestSchema.parse(body);
  return {
    decision_id: 'decision-1',
    correlation_id: 'corr-1',
    principal: caller,
    request,
    call: tool_call,
    policy,
    source: filter.contextOf(request),
    examined_bytes: 0,
  };
}

/** What a broker decides on a body of `POST /v1/authorize`. */
export async function decide(
  body: unknown,
  overrides: Partial<BrokerOptions> = {},
  policy: ActivePolicy | null = defaultPolicy,
): Promise<Decision> {
  return brokerWith(overrides).decide(inquiryOf(body, policy));
}
