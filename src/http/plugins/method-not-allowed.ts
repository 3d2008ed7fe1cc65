import type { FastifyInstance, HTTPMethods } from 'fastify';
import type { RouteTable } from '../contract.js';
import { sendError } from '../errors.js';

const METHODS: readonly HTTPMethods[] = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/**
 * Answers 405 with `Allow` where the path is known and the method is not, before authentication and without reading
 * a body. Call it after every endpoint is registered.
 */
export function registerMethodNotAllowed(app: FastifyInstance, table: RouteTable): void {
  for (const [url, taken] of table.methods) {
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
