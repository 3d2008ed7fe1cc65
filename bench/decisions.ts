/**
 * Microseconds of each part of a decision, in process: the broker as a whole, what it consists of, and Cedar (compiled
 * to WebAssembly, policies parsed beforehand) on an equivalent policy; then the broker's cost against the number of
 * tools in the policy and the size of the arguments. Writes bench/results/decisions.md.
 *
 *   npm run bench -- decisions
 */
import { createRequire } from 'node:module';
import type * as CedarModule from '@cedar-policy/cedar-wasm/nodejs';
import { Bench, type Task } from 'tinybench';
import { createApprovalGate } from '../src/approval/gate.js';
import { fingerprintOf } from '../src/approval/fingerprint.js';
import { generateApprovalKeys } from '../src/approval/signing-keys.js';
import { createApprovalTokens } from '../src/approval/token.js';
import { createBroker } from '../src/broker/broker.js';
import type { Inquiry } from '../src/broker/inquiry.js';
import type { ActivePolicy } from '../src/domain/policy.js';
import type { Principal } from '../src/domain/principal.js';
import type { Provenance } from '../src/domain/provenance.js';
import { authorizeRequestSchema } from '../src/domain/request.js';
import { createOutputFilter } from '../src/output-filter/filter.js';
import { createActivePolicy, declarationsOf } from '../src/policy/active-policy.js';
import { policyDigest } from '../src/policy/digest.js';
import { parsePolicy } from '../src/policy/parse.js';
import { readPolicyFile } from '../src/policy/policy-file.js';
import { createProvenanceChecks } from '../src/provenance/checks.js';
import { createLabProvenanceKeys } from '../src/provenance/keys.js';
import { signProvenance } from '../src/provenance/signature.js';
import { createToolRegistry } from '../src/tools/registry.js';
import { describeMachine, publishReport } from './lib/report.js';
import { show, table } from './lib/statistics.js';
import { INSIDE as context } from '../tests/helpers/output-filter.js';

// The module is CommonJS with its WebAssembly beside it.
const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof CedarModule;

const MILLISECONDS = Number(process.env['BENCH_MILLISECONDS'] ?? 500);

const document = parsePolicy(readPolicyFile('policies/default.yaml'));

/** The default policy with this many more tools. */
function policyWith(moreTools: number): ActivePolicy {
  const template = document.tools['read_records'];
  if (template === undefined) throw new Error('the default policy lists read_records');
  const more = Array.from({ length: moreTools }, (_, index) => [`tool_${index}`, template] as const);
  const larger = { ...document, tools: { ...document.tools, ...Object.fromEntries(more) } };
  return createActivePolicy({
    document: larger,
    sha256: policyDigest(larger),
    source: 'bench.yaml',
    loadedAt: 0,
    tools: createToolRegistry(declarationsOf(larger)),
  });
}

const caller: Principal = {
  id: 'anonymous',
  kind: 'anonymous',
  assurance: 'asserted',
  users: '*',
  grants: [{ tenant: '*', roles: ['*'] }],
  scopes: new Set(['run', 'authorize']),
  owner: null,
  subject: null,
};

const filter = createOutputFilter({ pii: false, maxBytes: 10_485_760 });
const keys = createLabProvenanceKeys();
const provenanceChecks = createProvenanceChecks({ strict: false, keys });
const strictChecks = createProvenanceChecks({ strict: true, keys });
const broker = createBroker({
  filter,
  provenance: provenanceChecks,
  gate: createApprovalGate({ requireToken: false, workflow: null }),
  builtInTools: createToolRegistry([]),
});

function inquiryFor(policy: ActivePolicy, args: object): Inquiry {
  const { tool_call, ...request } = authorizeRequestSchema.parse({
    request_id: 'req-1',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    tool_call: {
      tool_name: 'read_records',
      arguments: args,
      target: 'tenant-a',
      provenance: { source: 'model', trust: 'trusted', context_ids: ['model-turn'] },
    },
  });
  const source = { source_sensitivity: 'public', source_labels: [] } as const;
  return {
    decision_id: 'd',
    correlation_id: 'c',
    principal: caller,
    request,
    call: tool_call,
    policy,
    source,
    examined_bytes: 0,
  };
}

const policy = policyWith(0);
const inquiry = inquiryFor(policy, { record_ids: ['r-100'] });
const question = {
  tool_name: 'read_records',
  role: 'user',
  tenant_id: 'tenant-a',
  target: 'tenant-a',
  arguments: { record_ids: ['r-100'] },
};
const claim: Provenance = {
  source: 'model',
  trust: 'trusted',
  context_ids: ['model-turn'],
  tenant_id: 'tenant-a',
};
const signed: Provenance = { ...claim, signature: signProvenance(claim, keys.signing) };
const turn = { tenant_id: 'tenant-a', retrieved_chunks: [] };
const kilobyte = 'The quick answer is that the order left the house on Tuesday. '.repeat(17).slice(0, 1024);
const megabyte = kilobyte.repeat(1024);

const facts = {
  tenant_id: 'tenant-a',
  user_id: 'user-1',
  principal: { id: 'bot' },
  session_id: 'session-1',
  tool_name: 'send_email',
  arguments: { to: 'user@example.invalid', subject: 'hello', body: 'as agreed' },
  target: 'tenant-a',
  risk_level: 'high',
  provenance: claim,
  tool_schema_sha256: 'a'.repeat(64),
  policy_sha256: 'b'.repeat(64),
} as const;

const CEDAR_POLICY = document.tools;

/** The default policy in Cedar: a permit a role and tool, bound to the caller's own tenant. */
function cedarPolicies(): string {
  return Object.entries(CEDAR_POLICY)
    .filter(([, tool]) => tool.enabled)
    .flatMap(([name, tool]) =>
      tool.allowed_roles.map(
        (role) =>
          `permit(principal, action == Action::"${name}", resource)\n` +
          `when { context.role == "${role}" && context.target == context.tenant && context.trusted };`,
      ),
    )
    .join('\n');
}

const parsed = cedar.preparsePolicySet('bench', { staticPolicies: cedarPolicies() });
if (parsed.type !== 'success') throw new Error('the Cedar policies do not parse');

const cedarCall = {
  principal: { type: 'User', id: 'user-1' },
  action: { type: 'Action', id: 'read_records' },
  resource: { type: 'Tenant', id: 'tenant-a' },
  context: { role: 'user', tenant: 'tenant-a', target: 'tenant-a', trusted: true },
  preparsedPolicySetId: 'bench',
  entities: [],
};

function askCedar(): void {
  const answer = cedar.statefulIsAuthorized(cedarCall);
  if (answer.type !== 'success' || answer.response.decision !== 'allow')
    throw new Error('Cedar does not allow');
}

function askBroker(about: Inquiry): void {
  const decision = broker.decide(about);
  if (decision instanceof Promise || decision.effect !== 'allow')
    throw new Error('the broker does not allow');
}

const tokens = createApprovalTokens({ keys: await generateApprovalKeys() });
const token = await tokens.sign({
  jti: '00000000-0000-4000-8000-000000000000',
  sub: 'user-1',
  iat: 1_800_000_000,
  exp: 1_800_003_600,
  approver: 'alice',
  tenant: 'tenant-a',
  tool: 'send_email',
  fingerprint: 'c'.repeat(64),
});

const parts = new Bench({ time: MILLISECONDS, warmupTime: MILLISECONDS / 2 })
  .add('broker decision', () => askBroker(inquiry))
  .add('Cedar decision (wasm, policies parsed beforehand)', askCedar)
  .add('policy evaluation', () => policy.evaluate(question))
  .add('provenance verification, strict', () => {
    const verdict = strictChecks.checkIntegrity(signed, turn);
    if (!verdict.ok) throw new Error(verdict.reason);
  })
  .add('output filter, 1 KB of prose', () => filter.check({ text: kilobyte, context }))
  .add('output filter, 1 MiB of prose', () => filter.check({ text: megabyte, context }))
  .add('approval fingerprint', () => fingerprintOf(facts))
  .add('approval token, verified', async () => {
    const check = await tokens.check(token);
    if (!check.ok) throw new Error('the token does not verify');
  });

const byTools = new Bench({ time: MILLISECONDS, warmupTime: MILLISECONDS / 2 });
for (const count of [0, 95, 9_995]) {
  const larger = policyWith(count);
  const about = inquiryFor(larger, { record_ids: ['r-100'] });
  byTools.add(`${(count + 5).toLocaleString('en-US')} tools`, () => askBroker(about));
}

const byArguments = new Bench({ time: MILLISECONDS, warmupTime: MILLISECONDS / 2 });
for (const kilobytes of [1, 16, 256, 1024]) {
  const record_ids = Array.from({ length: Math.min(kilobytes * 8, 8192) }, (_, index) =>
    `record ${index} `.padEnd(127, 'of many '),
  );
  const about = inquiryFor(policy, { record_ids });
  byArguments.add(`${kilobytes.toLocaleString('en-US')} KB of arguments`, () => askBroker(about));
}

function rowOf({ name, result }: Task): readonly string[] {
  if (!('latency' in result)) throw new Error(`${name} did not run`);
  const microseconds = (milliseconds: number): string => show(milliseconds * 1000);
  const { p50, p99 } = result.latency;
  return [name, microseconds(p50), microseconds(p99)];
}

const head = ['', 'median µs', 'p99 µs'];
const sections: string[] = [];
for (const bench of [parts, byTools, byArguments]) {
  await bench.run();
  sections.push(table(head, bench.tasks.map(rowOf)));
}

const report = `# Decisions, in process\n\n${describeMachine()}.\n\n${sections.join('\n\n')}\n`;
publishReport('decisions', report);
