import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolRegistry } from '../../src/domain/tool.js';
import { createToolRegistry } from '../../src/tools/registry.js';
import { approvalIdOf, headersOf, APPROVAL_VARIABLES, propose } from '../helpers/approval-service.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';

let service: TestService;
let disk: FaultFileSystem;
let simulatedRuns: number;

/** The real tools, counting their runs. */
function countingTools(declarations: Parameters<typeof createToolRegistry>[0]): ToolRegistry {
  const tools = createToolRegistry(declarations);
  return {
    names: () => tools.names(),
    get(name) {
      const tool = tools.get(name);
      return tool === undefined
        ? undefined
        : {
            ...tool,
            simulate: (args, tenantId) => {
              simulatedRuns += 1;
              return tool.simulate(args, tenantId);
            },
          };
    },
  };
}

beforeEach(async () => {
  simulatedRuns = 0;
  disk = new FaultFileSystem();
  service = await startService({
    variables: { ...APPROVAL_VARIABLES, ACP_API_KEY: 'fake-gateway-key-for-tests-000000' },
    overrides: { auditFileSystem: disk, buildTools: countingTools },
  });
});
afterEach(() => service.close());

const gateway = { 'x-api-key': 'fake-gateway-key-for-tests-000000' };

describe.each(['ENOSPC', 'EROFS', 'EIO', 'EBADF'])('while the log cannot be written (%s)', (code) => {
  it('answers 503, runs no tool, is not ready, and recovers by itself', async () => {
    expect((await service.post('/run', runBody(), gateway)).body['tool_executed']).toBe(true);
    expect(simulatedRuns).toBe(1);

    disk.failAlways('append', code);
    for (const [url, body] of [
      ['/run', runBody()],
      ['/run', runBody({ scenario: 'shell_attempt' })],
      ['/run', runBody({ scenario: 'output_secret_leak' })],
      ['/run', runBody({ scenario: 'none' })],
      ['/run', runBody({ path: 'vulnerable' })],
      ['/v1/authorize', authorizeBody()],
    ] as const) {
      const { status, body: answer, headers } = await service.post(url, body, gateway);
      expect({ status, answer }).toEqual({ status: 503, answer: { detail: 'audit_unavailable' } });
      expect(headers['retry-after']).toBeDefined();
    }
    expect(simulatedRuns).toBe(1);
    const readiness = await service.get('/readyz');
    expect({ status: readiness.status, failing: readiness.body['failing'] }).toEqual({
      status: 503,
      failing: ['audit'],
    });
    expect((await service.get('/livez')).status).toBe(200);

    disk.failAlways('append', null);
    await expect.poll(async () => (await service.get('/readyz')).status, { timeout: 5000 }).toBe(200);
    expect((await service.post('/run', runBody(), gateway)).body['tool_executed']).toBe(true);
    expect(simulatedRuns).toBe(2);
    const seqs = service.allEvents().map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
  });
});

describe('an approval that is used while the log cannot be written', () => {
  it('stays used, and the call is denied', async () => {
    const id = approvalIdOf(await propose(service));
    await service.post(`/v1/approvals/${id}/approve`, { reason: 'looks right' }, headersOf('alice'));
    const approval_token = (await service.get(`/v1/approvals/${id}`, headersOf('support-bot'))).body[
      'approval_token'
    ];
    disk.failAlways('append', 'ENOSPC');
    expect((await propose(service, { approval_token })).status).toBe(503);
    disk.failAlways('append', null);
    await expect.poll(async () => (await service.get('/readyz')).status, { timeout: 5000 }).toBe(200);
    expect((await propose(service, { approval_token })).body).toMatchObject({
      effect: 'deny',
      reason: 'approval_token_reused',
    });
  });
});
