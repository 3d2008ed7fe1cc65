import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvalIdOf,
  headersOf,
  obtainToken,
  propose,
  startApprovalService,
} from '../helpers/approval-service.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import type { TestService } from '../helpers/service.js';

let fileSystem: FaultFileSystem;
let service: TestService;

beforeEach(async () => {
  fileSystem = new FaultFileSystem();
  service = await startApprovalService({ overrides: { auditFileSystem: fileSystem } });
});
afterEach(async () => {
  fileSystem.failAlways('append', null);
  await service.close();
});

const decide = (verb: string, id: string) =>
  service.post(`/v1/approvals/${id}/${verb}`, { reason: 'looks right' }, headersOf('alice'));
const tokenOf = async (id: string) =>
  (await service.get(`/v1/approvals/${id}`, headersOf('support-bot'))).body.approval_token;
const countOf = (type: string) => service.events().filter(({ event_type }) => event_type === type).length;
const recovered = () =>
  expect.poll(async () => (await service.get('/readyz')).status, { timeout: 10_000 }).toBe(200);

const UNAVAILABLE = { status: 503, body: { detail: 'audit_unavailable' } };

describe('approvals while the audit log cannot be written', () => {
  it('show no token of a grant that is not on record, and are completed by the same approver', async () => {
    const id = approvalIdOf(await propose(service));
    fileSystem.failAlways('append', 'ENOSPC');
    expect(await decide('approve', id)).toMatchObject(UNAVAILABLE);
    expect(await tokenOf(id)).toBeUndefined();
    fileSystem.failAlways('append', null);
    await recovered();
    expect(await tokenOf(id)).toBeUndefined();
    expect(await decide('approve', id)).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(await tokenOf(id)).toBeTypeOf('string');
    expect(countOf('approval_granted')).toBe(1);
  });

  it('are used up by a call that could not be recorded, and that call is denied', async () => {
    const approval_token = await obtainToken(service);
    fileSystem.failAlways('append', 'ENOSPC');
    expect(await propose(service, { approval_token })).toMatchObject(UNAVAILABLE);
    fileSystem.failAlways('append', null);
    await recovered();
    expect((await propose(service, { approval_token })).body).toMatchObject({
      effect: 'deny',
      reason: 'approval_token_reused',
    });
    expect(countOf('tool_allowed')).toBe(0);
  });
});
