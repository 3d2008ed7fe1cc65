import type { FastifyInstance } from 'fastify';
import { sendError } from '../errors.js';
import { soleHeaderOf } from './correlation.js';

/** The host of a `Host` header, without its port, in lower case. */
function bareHost(header: string): string {
  const end = header.startsWith('[') ? header.indexOf(']') + 1 : header.indexOf(':');
  return (end <= 0 ? header : header.slice(0, end)).toLowerCase();
}

/**
 * Serves only the hosts that are listed.
 *
 * THREAT: without authentication, a web page whose name is rebound to this address could call the service from the
 * browser of someone who can reach it; its requests still carry the page's own host name.
 */
export function registerHostCheck(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  app.addHook('onRequest', (request, reply, done) => {
    if (allowed.has(bareHost(soleHeaderOf(request, 'host') ?? ''))) done();
    else sendError(reply, 'host_not_allowed');
  });
}
