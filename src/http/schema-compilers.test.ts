import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { NO_SCHEMA_COMPILERS } from './schema-compilers.js';

const object = { type: 'object', properties: { a: { type: 'string' } } } as const;

describe('an application without compilers of schemas', () => {
  it.each([
    ['body', { body: object }],
    ['answer', { response: { 200: object } }],
  ])('does not start with a route that has a schema of its %s', async (_part, schema) => {
    const app = Fastify(NO_SCHEMA_COMPILERS);
    app.post('/', { schema }, () => ({}));
    await expect(app.ready()).rejects.toThrow('its contract is what validates');
  });

  it('serves a route without a schema', async () => {
    const app = Fastify(NO_SCHEMA_COMPILERS);
    app.post('/', () => ({ a: 1 }));
    expect((await app.inject({ method: 'POST', url: '/' })).json()).toEqual({ a: 1 });
    await app.close();
  });
});
