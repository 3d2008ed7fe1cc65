import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { applyLoad, postOnce } from '../helpers/load.js';
import { spawnService, type ServiceProcess } from '../helpers/process.js';
import { openSocket, parseAnswers, rawPost } from '../helpers/raw-http.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { readLogDirectory, startService, type TestService } from '../helpers/service.js';

const portOf = (address: string): number => Number(new URL(address).port);

const runAs = (request_id: string): string => JSON.stringify(runBody({ request_id }));

/** How often each request was decided, by its id. */
function decisionsOf(directory: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { event_type, request_id } of readLogDirectory(directory)) {
    if (event_type !== 'tool_allowed') continue;
    const id = String(request_id);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

describe('clients that send a byte now and then', () => {
  // Both ends of each are in this process, which may have 1,024 files open where nobody raised the limit.
  const SLOW_CLIENTS = 400;
  let service: TestService;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await service.close();
  });

  it('do not keep a good one from being served, and are cut off at their deadline', async () => {
    service = await startService({
      app: {
        connectionLimits: {
          headersTimeoutMilliseconds: 5_000,
          requestTimeoutMilliseconds: 6_000,
          checkIntervalMilliseconds: 100,
        },
      },
    });
    const port = portOf(await service.app.listen({ host: '127.0.0.1', port: 0 }));
    const bytes = rawPost('/run', runAs('slow'));
    const headEnd = bytes.indexOf('\r\n\r\n') + 4;
    let openCount = 0;
    const received: string[] = [];
    const closed = Array.from({ length: SLOW_CLIENTS }, async (_value, index) => {
      const socket = await openSocket(port);
      sockets.push(socket);
      openCount += 1;
      // Half of them are slow with their headers, half with their body.
      let sent = index % 2 === 0 ? 1 : headEnd;
      socket.write(bytes.slice(0, sent));
      const drip = setInterval(() => socket.write(bytes.slice(sent, (sent += 1))), 100);
      socket.on('data', (data: Buffer) => (received[index] = (received[index] ?? '') + data.toString()));
      await new Promise<void>((resolve) => socket.on('close', () => resolve()));
      clearInterval(drip);
      openCount -= 1;
    });
    await expect.poll(() => openCount, { interval: 10, timeout: 15_000 }).toBe(SLOW_CLIENTS);

    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 50; count += 1) {
      const { outcome } = await postOnce(port, agent, '/run', `good-${count}`, runAs(`good-${count}`));
      expect(outcome).toBe(200);
    }
    agent.destroy();
    expect(openCount).toBeGreaterThan(0);

    await Promise.all(closed);
    expect(received.map((text) => parseAnswers(text)[0]?.status)).toEqual(Array(SLOW_CLIENTS).fill(408));
    expect(service.events().filter(({ request_id }) => request_id === 'slow')).toEqual([]);
  });
});

describe('more load than the process can take', () => {
  let service: ServiceProcess;
  afterEach(async () => {
    service.child.kill('SIGKILL');
    await service.finished;
  });

  const residentBytes = async (): Promise<number> => {
    const page = await (await fetch(`${service.address}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(page)?.[1]);
  };

  it('is answered with decisions, 503 or 429, within bounded memory, and is over when it is over', async () => {
    service = await spawnService({ ACP_RATE_LIMIT_PER_MINUTE: '2000', ACP_AUDIT_DURABILITY: 'disk' });
    const port = portOf(service.address);
    await applyLoad({
      port,
      path: '/v1/filter',
      clients: 20,
      bodyOf: () => '{"text":"warm up"}',
      goesOn: (() => {
        let left = 200;
        return () => (left -= 1) > 0;
      })(),
    });
    const before = await residentBytes();

    const endsAt = Date.now() + 4_000;
    const attempts = await applyLoad({
      port,
      path: '/run',
      clients: 200,
      bodyOf: runAs,
      goesOn: () => Date.now() < endsAt,
    });
    const outcomes = new Set(attempts.map(({ outcome }) => outcome));
    expect([...outcomes].filter((outcome) => ![200, 429, 503].includes(Number(outcome)))).toEqual([]);
    expect(outcomes).toContain(200);
    expect(outcomes).toContain(429);

    const allowed = attempts.filter(({ outcome }) => outcome === 200).map(({ id }) => id);
    const decisions = decisionsOf(service.auditDirectory);
    expect(allowed.filter((id) => decisions.get(id) !== 1)).toEqual([]);
    expect(decisions.size).toBe(allowed.length);

    expect(await residentBytes()).toBeLessThan(before + 200 * 1024 * 1024);
    expect((await fetch(`${service.address}/readyz`)).status).toBe(200);
  });
});

describe('SIGTERM under load', () => {
  let service: ServiceProcess;
  afterEach(() => service.child.kill('SIGKILL'));

  const untilAnswered = async (count: number, answered: () => number): Promise<void> => {
    await expect.poll(answered, { interval: 5, timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  };

  it.each(['os', 'disk'] as const)(
    'loses no request that was decided, decides none twice, and exits 0 (durability %s)',
    async (durability) => {
      service = await spawnService({ ACP_AUDIT_DURABILITY: durability, ACP_SHUTDOWN_TIMEOUT_SECONDS: '10' });
      let answeredCount = 0;
      const load = applyLoad({
        port: portOf(service.address),
        path: '/run',
        clients: 32,
        bodyOf: runAs,
        goesOn: () => true,
        onAttempt: ({ outcome }) => (answeredCount += outcome === 200 ? 1 : 0),
      });
      await untilAnswered(500, () => answeredCount);
      service.child.kill('SIGTERM');
      const attempts = await load;
      const { code, signal } = await service.finished;
      expect({ code, signal }).toEqual({ code: 0, signal: null });

      const answered = attempts.filter(({ outcome }) => outcome === 200).map(({ id }) => id);
      const decisions = decisionsOf(service.auditDirectory);
      expect(new Set(decisions.keys())).toEqual(new Set(answered));
      expect([...decisions.values()].filter((count) => count !== 1)).toEqual([]);
      const refused = attempts.map(({ outcome }) => outcome).filter((outcome) => outcome !== 200);
      expect(
        refused.every((outcome) => ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(outcome))),
      ).toBe(true);
    },
  );

  it('decides nothing that it cannot answer where requests are pipelined', async () => {
    service = await spawnService();
    const port = portOf(service.address);
    const idOf = (client: number, count: number): string => `piped-${client}-${count}`;
    let received = 0;
    const clients = Array.from({ length: 8 }, async (_value, client) => {
      const socket = await openSocket(port);
      let text = '';
      let count = 0;
      const sendMore = (): void => {
        if (socket.destroyed) return;
        const batch = Array.from({ length: 16 }, () =>
          rawPost(
            '/v1/authorize',
            JSON.stringify(authorizeBody({}, { request_id: idOf(client, (count += 1)) })),
          ),
        );
        socket.write(batch.join(''));
      };
      socket.on('data', (data: Buffer) => {
        text += data.toString();
        received += 1;
        sendMore();
      });
      sendMore();
      await new Promise<void>((resolve) => socket.on('close', () => resolve()));
      return parseAnswers(text).map(({ body }) => (JSON.parse(body) as { request_id: string }).request_id);
    });
    await untilAnswered(100, () => received);
    service.child.kill('SIGTERM');
    const answered = (await Promise.all(clients)).flat();
    const { code } = await service.finished;
    expect(code).toBe(0);
    expect(new Set(answered).size).toBe(answered.length);
    expect(new Set(decisionsOf(service.auditDirectory).keys())).toEqual(new Set(answered));
  });

  it('keeps the answers of a client that is slow to read and sends more meanwhile', async () => {
    service = await spawnService();
    const port = portOf(service.address);
    const socket = await openSocket(port);
    let text = '';
    socket.on('data', (data: Buffer) => (text += data.toString()));
    socket.pause();
    const sendBatch = (batch: number): boolean =>
      socket.write(
        Array.from({ length: 80 }, (_value, count) =>
          rawPost(
            '/v1/authorize',
            JSON.stringify(authorizeBody({}, { request_id: `slow-${batch}-${count}` })),
          ),
        ).join(''),
      );
    // Whole requests at a time, until answers fill the buffers of both sides and the service reads no more of them.
    const decidedCount = (): number => decisionsOf(service.auditDirectory).size;
    let batch = 0;
    let isTaken = true;
    while (isTaken) {
      sendBatch(batch);
      batch += 1;
      isTaken = await expect
        .poll(decidedCount, { timeout: 500 })
        .toBe(batch * 80)
        .then(
          () => true,
          () => false,
        );
    }
    expect(decidedCount()).toBeGreaterThan(0);
    service.child.kill('SIGTERM');
    const isRefused = (): Promise<boolean> =>
      openSocket(port).then(
        (other) => (other.destroy(), false),
        () => true,
      );
    await expect.poll(isRefused).toBe(true);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.resume();
    await closed;
    const { code } = await service.finished;
    expect(code).toBe(0);
    const answered = parseAnswers(text).map(
      ({ body }) => (JSON.parse(body) as { request_id: string }).request_id,
    );
    expect(answered).toEqual([...decisionsOf(service.auditDirectory).keys()]);
  });
});
