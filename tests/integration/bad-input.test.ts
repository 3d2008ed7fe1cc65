import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

/** A body as text, so that it may say what no JavaScript value can. */
function bodyWith(field: string): string {
  return `${JSON.stringify(runBody()).slice(0, -1)},${field}}`;
}

function callWith(args: string): string {
  return JSON.stringify(authorizeBody()).replace(/"arguments":\{[^}]*\}/, `"arguments":${args}`);
}

describe('bad input', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());

  const send = async (url: string, payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) => {
    const response = await service.app.inject({ method: 'POST', url, headers, payload });
    return { status: response.statusCode, detail: response.json<{ detail: unknown }>().detail };
  };

  it.each([
    ['nothing', ''],
    ['half a body', '{"request_id":'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from(JSON.stringify(runBody()), 'utf16le')],
    ['a byte order mark', `\uFEFF${JSON.stringify(runBody())}`],
    ['trailing bytes', `${JSON.stringify(runBody())}x`],
    ['NaN', bodyWith('"human_approval":NaN')],
  ])('answers 400 invalid_json to %s', async (_name, payload) => {
    expect(await send('/run', payload)).toEqual({ status: 400, detail: 'invalid_json' });
  });

  it.each([
    ['null', 'null', ['body']],
    ['an array', '[]', ['body']],
    ['an unknown field', bodyWith('"is_admin":true'), ['body', 'is_admin']],
    ['an empty identifier', JSON.stringify(runBody({ user_id: '' })), ['body', 'user_id']],
    ['blanks around an identifier', JSON.stringify(runBody({ user_id: ' u ' })), ['body', 'user_id']],
    ['a control character', JSON.stringify(runBody({ tenant_id: 'a\nb' })), ['body', 'tenant_id']],
    ['a long identifier', JSON.stringify(runBody({ session_id: 'x'.repeat(129) })), ['body', 'session_id']],
    ['a non-ASCII identifier', JSON.stringify(runBody({ role: 'админ' })), ['body', 'role']],
    ['a wrong type', JSON.stringify(runBody({ human_approval: 'true' })), ['body', 'human_approval']],
    ['a number for an identifier', JSON.stringify(runBody({ user_id: 7 })), ['body', 'user_id']],
    ['an unknown path', JSON.stringify(runBody({ path: 'sideways' })), ['body', 'path']],
    [
      'an unknown trust',
      JSON.stringify(
        runBody({ retrieved_chunks: [{ id: 'c', content: '', trust: 'maybe', tenant_id: 't' }] }),
      ),
      ['body', 'retrieved_chunks', 0, 'trust'],
    ],
    [
      'too many chunks',
      JSON.stringify(
        runBody({ retrieved_chunks: Array(257).fill({ id: 'c', content: '', tenant_id: 't' }) }),
      ),
      ['body', 'retrieved_chunks'],
    ],
    [
      'a name that reaches the prototype',
      bodyWith('"__proto__":{"human_approval":true}'),
      ['body', '__proto__'],
    ],
    ['a huge number', bodyWith('"x":1e400'), ['body', 'x']],
  ])('answers 422 to %s and says where', async (_name, payload, loc) => {
    const { status, detail } = await send('/run', payload);
    expect(status).toBe(422);
    expect(detail).toEqual(expect.arrayContaining([expect.objectContaining({ loc })]));
  });

  it.each([
    ['an unknown source', { provenance: { source: 'oracle', trust: 'trusted' } }],
    [
      '65 context ids',
      { provenance: { source: 'model', trust: 'trusted', context_ids: Array(65).fill('c') } },
    ],
    ['a long tool name', { tool_name: 'x'.repeat(129) }],
    ['a long target', { target: 'x'.repeat(257) }],
    ['arguments that are a list', { arguments: [] }],
    ['a lone surrogate in an argument', { arguments: { record_ids: ['\ud800'] } }],
    ['a lone surrogate in the name of an argument', { arguments: { '\udfff': 1 } }],
    ['an unsafe integer', { arguments: { n: 2 ** 53 } }],
    ['10,001 elements', { arguments: { record_ids: Array(10_001).fill('r') } }],
  ])('answers 422 to a call with %s', async (_name, toolCall) => {
    expect((await service.post('/v1/authorize', authorizeBody(toolCall))).status).toBe(422);
  });

  it('accepts a call at the limits', async () => {
    const { status, body } = await service.post(
      '/v1/authorize',
      authorizeBody({ arguments: { record_ids: Array(10_000).fill('r') } }),
    );
    expect({ status, allowed: body['allowed'] }).toEqual({ status: 200, allowed: true });
  });

  it.each([
    [31, 422],
    [40_000, 422],
  ])('bounds nesting: %i levels of arguments', async (depth, status) => {
    expect((await send('/v1/authorize', callWith(nested(depth)))).status).toBe(status);
  });

  it('refuses an argument that would replace a prototype', async () => {
    const { status } = await send('/v1/authorize', callWith('{"record_ids":[],"__proto__":{"x":1}}'));
    expect(status).toBe(422);
  });

  it.each([
    ['an undeclared argument', { record_ids: ['r'], bcc: 'x@example.invalid' }, 'extra_forbidden'],
    ['a string for a list', { record_ids: 'r-1' }, 'list_type'],
    ['a number in a list of strings', { record_ids: [1] }, 'string_type'],
    ['a name every object has', { constructor: 'x' }, 'extra_forbidden'],
  ])('decides on %s instead of failing', async (_name, args, code) => {
    const { status, body } = await service.post('/v1/authorize', authorizeBody({ arguments: args }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      effect: 'deny',
      stage: 'schema_validation',
      reason: `schema_validation_failed:${code}`,
    });
  });

  it('counts the last of two equal keys, and shows what was decided on', async () => {
    const { body } = JSON.parse(
      (
        await service.app.inject({
          method: 'POST',
          url: '/v1/authorize',
          headers: JSON_TYPE,
          payload: callWith('{"record_ids":["first"],"record_ids":["last"]}'),
        })
      ).body.replace(/^/, '{"body":') + '}',
    ) as { body: Record<string, unknown> };
    expect(body['arguments']).toEqual({ record_ids: ['last'] });
  });

  it('takes any correlation id, keeps what is printable, and repeats it', async () => {
    const odd = await service.post('/run', runBody({ correlation_id: ' a\u0007b\u{1f600} ' }));
    expect(odd.body['correlation_id']).toBe('ab');
    expect(odd.headers['x-correlation-id']).toBe('ab');
    const wrongType = await service.post('/run', runBody({ correlation_id: 7 }), {
      'x-correlation-id': 'from-header',
    });
    expect(wrongType.body['correlation_id']).toBe('from-header');
    const none = await service.post('/run', runBody());
    expect(none.body['correlation_id']).toBe('req-1');
  });

  it('takes any text in texts, lone surrogates and NULs included', async () => {
    const text = '\ud800 \u0000 \u202e';
    const { status } = await service.post(
      '/run',
      runBody({ user_message: text, retrieved_chunks: [{ id: 'c', content: text, tenant_id: 't' }] }),
    );
    expect(status).toBe(200);
    expect((await service.post('/v1/filter', { text })).status).toBe(200);
  });

  it('answers 415 to another media type', async () => {
    expect(await send('/run', 'x=1', { 'content-type': 'application/x-www-form-urlencoded' })).toEqual({
      status: 415,
      detail: 'unsupported_media_type',
    });
  });

  it('answers 404 and 405 with Allow', async () => {
    expect((await service.get('/nowhere')).body).toEqual({ detail: 'not_found' });
    const wrong = await service.app.inject({ method: 'DELETE', url: '/run' });
    expect({ status: wrong.statusCode, allow: wrong.headers.allow, body: wrong.json<unknown>() }).toEqual({
      status: 405,
      allow: 'POST',
      body: { detail: 'method_not_allowed' },
    });
    expect((await service.app.inject({ method: 'POST', url: '/health' })).headers.allow).toBe('GET, HEAD');
  });

  it('answers 413 and records it, and does not read on', async () => {
    const payload = JSON.stringify(runBody({ user_message: 'x'.repeat(1_048_576) }));
    expect(await send('/run', payload)).toEqual({ status: 413, detail: 'request_entity_too_large' });
    expect(service.events().at(-1)).toMatchObject({
      event_type: 'request_body_limit_blocked',
      stage: 'api_middleware',
      policy_reason: 'request_entity_too_large',
      correlation_id: 'api-body-limit',
      request_id: 'api-body-limit',
      tenant_id: 'unknown',
      model: 'n/a',
    });
  });

  it('limits chunked bodies too, without reading past the limit', async () => {
    const address = await service.app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    let sent = 0;
    const answer = await new Promise<string>((resolve, reject) => {
      let received = '';
      socket.on('data', (data) => (received += data.toString()));
      socket.on('close', () => resolve(received));
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
      });
      socket.write(
        'POST /run HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
      );
      const feed = (): void => {
        while (!socket.destroyed && sent < 4096) {
          sent += 1;
          if (!socket.write(chunk)) {
            socket.once('drain', feed);
            return;
          }
        }
      };
      feed();
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('{"detail":"request_entity_too_large"}');
    expect(sent).toBeLessThan(4096);
  });

  it('is alive after all of it', async () => {
    expect((await service.get('/health')).body).toEqual({ status: 'ok', mode: 'test' });
    expect((await service.get('/readyz')).status).toBe(200);
  });
});

describe('errors with debug errors off', () => {
  it('say nothing about the input', async () => {
    const service = await startService({ variables: { ACP_ENABLE_DEBUG_ERRORS: 'false' } });
    const { status, body } = await service.post('/run', runBody({ surprise: 'x' }));
    expect({ status, body }).toEqual({ status: 422, body: { detail: 'validation_error' } });
    await service.close();
  });
});
