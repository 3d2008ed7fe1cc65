import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerOptions } from '../../src/broker/broker.js';
import type { Inquiry } from '../../src/broker/inquiry.js';
import type { Decision } from '../../src/domain/decision.js';
import type { ActivePolicy } from '../../src/domain/policy.js';
import { placementsOf, type ReasonCode } from '../../src/domain/reasons.js';
import { provenanceSourceSchema } from '../../src/domain/provenance.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { activePolicy, brokerWith, decide, inquiryOf } from '../helpers/broker.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { readLogDirectory, startService, type TestService } from '../helpers/service.js';
import { SCENARIO_ROWS } from '../matrix/run-outcomes.js';

const policy = activePolicy();
const enabledTools = policy.tools.names().filter((name) => policy.ruleFor(name)?.enabled === true);

/** Arguments that fit a built-in tool, so that most calls get past the schema. */
const FITTING: Readonly<Record<string, object>> = {
  read_records: { record_ids: ['r-1'] },
  send_email: { to: 'user@example.invalid', subject: 's', body: 'b' },
  export_records: { format: 'json' },
  delete_records: { record_ids: ['r-1'] },
  run_shell: { command: 'true' },
};

const identifier = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
const toolName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Object.keys(FITTING)) },
  { weight: 1, arbitrary: identifier },
);

const provenance = fc.record(
  {
    source: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('model', 'system') },
      { weight: 2, arbitrary: fc.constantFrom(...provenanceSourceSchema.options) },
    ),
    trust: fc.constantFrom('trusted', 'trusted', 'trusted', 'untrusted'),
    context_ids: fc.array(identifier, { maxLength: 3 }),
    tenant_id: fc.option(identifier),
    signature: fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 64 })),
  },
  { requiredKeys: ['source', 'trust'] },
);

const call = toolName.chain((name) =>
  fc.record({
    tool_name: fc.constant(name),
    arguments: fc.oneof(
      { weight: 4, arbitrary: fc.constant(FITTING[name] ?? {}) },
      fc.dictionary(identifier, fc.jsonValue({ maxDepth: 2 })),
    ),
    target: fc.oneof(
      { weight: 6, arbitrary: fc.constant('tenant-a') },
      { weight: 1, arbitrary: fc.constantFrom('tenant-b', null) },
      { weight: 1, arbitrary: identifier },
    ),
    provenance: fc.option(provenance, { freq: 8 }),
  }),
);

const fields = fc.record({
  role: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('user', 'admin') },
    { weight: 1, arbitrary: identifier },
  ),
  human_approval: fc.boolean(),
});

const inquiry = fc.tuple(call, fields);

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** Checks that whatever is allowed has a property, over many calls, a good part of which are allowed. */
async function everyAllowed(holds: (call: Call, decision: Decision) => boolean): Promise<void> {
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(inquiry, async ([proposed, more]) => {
      const decision = await decide(authorizeBody(proposed, more));
      if (decision.effect !== 'allow') return true;
      allowed += 1;
      return holds(proposed, decision);
    }),
    { numRuns: 1500 },
  );
  // A property of nothing would hold too.
  expect(allowed).toBeGreaterThan(50);
}

const EVIDENCE = new Set(['user', 'retrieved', 'tool_output', 'external', 'web', 'email', 'support_ticket']);

describe('whatever is allowed', () => {
  it('is a tool that the policy lists and enables', async () => {
    await everyAllowed(({ tool_name }) => enabledTools.includes(tool_name));
  });

  it('does not come from a source that is evidence only', async () => {
    await everyAllowed(({ provenance: origin }) => origin !== null && !EVIDENCE.has(origin.source));
  });

  it('comes from a trusted source', async () => {
    await everyAllowed(({ provenance: origin }) => origin?.trust === 'trusted');
  });

  it("is aimed at the caller's own tenant", async () => {
    await everyAllowed(({ target }) => target === 'tenant-a');
  });

  it('has a human behind it where the policy, external effect or destructiveness asks for one', async () => {
    await everyAllowed((_call, decision) => {
      return !decision.requires_human_approval || decision.approval_verdict?.outcome === 'granted';
    });
  });
});

describe('a call of valid form', () => {
  it('is not therefore allowed', async () => {
    for (const [tool_name, args] of Object.entries(FITTING)) {
      const decision = await decide(authorizeBody({ tool_name, arguments: args, provenance: null }));
      expect(decision.effect).toBe('deny');
    }
  });
});

const fault = (): never => {
  throw new Error('a fault inside a check');
};
const passes = (): { ok: true } => ({ ok: true });

interface FaultRow {
  readonly place: string;
  readonly reason: ReasonCode;
  readonly parts?: Partial<BrokerOptions>;
  readonly policy?: ActivePolicy;
  /** What is asked of the broker, where the fault lies in that. */
  readonly damage?: (inquiry: Inquiry) => Inquiry;
}

const FAULTS: readonly FaultRow[] = [
  {
    place: 'the form of the call',
    reason: 'schema_error',
    policy: { ...policy, tools: { ...policy.tools, get: fault } },
  },
  {
    place: 'the presence of an origin',
    reason: 'provenance_error',
    damage: (inquiry) => ({
      ...inquiry,
      call: {
        ...inquiry.call,
        get provenance() {
          return fault();
        },
      },
    }),
  },
  {
    place: 'the integrity of the origin',
    reason: 'provenance_error',
    parts: { provenance: { checkIntegrity: fault, checkRules: passes } },
  },
  { place: 'the policy', reason: 'policy_error', policy: { ...policy, evaluate: fault } },
  {
    place: 'the rules of the origin',
    reason: 'provenance_error',
    parts: { provenance: { checkIntegrity: passes, checkRules: fault } },
  },
  {
    place: 'the default of the policy',
    reason: 'policy_error',
    policy: {
      ...policy,
      get default_decision() {
        return fault();
      },
    },
  },
  {
    place: 'the text of the arguments',
    reason: 'output_filter_error',
    parts: { filter: { ...createOutputFilter({ pii: false, maxBytes: 1_048_576 }), check: fault } },
  },
  { place: 'the gate', reason: 'approval_error', parts: { gate: { check: fault } } },
];

/** Calls of every enabled tool that each check lets pass. */
const allowedCall = fc.record({
  tool_name: fc.constantFrom(...enabledTools),
  provenance: fc.record({
    source: fc.constantFrom('model', 'system'),
    trust: fc.constant('trusted'),
    context_ids: fc.array(identifier, { maxLength: 3 }),
  }),
});

describe('a check that throws', () => {
  it.each(FAULTS)('denies with $reason what would be allowed: $place', async (row) => {
    await fc.assert(
      fc.asyncProperty(allowedCall, async (proposed) => {
        const body = authorizeBody(
          { ...proposed, arguments: FITTING[proposed.tool_name] },
          { role: 'admin', human_approval: true },
        );
        expect((await decide(body)).effect).toBe('allow');
        const { damage = (inquiry: Inquiry) => inquiry } = row;
        const decision = await brokerWith(row.parts).decide(damage(inquiryOf(body, row.policy ?? policy)));
        expect(decision).toMatchObject({
          effect: 'deny',
          stage: 'tool_broker',
          reason: { code: row.reason },
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('the audit log', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());

  it('has exactly one decision event a protected turn, and every line parses', async () => {
    const scenario = fc.constantFrom(...SCENARIO_ROWS.map((row) => row.scenario));
    let turns = 0;
    await fc.assert(
      fc.asyncProperty(scenario, fields, async (name, more) => {
        turns += 1;
        const { status } = await service.post('/run', runBody({ ...more, scenario: name }));
        expect(status).toBe(200);
      }),
      { numRuns: 200 },
    );
    const lines = readLogDirectory(service.auditDirectory);
    const decisions = lines.filter(({ stage }) => !['approval', 'audit', 'policy'].includes(String(stage)));
    expect(decisions).toHaveLength(turns);
    expect(new Set(decisions.map(({ decision_id }) => decision_id)).size).toBe(turns);
    for (const { policy_reason, stage, event_type } of decisions) {
      const code = String(policy_reason).split(':', 1)[0] as ReasonCode;
      expect(placementsOf(code)).toContainEqual({ stage, event: event_type });
    }
  });
});
