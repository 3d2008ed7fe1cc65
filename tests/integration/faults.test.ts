import { join } from 'node:path';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- what the store itself is built on
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { ComposeOverrides } from '../../src/compose.js';
import type { Tool } from '../../src/domain/tool.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { createToolRegistry } from '../../src/tools/registry.js';
import { emailBody } from '../helpers/approval-service.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestAnswer, type TestService } from '../helpers/service.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const SECRET = `sk-${'FAKEfault0000'.repeat(3)}`;

/** A fault whose message quotes a secret, as libraries do. */
const fault = (): never => {
  throw Object.assign(new RangeError(`cannot take ${SECRET}`), { code: 'ERR_FAKE' });
};

const clock = { time: 1_800_000_000_000, now: () => clock.time };

let service: TestService;
afterEach(() => service.close());

/** The service with parts replaced, the clock stopped, and its application log in memory. */
async function start(overrides: ComposeOverrides = {}, variables: Record<string, string> = {}) {
  const written: string[] = [];
  const logDestination = { write: (line: string) => void written.push(line) };
  service = await startService({
    overrides: { clock, logDestination, ...overrides },
    variables: { ACP_LOG_LEVEL: 'info', ...variables },
  });
  return {
    written,
    /** Lines about parts that failed. */
    faults: () =>
      written
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => msg === 'a part failed'),
  };
}

/** The real tools with a part of each replaced. */
function toolsWith(change: Partial<Tool>): ComposeOverrides {
  return {
    buildTools(declarations) {
      const tools = createToolRegistry(declarations);
      return {
        names: () => tools.names(),
        get(name) {
          const tool = tools.get(name);
          return tool === undefined ? undefined : { ...tool, ...change };
        },
      };
    },
  };
}

function adapterThat(propose: () => unknown): ComposeOverrides {
  return { adapter: { model: 'test', propose: propose as () => never } };
}

/** A result that cannot be taken apart. */
const unreadable = {
  get records(): never {
    return fault();
  },
};

const filter = createOutputFilter({ pii: false, maxBytes: 1_048_576 });
const filterWithoutArguments: ComposeOverrides = {
  filter: { ...filter, check: (input) => (input.structured_output == null ? filter.check(input) : fault()) },
};

const run = (): Promise<TestAnswer> => service.post('/run', runBody({ correlation_id: 'corr-1' }));
const authorize = (): Promise<TestAnswer> =>
  service.post('/v1/authorize', authorizeBody({}, { correlation_id: 'corr-1' }));

interface Row {
  readonly name: string;
  readonly overrides: ComposeOverrides;
  readonly ask: () => Promise<TestAnswer>;
  readonly place: string;
  readonly answer: object;
  readonly err?: object;
}

const QUOTED = {
  type: 'RangeError',
  code: 'ERR_FAKE',
  message: expect.stringMatching(/^cannot take \[REDACTED/) as string,
};
const unavailable = { status: 503, body: { detail: 'llm_adapter_unavailable' } };

const ROWS: readonly Row[] = [
  {
    name: 'an adapter that throws',
    overrides: adapterThat(fault),
    ask: run,
    place: 'agent_adapter',
    answer: unavailable,
  },
  {
    name: 'an adapter that rejects',
    overrides: adapterThat(() => Promise.resolve().then(fault)),
    ask: run,
    place: 'agent_adapter',
    answer: unavailable,
  },
  {
    name: 'an adapter without a text',
    overrides: adapterThat(() => ({ model_text: { text: SECRET }, tool_call: null })),
    ask: run,
    place: 'agent_adapter',
    answer: unavailable,
    err: { type: 'AdapterError', message: 'the model text of the turn is no text' },
  },
  {
    name: 'an adapter with a tool call of no known form',
    overrides: adapterThat(() => ({
      model_text: '',
      tool_call: { tool_name: 'read_records', [SECRET]: 1 },
    })),
    ask: run,
    place: 'agent_adapter',
    answer: unavailable,
    err: {
      type: 'AdapterError',
      code: 'llm_adapter_unavailable',
      message: 'the turn is of no form that can be decided on: tool_call (unrecognized_keys)',
    },
  },
  {
    name: 'the schema check of arguments',
    overrides: toolsWith({ checkArguments: fault }),
    ask: authorize,
    place: 'argument_schema',
    answer: { body: { effect: 'deny', reason: 'schema_error' } },
  },
  {
    name: 'what the policy narrows',
    overrides: toolsWith({ checkNarrowing: fault }),
    ask: authorize,
    place: 'policy',
    answer: { body: { effect: 'deny', reason: 'policy_error' } },
  },
  {
    name: 'the filter of arguments',
    overrides: filterWithoutArguments,
    ask: authorize,
    place: 'argument_filter',
    answer: { body: { effect: 'deny', reason: 'output_filter_error' } },
  },
  {
    name: 'a tool',
    overrides: toolsWith({ simulate: fault }),
    ask: run,
    place: 'tool',
    answer: { body: { tool_executed: true, reason: 'tool_simulation_failed' } },
  },
];

describe('a fault that a caller is told only the reason of', () => {
  it.each(ROWS)('of $name is in the application log', async ({ overrides, ask, place, answer, err }) => {
    const { faults, written } = await start(overrides);
    expect(await ask()).toMatchObject(answer);
    expect(faults()).toMatchObject([{ place, correlation_id: 'corr-1', left_out: 0, err: [err ?? QUOTED] }]);
    expect(faults()[0]?.['decision_id']).toBe(service.events()[0]?.['decision_id']);
    expect(written.join('')).not.toContain('FAKEfault');
  });

  it('of the output filter is in the application log', async () => {
    const { faults, written } = await start(
      toolsWith({ simulate: () => ({ success: true, message: 'done', simulated_output: unreadable }) }),
    );
    expect((await run()).body).toMatchObject({ stage: 'tool_result_filter', reason: 'output_filter_error' });
    expect(faults()).toMatchObject([{ place: 'output_filter', err: [QUOTED] }]);
    expect(written.join('')).not.toContain('FAKEfault');
  });

  it('of the audit log is in the application log, of a decision as of a refusal', async () => {
    const auditFileSystem = new FaultFileSystem();
    const { faults } = await start({ auditFileSystem });
    auditFileSystem.failAlways('append', 'ENOSPC');
    expect((await run()).status).toBe(503);
    const wrongKey = { 'x-api-key': 'fake-key-that-nobody-has', 'x-correlation-id': 'corr-2' };
    expect((await service.post('/run', runBody(), wrongKey)).status).toBe(401);
    const err = [{ type: 'AuditFaultError', code: 'audit_unavailable' }, { code: 'ENOSPC' }];
    expect(faults()).toMatchObject([
      { place: 'audit_record', correlation_id: 'corr-1', err },
      { place: 'refusal_record', correlation_id: 'corr-2', err },
    ]);
    auditFileSystem.failAlways('append', null);
  });

  it('of the approval store is in the application log, of a call as of a look at its readiness', async () => {
    const path = join(temporaryDirectory(), 'approvals.db');
    const { faults } = await start({}, { ACP_APPROVAL_STORE: 'sqlite', ACP_APPROVAL_DB: path });
    const spoiler = new DatabaseSync(path);
    spoiler.exec('DROP TABLE approvals; DROP TABLE approval_migrations');
    spoiler.close();
    const body = emailBody({ correlation_id: 'corr-1' });
    expect((await service.post('/v1/authorize', body)).status).toBe(503);
    expect((await service.get('/readyz')).body).toMatchObject({ failing: ['approval_store'] });
    const err = [{ type: 'StoreError', code: 'approval_store_unavailable' }, { code: 'ERR_SQLITE_ERROR' }];
    expect(faults()).toMatchObject([
      { place: 'approval_gate', correlation_id: 'corr-1', err },
      { place: 'approval_store', err },
    ]);
  });

  it('is one line a second however many requests have it', async () => {
    const { faults } = await start(toolsWith({ checkArguments: fault }));
    for (let count = 0; count < 5; count += 1) await authorize();
    expect(faults()).toHaveLength(1);
    clock.time += 1_000;
    await authorize();
    expect(faults()).toMatchObject([{ left_out: 0 }, { left_out: 4 }]);
  });

  it.each(ROWS)(
    'of $name is answered the same where the log cannot be written',
    async ({ overrides, ask, answer }) => {
      await start({ ...overrides, logDestination: { write: fault } });
      expect(await ask()).toMatchObject(answer);
    },
  );
});
