import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import { NO_SCHEMA_COMPILERS } from '../schema-compilers.js';

/** Answers are data for programs: nothing in them is to be rendered, framed, guessed at or kept. */
const optionsFor = (isProduction: boolean): FastifyHelmetOptions => ({
  // Not to be sent over connections that nothing encrypts (RFC 6797, section 7.2); production has TLS in front of it.
  strictTransportSecurity: isProduction,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  crossOriginEmbedderPolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** The headers that helmet would set on each answer, found once: it would make the same ones anew every time. */
async function readHeaders(isProduction: boolean): Promise<Readonly<Record<string, string>>> {
  const probe = Fastify(NO_SCHEMA_COMPILERS);
  const before = new Set(Object.keys((await probe.inject('/')).headers));
  await probe.close();
  const app = Fastify(NO_SCHEMA_COMPILERS);
  await app.register(helmet, optionsFor(isProduction));
  const { headers } = await app.inject('/');
  await app.close();
  const added = Object.entries(headers).filter(([name]) => !before.has(name));
  return Object.fromEntries(added.map(([name, value]) => [name, String(value)]));
}

/** Sets the headers that tell browsers to do nothing with an answer. The page of documents has a policy of its own. */
export async function registerSecurityHeaders(app: FastifyInstance, isProduction: boolean): Promise<void> {
  const headers = { ...(await readHeaders(isProduction)), 'cache-control': 'no-store' };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
