import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * While the service stops, takes one last request from each connection.
 *
 * INVARIANT: what is decided is answered. The answer to that last request closes its connection; what was pipelined
 * behind it could be decided but no longer answered, so it is not looked at, and its client sees that.
 */
export function registerDraining(app: FastifyInstance): void {
  let isClosing = false;
  const ending = new WeakSet<Socket>();
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (!isClosing) {
      done();
    } else if (ending.has(request.raw.socket)) {
      reply.hijack();
    } else {
      ending.add(request.raw.socket);
      done();
    }
  });
}
