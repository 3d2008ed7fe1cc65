import type { z } from 'zod';
import { approvalPageSchema, approvalRecordSchema } from '../domain/approval.js';
import type {
  ApprovalDecisionVerb,
  ApprovalPage,
  ApprovalRecord,
  ApprovalStatus,
} from '../domain/approval.js';
import { parseServiceUrl, readCredential, ServiceAnswerError } from './service-client.js';

/** What the commands ask a running service. */
export interface ApprovalsClient {
  list(query: ListOptions): Promise<ApprovalPage>;
  show(id: string): Promise<ApprovalRecord>;
  decide(verb: ApprovalDecisionVerb, id: string, reason: string): Promise<ApprovalRecord>;
}

/** Which requests to list, as they were asked for on the command line. */
export interface ListOptions {
  readonly status?: ApprovalStatus;
  readonly tenant?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** Which service to ask, and with which credential. */
export interface ClientOptions {
  readonly url: string;
  /** File with the caller's API key or token; `-` is standard input. */
  readonly keyFile: string;
}

const TIMEOUT_MS = 10_000;

async function parseAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) {
    const answer = schema.safeParse(body).data;
    if (answer !== undefined) return answer;
    throw new ServiceAnswerError('the service answered with something else than an approval');
  }
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : null;
  const reason = typeof detail === 'string' && /^\w{1,64}$/.test(detail) ? detail : 'no reason given';
  throw new ServiceAnswerError(`the service refused: ${response.status} ${reason}`);
}

/** Creates a client of the approval endpoints. @throws ServiceAnswerError for an unsafe URL or an empty key */
export function createApprovalsClient(options: ClientOptions): ApprovalsClient {
  const base = parseServiceUrl(options.url);
  const credential = readCredential(options.keyFile);

  async function ask<T>(path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const response = await fetch(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...credential, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new ServiceAnswerError('the service could not be reached');
    });
    return parseAnswer(response, schema);
  }

  return {
    list({ status, tenant, limit, cursor }) {
      const query = new URLSearchParams();
      const filters = { status, tenant_id: tenant, limit, cursor };
      for (const [name, value] of Object.entries(filters)) if (value !== undefined) query.set(name, value);
      return ask(`/v1/approvals?${query.toString()}`, approvalPageSchema);
    },
    show: (id) => ask(`/v1/approvals/${encodeURIComponent(id)}`, approvalRecordSchema),
    decide: (verb, id, reason) =>
      ask(`/v1/approvals/${encodeURIComponent(id)}/${verb}`, approvalRecordSchema, { reason }),
  };
}
