import cors, { type FastifyCorsOptions } from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import { NO_SCHEMA_COMPILERS } from '../schema-compilers.js';

function optionsFor(allowedOrigins: readonly string[]): FastifyCorsOptions {
  return {
    origin: allowedOrigins.includes('*') ? '*' : [...allowedOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Content-Type', 'X-API-Key', 'Authorization', 'X-Correlation-ID'],
    exposedHeaders: ['X-Correlation-ID', 'Retry-After'],
    strictPreflight: false,
  };
}

type HeadersByOrigin = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The headers with which the plugin lets each origin read an answer, found once: it would make the same ones anew. */
async function readHeaders(
  options: FastifyCorsOptions,
  origins: readonly string[],
): Promise<HeadersByOrigin> {
  const app = Fastify(NO_SCHEMA_COMPILERS);
  await app.register(cors, options);
  const byOrigin = new Map<string, Readonly<Record<string, string>>>();
  for (const origin of origins) {
    const { headers } = await app.inject({ url: '/', headers: { origin } });
    const ofCors = Object.entries(headers).filter(
      ([name]) => name === 'vary' || name.startsWith('access-control-'),
    );
    byOrigin.set(origin, Object.fromEntries(ofCors.map(([name, value]) => [name, String(value)])));
  }
  await app.close();
  return byOrigin;
}

/**
 * Lets web pages of the listed origins read answers (CORS), and answers their preflights before anyone is asked who
 * they are. A request without an origin, which no page sends across origins, costs a look at one header.
 */
export async function registerCrossOrigin(
  app: FastifyInstance,
  allowedOrigins: readonly string[],
): Promise<void> {
  const options = optionsFor(allowedOrigins);
  const byOrigin = await readHeaders(options, allowedOrigins);
  const forAnyone = byOrigin.get('*');
  const forOthers = { vary: 'Origin' };
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin !== undefined && request.method !== 'OPTIONS') {
      reply.headers(byOrigin.get(origin) ?? forAnyone ?? forOthers);
    }
    done();
  });
  // In a scope of its own the plugin's hook sees preflights alone.
  await app.register((preflights) => preflights.register(cors, options));
}
