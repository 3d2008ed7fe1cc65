import { z } from 'zod';
import type { Desk } from './desks.js';
import type { JsonAnswer, JsonClient } from './json-client.js';

/** The addresses that the steps of one approval go to: all the same, or processes that share a store. */
export interface Route {
  readonly propose: string;
  readonly approve: string;
  readonly fetch: string;
}

const proposalSchema = z.object({
  allowed: z.literal(false),
  approval: z.object({ approval_id: z.string(), status: z.literal('pending') }),
});
const grantSchema = z.object({ status: z.literal('approved') });
const recordSchema = z.object({ approval_token: z.string() });

function parseAnswer<T>(step: string, schema: z.ZodType<T>, { status, body }: JsonAnswer): T {
  const parsed = schema.safeParse(body);
  if (status === 200 && parsed.success) return parsed.data;
  throw new Error(`${step} was answered ${status} ${JSON.stringify(body)}`);
}

/**
 * Takes an action through its approval: the agent proposes it, the approver of its desk approves, the agent fetches its
 * token. Gives the token, unused.
 */
export async function obtainToken(
  client: JsonClient,
  route: Route,
  action: { readonly desk: Desk; readonly path: string; readonly body: object },
): Promise<string> {
  const { desk, path, body } = action;
  const proposed = await client.send(`${route.propose}${path}`, { key: desk.agentKey, body });
  const { approval } = parseAnswer('the proposal', proposalSchema, proposed);
  const place = `/v1/approvals/${approval.approval_id}`;
  const reason = { reason: 'as measured' };
  const granted = await client.send(`${route.approve}${place}/approve`, {
    key: desk.approverKey,
    body: reason,
  });
  parseAnswer('the approval', grantSchema, granted);
  const fetched = await client.send(`${route.fetch}${place}`, { key: desk.agentKey });
  return parseAnswer('the record', recordSchema, fetched).approval_token;
}

/** Does work for each number from 0, so many at a time, and gives the results in order. */
export async function inParallel<T>(
  count: number,
  atATime: number,
  work: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const results = new Array<T>(count);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, count) }, worker));
  return results;
}
