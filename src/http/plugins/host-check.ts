import type { FastifyInstance } from 'fastify';
import { sendError } from '../errors.js';

const HOST = 'host';

/** The host of a `Host` header, without its port, in lower case. */
function bareHost(header: string): string {
  const end = header.startsWith('[') ? header.indexOf(']') + 1 : header.indexOf(':');
  return (end <= 0 ? header : header.slice(0, end)).toLowerCase();
}

/** Whether the host is stated more than once, so that another reader could go by another one. */
function isAmbiguous(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === HOST.length && name.toLowerCase() === HOST) count += 1;
  }
  return count > 1;
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
    const { headers, rawHeaders } = request.raw;
    if (allowed.has(bareHost(headers.host ?? '')) && !isAmbiguous(rawHeaders)) done();
    else sendError(reply, 'host_not_allowed');
  });
}
