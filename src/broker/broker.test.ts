import { describe, expect, it } from 'vitest';
import { activePolicy, brokerWith, decide, inquiryOf } from '../../tests/helpers/broker.js';
import { authorizeBody } from '../../tests/helpers/requests.js';
import { StoreError } from '../domain/errors.js';
import type { FaultObserver, FaultPlace } from '../domain/fault.js';
import type { OutputFilter } from '../domain/filter.js';
import { createOutputFilter } from '../output-filter/filter.js';
import { parsePolicy } from '../policy/parse.js';
import { readPolicyFile } from '../policy/policy-file.js';
import type { BrokerOptions } from './broker.js';

const fault = (): never => {
  throw new Error('a fault inside a check');
};

const filter = createOutputFilter({ pii: false, maxBytes: 1_048_576 });
const failingFilter: OutputFilter = { ...filter, check: fault };
const brokenTools = {
  names: () => [],
  get: () => ({ ...activePolicy().tools.get('read_records')!, checkArguments: fault }),
};

interface FaultRow {
  readonly name: string;
  readonly parts?: Partial<BrokerOptions>;
  readonly policy?: ReturnType<typeof activePolicy>;
  readonly reason: string;
  readonly place: FaultPlace;
}

const FAULTS: readonly FaultRow[] = [
  {
    name: 'the schema check',
    policy: { ...activePolicy(), tools: brokenTools },
    reason: 'schema_error',
    place: 'argument_schema',
  },
  {
    name: 'provenance integrity',
    parts: { provenance: { checkIntegrity: fault, checkRules: () => ({ ok: true }) } },
    reason: 'provenance_error',
    place: 'provenance',
  },
  {
    name: 'the provenance rules',
    parts: { provenance: { checkIntegrity: () => ({ ok: true }), checkRules: fault } },
    reason: 'provenance_error',
    place: 'provenance',
  },
  {
    name: 'policy evaluation',
    policy: { ...activePolicy(), evaluate: fault },
    reason: 'policy_error',
    place: 'policy',
  },
  {
    name: 'the argument filter',
    parts: { filter: failingFilter },
    reason: 'output_filter_error',
    place: 'argument_filter',
  },
  { name: 'the gate', parts: { gate: { check: fault } }, reason: 'approval_error', place: 'approval_gate' },
  {
    name: 'the gate, later',
    parts: { gate: { check: () => Promise.reject(new Error('a fault inside the gate')) } },
    reason: 'approval_error',
    place: 'approval_gate',
  },
  {
    name: 'the store behind the gate',
    parts: { gate: { check: () => Promise.reject(new StoreError('a fault inside the store')) } },
    reason: 'approval_store_unavailable',
    place: 'approval_gate',
  },
];

describe('the broker', () => {
  it.each(FAULTS)('denies with $reason when $name throws', async ({ parts, policy, reason }) => {
    const decision = await decide(authorizeBody(), parts, policy);
    expect(decision).toMatchObject({ effect: 'deny', stage: 'tool_broker', reason: { code: reason } });
  });

  it.each(FAULTS)('tells once what went wrong when $name throws', async ({ parts, policy, place }) => {
    const told: Parameters<FaultObserver>[] = [];
    await decide(authorizeBody(), { ...parts, onFault: (...fault) => told.push(fault) }, policy);
    expect(told).toMatchObject([
      [
        place,
        { message: expect.stringContaining('a fault inside') as string },
        { correlation_id: 'corr-1', decision_id: 'decision-1' },
      ],
    ]);
  });

  it.each(FAULTS)('denies with $reason when $name throws and its observer too', async (row) => {
    const decision = await decide(authorizeBody(), { ...row.parts, onFault: fault }, row.policy);
    expect(decision).toMatchObject({ effect: 'deny', reason: { code: row.reason } });
  });

  it('tells nobody of a check that says no', async () => {
    const told: unknown[] = [];
    const onFault: FaultObserver = (place) => told.push(place);
    expect(await decide(authorizeBody({ provenance: null }), { onFault })).toMatchObject({ effect: 'deny' });
    expect(told).toEqual([]);
  });

  it('denies everything in a process without a policy', async () => {
    const decision = await decide(authorizeBody(), {}, null);
    expect(decision).toMatchObject({
      effect: 'deny',
      reason: { code: 'unknown_tool_denied_by_policy' },
      policy_sha256: null,
    });
  });

  it('allows nothing under a policy whose default is not deny', async () => {
    const policy = { ...activePolicy(), default_decision: 'allow' };
    expect(await decide(authorizeBody(), {}, policy)).toMatchObject({
      effect: 'deny',
      reason: { code: 'default_deny_policy' },
    });
  });

  it('denies a built-in tool that the policy does not list', async () => {
    const document = parsePolicy(readPolicyFile('policies/default.yaml'));
    const tools = Object.fromEntries(
      Object.entries(document.tools).filter(([name]) => name !== 'read_records'),
    );
    expect(await decide(authorizeBody(), {}, activePolicy({ ...document, tools }))).toMatchObject({
      effect: 'deny',
      reason: { code: 'unknown_tool_denied_by_policy' },
      risk_level: null,
      requires_human_approval: false,
    });
  });

  it('decides without a promise where no store must be asked', () => {
    expect(brokerWith().decide(inquiryOf(authorizeBody()))).toMatchObject({ effect: 'allow' });
  });

  it('asks the gate only after every other check has passed', async () => {
    let asked = 0;
    const gate = {
      check: () => {
        asked += 1;
        return { outcome: 'not_required' as const };
      },
    };
    const denied = [
      { tool_name: '' },
      { arguments: { surprise: 1 } },
      { provenance: null },
      { tool_name: 'run_shell', arguments: { command: 'x' } },
      { target: 'tenant-b' },
      { provenance: { source: 'web', trust: 'trusted' } },
      { arguments: { record_ids: [`sk-${'FAKEfake0000'.repeat(4)}`] } },
    ];
    for (const call of denied) expect((await decide(authorizeBody(call), { gate })).effect).toBe('deny');
    expect(asked).toBe(0);
    await decide(authorizeBody(), { gate });
    expect(asked).toBe(1);
  });

  it('names an unknown tool in its reason without repeating a secret', async () => {
    const secret = `x-sk-${'FAKEfake0000'.repeat(3)}`;
    // Characters that the reason drops must not hide the secret from the redactor.
    for (const tool_name of [
      secret,
      secret.replace('sk-', 's\u00e9k-'),
      secret.replace('fake', 'f\u0436ake'),
    ]) {
      const { reason } = await decide(authorizeBody({ tool_name }));
      expect(reason.code).toBe('unknown_tool_schema');
      expect(reason.text).not.toContain('FAKEfake');
    }
  });
});
