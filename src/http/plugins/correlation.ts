import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseCorrelationId } from '../../domain/correlation.js';

/** A header that was sent at most once; repeated ones are joined as HTTP has it. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/**
 * A header of which Node keeps the first and drops the rest: null where there were more, since whoever reads on may
 * have gone by another.
 */
export function soleHeaderOf(
  request: FastifyRequest,
  name: 'authorization' | 'content-type' | 'host',
): string | undefined | null {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  const { rawHeaders } = request.raw;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length === name.length && rawHeaders[index]?.toLowerCase() === name) count += 1;
  }
  return count > 1 ? null : value;
}

/** Chooses the correlation id of a request from its body, its header or its request id, and repeats it in the answer. */
export function correlate(
  request: FastifyRequest,
  reply: FastifyReply,
  ofBody?: string | null,
  requestId?: string,
): string {
  const id = chooseCorrelationId(ofBody, headerOf(request, 'x-correlation-id'), requestId, request.id);
  reply.header('x-correlation-id', id);
  return id;
}
