import { inParallel, obtainToken } from './approved-action.js';
import type { Desk } from './desks.js';
import { createJsonClient } from './json-client.js';
import type { ServerProcess } from './server-process.js';

/** An endpoint with something to send to it that is always answered alike. */
export interface HttpCase {
  readonly name: string;
  readonly path: string;
  readonly durability: 'os' | 'disk';
  readonly headers: Readonly<Record<string, string>>;
  /** Settings of the service besides its durability. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether the service takes each body once only. */
  readonly once: boolean;
  /** What to send in one round: so many where each is taken once, otherwise one. */
  bodies(service: ServerProcess, count: number): Promise<readonly object[]>;
}

const turn = {
  request_id: 'req-1',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
};

const call = {
  tool_name: 'read_records',
  arguments: { record_ids: ['r-100'] },
  target: 'tenant-a',
  provenance: { source: 'model', trust: 'trusted', context_ids: ['model-turn'] },
};

/** A case whose one body is sent over and over. */
function repeated(name: string, path: string, body: object, durability: 'os' | 'disk' = 'os'): HttpCase {
  const bodies = () => Promise.resolve([body]);
  return { name, path, durability, headers: {}, variables: {}, once: false, bodies };
}

const run = (scenario: string) => ({ ...turn, user_message: 'please look this up', scenario });

/** How many approvals are under way at a time while tokens are made; a principal may have a hundred waiting. */
const APPROVALS_AT_A_TIME = 32;

/**
 * Turns of which each presents a token of its own, made beforehand through the service itself: a token is for one action,
 * and a session of its own makes each turn's action another one.
 */
function approvedByToken(desk: Desk, principalsFile: string): HttpCase {
  const { user_id, tenant_id, agentKey } = desk;
  const path = '/run';
  let made = 0;
  return {
    name: '/run approved by token',
    path,
    durability: 'os',
    headers: { 'X-API-Key': agentKey },
    variables: { ACP_REQUIRE_APPROVAL_TOKEN: 'true', ACP_PRINCIPALS_FILE: principalsFile },
    once: true,
    async bodies({ address }, count) {
      const client = createJsonClient();
      const route = { propose: address, approve: address, fetch: address };
      const first = made;
      made += count;
      const bodies = await inParallel(count, APPROVALS_AT_A_TIME, async (index) => {
        const session_id = `session-${first + index}`;
        const body = { ...run('send_email_approved'), user_id, tenant_id, session_id };
        return { ...body, approval_token: await obtainToken(client, route, { desk, path, body }) };
      });
      client.close();
      return bodies;
    },
  };
}

/** Every case of the HTTP benchmark; the desk is the only principal of the principals file that is needed. */
export function createHttpCases(desk: Desk, principalsFile: string): readonly HttpCase[] {
  return [
    repeated('/run allowed', '/run', run('safe_read')),
    repeated('/run blocked by the filter', '/run', run('output_secret_leak')),
    repeated('/run blocked by the broker', '/run', run('shell_attempt')),
    approvedByToken(desk, principalsFile),
    repeated('/v1/authorize allowed', '/v1/authorize', { ...turn, tool_call: call }),
    repeated('/v1/filter 1 KB', '/v1/filter', { text: 'a plain sentence. '.repeat(57) }),
    repeated('/run allowed', '/run', run('safe_read'), 'disk'),
  ];
}
