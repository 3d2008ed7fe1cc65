import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

/** A call that the agent proposes. */
export interface ProposedCall {
  readonly tool_name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly target: string;
  readonly provenance: {
    readonly source: string;
    readonly trust: 'trusted' | 'untrusted';
    readonly context_ids: readonly string[];
  };
}

/** Whether a call may be made: with these arguments and no others, or not, and why. */
export type Permission =
  | { readonly permitted: true; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly permitted: false; readonly reason: string; readonly remedy: string };

export interface GateOptions {
  /** Where the control plane listens. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For whom the agent acts. */
  readonly identity: { readonly user_id: string; readonly session_id: string; readonly tenant_id: string };
  /** How often to look whether a human has decided, and how long to wait at most. */
  readonly pollMilliseconds: number;
  readonly patienceMilliseconds: number;
  readonly log: (line: string) => void;
}

const decisionSchema = z.object({
  effect: z.enum(['allow', 'deny', 'step_up']),
  reason: z.string(),
  remedy: z.string(),
  arguments: z.record(z.string(), z.unknown()).nullable(),
  approval: z.object({ approval_id: z.string() }).nullable(),
});
const approvalSchema = z.object({ status: z.string(), approval_token: z.string().optional() });

type Decision = z.infer<typeof decisionSchema>;

const refuse = ({ reason, remedy }: Pick<Decision, 'reason' | 'remedy'>): Permission => ({
  permitted: false,
  reason,
  remedy,
});

/**
 * Asks the control plane before each call, and waits for a human where one must approve.
 *
 * Anything but a clear yes is a no: an answer that is no decision, a service that cannot be reached.
 */
export function createGate(options: GateOptions): (call: ProposedCall) => Promise<Permission> {
  const { baseUrl, apiKey, identity, log } = options;

  const request = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, baseUrl), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the control plane answered ${response.status}`);
    return response.json();
  };
  const authorize = async (call: ProposedCall, approvalToken: string | null): Promise<Decision> =>
    decisionSchema.parse(
      await request('/v1/authorize', {
        request_id: randomUUID(),
        ...identity,
        approval_token: approvalToken,
        tool_call: call,
      }),
    );
  const waitForToken = async (approvalId: string): Promise<string | null> => {
    const attempts = Math.ceil(options.patienceMilliseconds / options.pollMilliseconds);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const record = approvalSchema.parse(await request(`/v1/approvals/${approvalId}`));
      // Approved comes a moment before the token, which waits for the record of the approval.
      if (record.status === 'approved' && record.approval_token !== undefined) return record.approval_token;
      if (record.status !== 'pending' && record.status !== 'approved') return null;
      await wait(options.pollMilliseconds);
    }
    return null;
  };

  return async (call) => {
    let decision = await authorize(call, null);
    if (decision.effect === 'step_up' && decision.approval !== null) {
      log(`waiting for a human: approval ${decision.approval.approval_id}`);
      const grant = await waitForToken(decision.approval.approval_id);
      if (grant === null) return refuse({ reason: 'no human approved', remedy: 'do without this call' });
      // Exactly the same call again: the token is for this one and no other.
      decision = await authorize(call, grant);
    }
    return decision.effect === 'allow' && decision.arguments !== null
      ? { permitted: true, arguments: decision.arguments }
      : refuse(decision);
  };
}
