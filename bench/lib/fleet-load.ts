import { performance } from 'node:perf_hooks';
import { inParallel, obtainToken } from './approved-action.js';
import type { Desk } from './desks.js';
import type { JsonClient } from './json-client.js';
import { applyLoad } from './load.js';
import type { ServerProcess } from './server-process.js';

/** What came of driving processes for a while. */
export interface Driven {
  readonly done: number;
  readonly perSecond: number;
}

/** How long and by how many at a time, over all processes. */
export interface Drive {
  readonly services: readonly ServerProcess[];
  readonly desks: readonly Desk[];
  readonly seconds: number;
  readonly connections: number;
}

const PATH = '/v1/authorize';

function proposalOf(desk: Desk, session: string, call: { tool_name: string; arguments: object }) {
  const { user_id, tenant_id } = desk;
  const provenance = { source: 'model', trust: 'trusted', context_ids: ['model-turn'] };
  return {
    request_id: 'req-1',
    user_id,
    tenant_id,
    session_id: session,
    tool_call: { ...call, target: tenant_id, provenance },
  };
}

/** Decisions that need no approval, by a load generator for each process. @throws where one is not answered */
export async function driveDecisions({ services, desks, seconds, connections }: Drive): Promise<Driven> {
  const loads = services.map(({ address }, index) => {
    const desk = desks[index % desks.length]!;
    const call = { tool_name: 'read_records', arguments: { record_ids: ['r-100'] } };
    return applyLoad({
      url: `${address}${PATH}`,
      headers: { 'X-API-Key': desk.agentKey },
      bodies: [proposalOf(desk, 'session-0', call)],
      connections: Math.max(1, Math.floor(connections / services.length)),
      until: { seconds },
    });
  });
  const results = await Promise.all(loads);
  const sum = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const failures = sum((result) => result.failures);
  if (failures > 0) throw new Error(`${failures} decisions failed`);
  return { done: sum(({ requests }) => requests), perSecond: sum((result) => result.requestsPerSecond) };
}

/** Takes actions through their approval and uses the tokens, each step at another process. */
export class ApprovalDriver {
  readonly #client: JsonClient;
  #proposed = 0;
  #used = 0;

  constructor(client: JsonClient) {
    this.#client = client;
  }

  /** How many tokens were used. */
  get used(): number {
    return this.#used;
  }

  /** Approved actions, one after the other over each connection. @throws where a good token is refused */
  async drive({ services, desks, seconds, connections }: Drive): Promise<Driven> {
    const beganAt = performance.now();
    const endsAt = beganAt + seconds * 1000;
    let done = 0;
    await inParallel(connections, connections, async (worker) => {
      const desk = desks[worker % desks.length]!;
      while (performance.now() < endsAt) {
        const { body, lastPlace } = await this.#prepare(services, desk);
        if (!(await this.#isAllowed(lastPlace, desk, body))) throw new Error('a good token was refused');
        done += 1;
      }
    });
    this.#used += done;
    return { done, perSecond: (done * 1000) / (performance.now() - beganAt) };
  }

  /** Presents one token at every process at once, twice. @throws unless exactly one use of it is allowed */
  async race(services: readonly ServerProcess[], desk: Desk): Promise<void> {
    const { body } = await this.#prepare(services, desk);
    const uses = [...services, ...services].map(({ address }) => this.#isAllowed(address, desk, body));
    const allowed = (await Promise.all(uses)).filter(Boolean).length;
    if (allowed !== 1) throw new Error(`a token was good for ${allowed} uses`);
    this.#used += 1;
  }

  /** An action that nobody proposed before, with a token for it, and where it is to be used. */
  async #prepare(services: readonly ServerProcess[], desk: Desk) {
    this.#proposed += 1;
    const first = this.#proposed;
    const place = (step: number): string => services[(first + step) % services.length]!.address;
    const email = { to: 'user@example.invalid', subject: 'your order', body: 'it is on its way' };
    const body = proposalOf(desk, `session-${first}`, { tool_name: 'send_email', arguments: email });
    const route = { propose: place(0), approve: place(1), fetch: place(2) };
    const approval_token = await obtainToken(this.#client, route, { desk, path: PATH, body });
    return { body: { ...body, approval_token }, lastPlace: place(3) };
  }

  async #isAllowed(address: string, desk: Desk, body: object): Promise<boolean> {
    const answer = await this.#client.send(`${address}${PATH}`, { key: desk.agentKey, body });
    return answer.status === 200 && answer.body['effect'] === 'allow';
  }
}
