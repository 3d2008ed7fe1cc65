import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hasWrk, type Load } from '../../bench/lib/load.js';
import { applyAutocannon } from '../../bench/lib/load-by-autocannon.js';
import { applyWrk } from '../../bench/lib/load-by-wrk.js';

interface Received {
  readonly body: string;
  readonly key: string | string[] | undefined;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that keeps what it is sent, and answers with a status. */
async function startServer(status = 200): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      received.push({ body, key: request.headers['x-api-key'] });
      response.statusCode = status;
      response.end('{}');
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

if (!hasWrk) process.stderr.write('skipping the load by wrk: it is not installed\n');

const bodies = Array.from({ length: 50 }, (_, number) => ({ number, text: 'ü "]==]" \\ \n' }));
const texts = bodies.map((body) => JSON.stringify(body));

const GENERATORS: readonly (readonly [
  name: string,
  apply: (load: Load) => Promise<unknown>,
  skipped: boolean,
])[] = [
  ['wrk', (load) => applyWrk(load, 1), !hasWrk],
  ['autocannon', applyAutocannon, false],
];

describe.each(GENERATORS)('a load by %s', (_name, apply, skipped) => {
  const until = { seconds: 0.2 };

  it.skipIf(skipped)('sends each body once where that is asked for, and then ends', async () => {
    const { url, received } = await startServer();
    const headers = { 'X-API-Key': 'not-a-key' };
    const result = await apply({ url, headers, bodies, once: true, connections: 4, until });
    expect(received.map(({ body }) => body).sort()).toEqual(texts.toSorted());
    expect(new Set(received.map(({ key }) => key))).toEqual(new Set(['not-a-key']));
    expect(result).toMatchObject({ failures: 0 });
  });

  it.skipIf(skipped)('sends the bodies over and over otherwise', async () => {
    const { url, received } = await startServer();
    const result = await apply({ url, bodies: bodies.slice(0, 3), connections: 2, until });
    expect(received.length).toBeGreaterThan(3);
    expect(new Set(received.map(({ body }) => body))).toEqual(new Set(texts.slice(0, 3)));
    expect(result).toMatchObject({ failures: 0 });
  });

  it.skipIf(skipped)('counts an answer that is not 2xx as a failure', async () => {
    const { url } = await startServer(503);
    const { requests, failures } = (await apply({
      url,
      bodies: bodies.slice(0, 1),
      connections: 2,
      until,
    })) as { requests: number; failures: number };
    expect(requests).toBeGreaterThan(0);
    expect(failures).toBeGreaterThan(0);
  });
});

describe('a load by autocannon', () => {
  it('makes as many requests as it is told', async () => {
    const { url, received } = await startServer();
    const result = await applyAutocannon({
      url,
      bodies: bodies.slice(0, 1),
      connections: 4,
      until: { requests: 10 },
    });
    expect(result.requests).toBe(10);
    expect(received).toHaveLength(10);
  });
});
