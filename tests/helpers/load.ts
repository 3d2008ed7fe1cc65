import { Agent, request } from 'node:http';

/** What came of one request: a status, or the code of what kept it from being answered. */
export interface Attempt {
  readonly id: string;
  readonly outcome: number | string;
  readonly body: string;
}

/** Posts over a connection of an agent, without retries. */
export function postOnce(
  port: number,
  agent: Agent,
  path: string,
  id: string,
  body: string,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('error', () => resolve({ id, outcome: 'cut off', body: text }));
        response.on('end', () => resolve({ id, outcome: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ id, outcome: error.code ?? 'error', body: '' }),
    );
    sent.end(body);
  });
}

export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  readonly clients: number;
  readonly bodyOf: (id: string) => string;
  /** Asked before each request; the load ends where it says no. */
  readonly goesOn: () => boolean;
  /** Told what came of each request. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** Clients that each send one request after the other over a connection of their own; gives what came of every one. */
export async function applyLoad(options: LoadOptions): Promise<Attempt[]> {
  const { port, path, clients, bodyOf, goesOn } = options;
  const attempts: Attempt[] = [];
  const client = async (name: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; goesOn(); count += 1) {
      const id = `load-${name}-${count}`;
      const attempt = await postOnce(port, agent, path, id, bodyOf(id));
      attempts.push(attempt);
      options.onAttempt?.(attempt);
      if (typeof attempt.outcome === 'string') break;
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_value, name) => client(name)));
  return attempts;
}
