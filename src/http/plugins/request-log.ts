import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { describeRequest } from '../errors.js';

/** Whether an operator wants a line for each request. */
export function isVerbose({ level }: FastifyBaseLogger): boolean {
  return level === 'debug' || level === 'trace';
}

/** Writes a line for each answer: which, to what, how long it took. Decisions themselves are in the audit log. */
export function registerRequestLog(app: FastifyInstance, logger: FastifyBaseLogger): void {
  app.addHook('onResponse', (request, reply, done) => {
    const figures = { status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) };
    logger.debug({ ...describeRequest(request, reply), ...figures }, 'answered');
    done();
  });
}
