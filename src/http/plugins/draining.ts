import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { lingerThenClose } from '../linger.js';

/** How often connections are looked at that have become idle while the service stops. */
const IDLE_SWEEP_MILLISECONDS = 50;

/** The last answers of a connection; they leave in their order. */
interface Due {
  last: ServerResponse | null;
  lastButOne: ServerResponse | null;
  /** Whether nothing more is taken from the connection. */
  isEnding: boolean;
}

/** Whether an answer, and so all before it, is with the operating system. */
function hasLeft(answer: ServerResponse | null): boolean {
  return answer === null || answer.writableFinished;
}

/**
 * While the service stops, closes idle connections, and takes one last request from each of the others.
 *
 * INVARIANT: what is decided is answered. The answer to that last request closes its connection; what was pipelined
 * behind it could be decided but no longer answered, so it is not looked at, and its client sees that. Node's own
 * closing of idle connections cuts off those whose answers are on their way, so this takes its place.
 *
 * THREAT: a client that never sends the rest of its request would hold up the stop. Nothing of it is decided, so it is
 * cut off in time.
 */
export function registerDraining(app: FastifyInstance, requestsFinishWithinMilliseconds: number): void {
  let isClosing = false;
  let isTimeUp = false;
  const connections = new Set<Socket>();
  const dues = new WeakMap<Socket, Due>();

  const dueOf = (socket: Socket): Due => {
    let due = dues.get(socket);
    if (due === undefined) dues.set(socket, (due = { last: null, lastButOne: null, isEnding: false }));
    return due;
  };
  const closeGently = (socket: Socket): void => {
    socket.destroySoon = () => lingerThenClose(socket);
  };
  const closeIdleAndLate = (): void => {
    for (const socket of connections) {
      const due = dueOf(socket);
      if (hasLeft(due.last)) {
        due.isEnding = true;
        lingerThenClose(socket);
      } else if (isTimeUp && due.last?.req.complete === false && hasLeft(due.lastButOne)) {
        socket.destroy();
      }
    }
  };
  app.server.closeIdleConnections = closeIdleAndLate;
  app.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    if (isClosing) closeGently(socket);
  });
  app.addHook('preClose', (done) => {
    isClosing = true;
    for (const socket of connections) closeGently(socket);
    const sweep = setInterval(closeIdleAndLate, IDLE_SWEEP_MILLISECONDS).unref();
    const deadline = setTimeout(() => (isTimeUp = true), requestsFinishWithinMilliseconds).unref();
    app.server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(deadline);
    });
    done();
  });
  app.addHook('onRequest', ({ raw: request }, reply, done) => {
    const due = dueOf(request.socket);
    if (due.isEnding) {
      reply.hijack();
      request.resume();
      return;
    }
    due.isEnding = isClosing;
    due.lastButOne = due.last;
    due.last = reply.raw;
    done();
  });
}
