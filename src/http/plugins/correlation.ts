import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseCorrelationId } from '../../domain/correlation.js';

/** A header that was sent at most once; repeated ones are joined as HTTP has it. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Chooses the correlation id of a request from its body, its header or its request id, and repeats it in the answer. */
export function correlate(
  request: FastifyRequest,
  reply: FastifyReply,
  ...candidates: (string | null | undefined)[]
): string {
  const [own, ...rest] = candidates;
  const id = chooseCorrelationId(own, headerOf(request, 'x-correlation-id'), ...rest, request.id);
  reply.header('x-correlation-id', id);
  return id;
}
