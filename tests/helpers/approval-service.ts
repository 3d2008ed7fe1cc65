import { readFileSync } from 'node:fs';
import type { Variables } from '../../src/config/load-config.js';
import { authorizeBody } from './requests.js';
import { startService, type ServiceOptions, type TestAnswer, type TestService } from './service.js';

const EXAMPLES = new URL('../../examples/approvals/', import.meta.url);

export type Caller = 'support-bot' | 'alice' | 'carol' | 'dana' | 'auditor';

/** The published key of somebody in the worked example. */
export function headersOf(caller: Caller): Record<string, string> {
  return { 'x-api-key': readFileSync(new URL(`keys/${caller}.key`, EXAMPLES), 'utf8').trim() };
}

/** The configuration of the worked example: credentials and tokens are needed. */
export const APPROVAL_VARIABLES: Variables = {
  ACP_REQUIRE_API_AUTH: 'true',
  ACP_REQUIRE_APPROVAL_TOKEN: 'true',
  ACP_PRINCIPALS_FILE: new URL('principals.yaml', EXAMPLES).pathname,
};

/** Starts the service with the principals of the worked example. */
export function startApprovalService(options: ServiceOptions = {}): Promise<TestService> {
  return startService({ ...options, variables: { ...APPROVAL_VARIABLES, ...options.variables } });
}

/** A body of `POST /v1/authorize` that needs a human: an e-mail for u-1 of tenant-a. */
export function emailBody(fields: object = {}, toolCall: object = {}): Record<string, unknown> {
  return authorizeBody(
    {
      tool_name: 'send_email',
      arguments: { to: 'user@example.invalid', subject: 'your order', body: 'it is on its way' },
      ...toolCall,
    },
    { user_id: 'u-1', ...fields },
  );
}

/** The e-mail as the agent proposes it. */
export function propose(
  service: TestService,
  fields: object = {},
  toolCall: object = {},
): Promise<TestAnswer> {
  return service.post('/v1/authorize', emailBody(fields, toolCall), headersOf('support-bot'));
}

/** The id of the request that an answer refers to. */
export function approvalIdOf({ body }: TestAnswer): string {
  return (body.approval as { approval_id: string }).approval_id;
}

/** Proposes, has alice approve, and fetches the token as the agent. */
export async function obtainToken(
  service: TestService,
  fields: object = {},
  toolCall: object = {},
): Promise<string> {
  const id = approvalIdOf(await propose(service, fields, toolCall));
  await service.post(`/v1/approvals/${id}/approve`, { reason: 'looks right' }, headersOf('alice'));
  const answer = await service.get(`/v1/approvals/${id}`, headersOf('support-bot'));
  return String(answer.body.approval_token);
}
