import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, openSocket, rawPost, type RawAnswer } from '../helpers/raw-http.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';

const BODY = JSON.stringify(runBody());
const SIZE = BODY.length;
const HEAD = 'POST /run HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
const CHUNKED = `${SIZE.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const LAST = 'GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

const get = (target: string, headers = ''): string =>
  `GET ${target} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;

const isAnswered = (answers: readonly RawAnswer[]): boolean => answers.some(({ status }) => status >= 200);

function connectionsOf({ app }: TestService): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

describe('what comes over the wire', () => {
  let service: TestService;
  let port: number;
  beforeAll(async () => {
    service = await startService({
      app: {
        connectionLimits: {
          headersTimeoutMilliseconds: 400,
          requestTimeoutMilliseconds: 600,
          idleTimeoutMilliseconds: 1_000,
          checkIntervalMilliseconds: 50,
        },
      },
    });
    port = Number(new URL(await service.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => service.close());

  it.each([
    ['both lengths', `${HEAD}content-length: ${SIZE}\r\ntransfer-encoding: chunked\r\n\r\n${CHUNKED}`],
    [
      'both lengths, the other way round',
      `${HEAD}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n${CHUNKED}`,
    ],
    ['two lengths that differ', `${HEAD}content-length: ${SIZE}\r\ncontent-length: 3\r\n\r\n${BODY}`],
    ['two lengths that agree', `${HEAD}content-length: ${SIZE}\r\ncontent-length: ${SIZE}\r\n\r\n${BODY}`],
    ['a list of lengths', `${HEAD}content-length: ${SIZE}, ${SIZE}\r\n\r\n${BODY}`],
    ['a length with a sign', `${HEAD}content-length: +${SIZE}\r\n\r\n${BODY}`],
    ['a negative length', `${HEAD}content-length: -1\r\n\r\n${BODY}`],
    ['a hexadecimal length', `${HEAD}content-length: 0x10\r\n\r\n${BODY}`],
    ['a length beyond every integer', `${HEAD}content-length: ${'9'.repeat(30)}\r\n\r\n${BODY}`],
    ['an empty length', `${HEAD}content-length: \r\n\r\n${BODY}`],
    ['a coding that is almost chunked', `${HEAD}transfer-encoding: xchunked\r\n\r\n${CHUNKED}`],
    ['no coding', `${HEAD}transfer-encoding: identity\r\n\r\n${CHUNKED}`],
    ['a coding that is ignored', `${HEAD}transfer-encoding: gzip, chunked\r\n\r\n${CHUNKED}`],
    ['a coding after chunked', `${HEAD}transfer-encoding: chunked, identity\r\n\r\n${CHUNKED}`],
    ['chunked twice', `${HEAD}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n${CHUNKED}`],
    ['a blank before the colon', `${HEAD}transfer-encoding : chunked\r\n\r\n${CHUNKED}`],
    ['a vertical tab before the coding', `${HEAD}transfer-encoding: \v chunked\r\n\r\n${CHUNKED}`],
    ['a folded header', `${HEAD}transfer-encoding:\r\n chunked\r\n\r\n${CHUNKED}`],
    ['lines that end in a line feed alone', `${HEAD.replaceAll('\r', '')}content-length: ${SIZE}\n\n${BODY}`],
    ['a carriage return inside a header', `${HEAD}x: a\rcontent-length: 3\r\n\r\n`],
    ['a NUL inside a header', `${HEAD}x: a\0b\r\ncontent-length: 0\r\n\r\n`],
    ['a chunk size that is no number', `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n${BODY}\r\n0\r\n\r\n`],
    ['a negative chunk size', `${HEAD}transfer-encoding: chunked\r\n\r\n-1\r\n${BODY}\r\n0\r\n\r\n`],
    [
      'a chunk size beyond every integer',
      `${HEAD}transfer-encoding: chunked\r\n\r\n${'f'.repeat(17)}\r\n${BODY}`,
    ],
    ['a chunk longer than it says', `${HEAD}transfer-encoding: chunked\r\n\r\n4\r\n${BODY}\r\n0\r\n\r\n`],
    [
      'twenty kilobytes beside a chunk',
      `${HEAD}transfer-encoding: chunked\r\n\r\n4;${'a'.repeat(20_000)}\r\n`,
    ],
    [
      'a length among the trailers',
      `${HEAD}transfer-encoding: chunked\r\n\r\n0\r\ncontent-length: 5\r\n\r\n`,
    ],
    ['no length where a body follows', `${HEAD}\r\n${BODY}`],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS handshake', Buffer.from('1603010200010001fc0303', 'hex')],
    ['a method that nobody knows', 'FLY /run HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['a blank in the path', get('/he alth')],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
  ])('answers 400 to %s', async (_name, bytes) => {
    const [first] = await exchange(port, bytes, isAnswered);
    expect(first?.status).toBe(400);
  });

  it.each([
    ['a path that is not encoded right', get('/%zz')],
    ['a parameter of 200 characters', get(`/v1/approvals/${'a'.repeat(200)}`)],
  ])('answers 404 to %s', async (_name, bytes) => {
    const [first] = await exchange(port, bytes, isAnswered);
    expect(first?.status).toBe(404);
  });

  it('never takes what follows a request of doubtful length for another request', async () => {
    const inner = rawPost('/run', JSON.stringify(runBody({ request_id: 'smuggled' })));
    const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
    for (const bytes of [
      `${HEAD}content-length: ${chunk.length}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${HEAD}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${inner}`,
      `${HEAD}content-length: 0\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`,
      `${HEAD}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
      `${HEAD}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
      rawPost('/v1/filter', inner, { 'transfer-encoding': 'chunked' }),
    ]) {
      const answers = await exchange(port, bytes);
      expect(answers.map(({ status }) => status)).toEqual([400]);
    }
    expect(service.events().filter(({ request_id }) => request_id === 'smuggled')).toEqual([]);
  });

  it.each([
    ['16 KB of headers', get('/health', `x: ${'a'.repeat(20_000)}\r\n`)],
    ['a path of 20,000 characters', get(`/${'a'.repeat(20_000)}`)],
    ['3,000 headers', get('/health', 'a: bcd\r\n'.repeat(3_000))],
  ])('answers 431 to %s', async (_name, bytes) => {
    const [first] = await exchange(port, bytes);
    expect(first).toMatchObject({ status: 431, body: '{"detail":"headers_too_large"}' });
  });

  it.each([
    ['two hosts', 'GET /health HTTP/1.1\r\nhost: localhost\r\nHost: attacker.example.invalid\r\n\r\n'],
    ['a request line and nothing else', 'GET /health\r\n\r\n'],
  ])('answers 403 to %s, since it cannot tell which host is meant', async (_name, bytes) => {
    const [first] = await exchange(port, bytes, isAnswered);
    expect(first).toMatchObject({ status: 403, body: '{"detail":"host_not_allowed"}' });
  });

  it.each([
    ['an encoded slash', get('/v1%2fpolicy'), 404],
    ['a path upwards', get('/../../etc/passwd'), 404],
    ['an encoded path upwards among the documents', get('/docs/static/..%2f..%2f..%2fpackage.json'), 404],
    ['TRACE', 'TRACE / HTTP/1.1\r\nhost: localhost\r\n\r\n', 404],
    ['an upgrade that nobody offers', get('/health', 'connection: upgrade\r\nupgrade: websocket\r\n'), 200],
    ['a whole chunked body', `${HEAD}transfer-encoding: chunked\r\n\r\n${CHUNKED}`, 200],
    ['a client that asks before it sends', rawPost('/run', BODY, { expect: '100-continue' }), 200],
    ['an expectation that nobody knows', rawPost('/run', BODY, { expect: 'magic' }), 417],
    ['a body where none belongs', `${get('/health', 'content-length: 5\r\n')}hello`, 200],
  ])('answers %s as it should be', async (_name, bytes, status) => {
    const answers = await exchange(port, bytes, isAnswered);
    expect(answers.filter((answer) => answer.status >= 200).map((answer) => answer.status)).toEqual([status]);
  });

  it('opens no tunnel', async () => {
    expect(await exchange(port, 'CONNECT localhost:22 HTTP/1.1\r\nhost: localhost\r\n\r\n')).toEqual([]);
  });

  it('answers pipelined requests in their order, a bad one among them', async () => {
    const bytes = [
      rawPost('/run', JSON.stringify(runBody({ request_id: 'p-1' }))),
      rawPost('/run', '{'),
      rawPost('/v1/authorize', JSON.stringify(authorizeBody({}, { request_id: 'p-2' }))),
      rawPost('/run', '{}'),
      get('/nowhere'),
      LAST,
    ].join('');
    const answers = await exchange(port, bytes);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200, 422, 404, 200]);
    expect(answers[0]?.body).toContain('"request_id":"p-1"');
    expect(answers[2]?.body).toContain('"request_id":"p-2"');
  });

  it('answers a thousand pipelined requests, each once', async () => {
    const ids = Array.from({ length: 1_000 }, (_value, index) => `many-${index}`);
    const bytes = ids.map((id) =>
      rawPost('/v1/authorize', JSON.stringify(authorizeBody({}, { request_id: id }))),
    );
    const answers = await exchange(port, bytes.join('') + LAST);
    const answered = answers
      .slice(0, -1)
      .map(({ body }) => (JSON.parse(body) as { request_id: string }).request_id);
    expect(answered).toEqual(ids);
  });

  describe('a length that lies', () => {
    it('is waited for until the deadline where too little comes', async () => {
      const answers = await exchange(port, rawPost('/run', BODY, { 'content-length': String(SIZE + 10) }));
      expect(answers).toMatchObject([{ status: 408, body: '{"detail":"request_timeout"}' }]);
    });

    it.each([
      ['ten bytes too many', SIZE - 10],
      ['a body that should not be there', 0],
    ])('cuts off %s', async (_name, length) => {
      const answers = await exchange(port, rawPost('/run', BODY, { 'content-length': String(length) }));
      expect(answers.length).toBeGreaterThan(0);
      expect(answers.every(({ status }) => status === 400)).toBe(true);
    });
  });

  it.each([
    ['nothing', ''],
    ['half a request line', 'POST /ru'],
    ['half of its headers', 'POST /run HTTP/1.1\r\nhost: loc'],
    ['half of its body', rawPost('/run', BODY).slice(0, -5)],
    ['half of a chunk', `${HEAD}transfer-encoding: chunked\r\n\r\nff\r\n{"a"`],
  ])('answers 408 to a client that sends %s, and closes', async (_name, bytes) => {
    const answers = await exchange(port, bytes);
    expect(answers).toMatchObject([{ status: 408, body: '{"detail":"request_timeout"}' }]);
    expect(answers[0]?.head).toMatch(/^connection: close$/im);
  });

  it('cuts off a client that asks and never reads', async () => {
    const socket = await openSocket(port);
    socket.pause();
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    const ask = (): void => {
      if (socket.writable) socket.write(get('/openapi.json').repeat(100), ask);
    };
    ask();
    await expect.poll(() => connectionsOf(service), { interval: 20, timeout: 10_000 }).toBe(0);
    socket.resume();
    await closed;
  });

  it('asks for a credential whatever the method', async () => {
    const guarded = await startService({
      variables: { ACP_REQUIRE_API_AUTH: 'true', ACP_API_KEY: 'fake-gateway-key-for-tests-000000' },
    });
    for (const url of ['/v1/policy', '/v1/approvals'])
      expect((await guarded.app.inject({ method: 'HEAD', url })).statusCode, url).toBe(401);
    await guarded.close();
  });

  it('is alive after all of it, and has lost no connection', async () => {
    expect((await service.get('/readyz')).status).toBe(200);
    const page = (await service.get('/metrics')).text;
    expect(page).toMatch(/acp_error_responses_total\{code="request_timeout"\} [1-9]/);
    expect(page).toMatch(/acp_error_responses_total\{code="headers_too_large"\} 3/);
  });
});
