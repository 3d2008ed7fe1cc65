import { Agent, request } from 'node:http';

/** What a service answered. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A client that keeps its connections, for dialogues that no load generator knows. */
export interface JsonClient {
  /** Posts a body, or gets where there is none, with a key where there is one. */
  send(url: string, call: { readonly key?: string; readonly body?: unknown }): Promise<JsonAnswer>;
  close(): void;
}

export function createJsonClient(): JsonClient {
  const agent = new Agent({ keepAlive: true });
  return {
    send: (url, { key, body }) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? null : JSON.stringify(body);
        const headers = {
          ...(key === undefined ? {} : { 'x-api-key': key }),
          ...(text === null
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        };
        const sent = request(url, { agent, headers, method: text === null ? 'GET' : 'POST' }, (response) => {
          let answer = '';
          response.setEncoding('utf8');
          response.on('data', (data: string) => (answer += data));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: JSON.parse(answer) as Readonly<Record<string, unknown>>,
            }),
          );
        });
        sent.on('error', reject);
        sent.end(text ?? undefined);
      }),
    close: () => agent.destroy(),
  };
}
