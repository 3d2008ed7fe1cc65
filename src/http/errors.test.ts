import { once } from 'node:events';
import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createErrorHandler, describeIssues, ValidationError } from './errors.js';

const schema = z.strictObject({
  name: z.string(),
  kind: z.enum(['a', 'b']),
  inner: z.strictObject({ count: z.number() }),
});

function describeFaults(value: unknown) {
  const { error } = schema.safeParse(value);
  return describeIssues(new ValidationError('body', error!.issues, value));
}

describe('describeIssues', () => {
  it('tells a field that is missing from one that is wrong', () => {
    expect(describeFaults({ inner: {} })).toMatchObject([
      { loc: ['body', 'name'], code: 'missing' },
      { loc: ['body', 'kind'], code: 'missing' },
      { loc: ['body', 'inner', 'count'], code: 'missing' },
    ]);
    expect(describeFaults({ name: null, kind: 'c', inner: { count: 'received undefined' } })).toMatchObject([
      { loc: ['body', 'name'], code: 'invalid_type' },
      { loc: ['body', 'kind'], code: 'invalid_value' },
      { loc: ['body', 'inner', 'count'], code: 'invalid_type' },
    ]);
  });

  it('names unknown fields', () => {
    expect(describeFaults({ name: 'x', kind: 'a', inner: { count: 1 }, other: 1 })).toEqual([
      { loc: ['body', 'other'], code: 'extra_forbidden', message: 'unknown field' },
    ]);
  });
});

describe('a connection that is reset', () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  function createTestApp(refused: (code: string) => void): FastifyInstance {
    app = fastify();
    app.decorate('metrics', { refused } as never);
    app.setErrorHandler(
      createErrorHandler({ logger: app.log, debug: false, onTooLarge: () => Promise.resolve() }),
    );
    app.post('/', () => {
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    });
    return app;
  }

  it('is a fault of the service where it is one of its own', async () => {
    const codes: string[] = [];
    const address = await createTestApp((code) => codes.push(code)).listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect({ status: response.status, codes }).toEqual({ status: 500, codes: ['internal_error'] });
  });

  it('is a fault of the request where the caller cut it off', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const address = await createTestApp(resolve).listen({ host: '127.0.0.1', port: 0 });
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    await once(socket, 'connect');
    const received = once(app.server, 'request');
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    await received;
    socket.destroy();
    expect(await promise).toBe('bad_request');
  });
});
