import type { FastifyInstance, HTTPMethods } from 'fastify';
import { sendError } from '../errors.js';

const METHODS: readonly HTTPMethods[] = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/**
 * Answers 405 with `Allow` where the path is known and the method is not, before authentication and without reading
 * a body. Call it after every route is registered; `routes` are the ones seen by an `onRoute` hook.
 */
export function registerMethodNotAllowed(
  app: FastifyInstance,
  routes: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [url, taken] of routes) {
    const allow = [...taken].sort().join(', ');
    app.route({
      method: METHODS.filter((method) => !taken.has(method)),
      url,
      config: { access: null },
      onRequest: (_request, reply) => {
        sendError(reply.header('allow', allow), 'method_not_allowed');
      },
      handler: () => undefined,
    });
  }
}
