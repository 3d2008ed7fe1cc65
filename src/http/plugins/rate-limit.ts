import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limits } from '../../domain/limits.js';
import type { Principal } from '../../domain/principal.js';
import { memoryRateLimitStore } from './rate-limit-store.js';

const WINDOW_MILLISECONDS = 60_000;

/** How many requests a caller may make. */
export interface RateLimitOptions {
  readonly perMinute: number;
  /** Where the counts are; in the memory of this process where none is given. */
  readonly store?: FastifyRateLimitStoreCtor;
}

/** A caller that must wait, and for how long; null for one that need not. */
export type Wait = { readonly seconds: number } | null;

/** Counts requests by who sends them. */
export interface RateLimiter {
  /** Whether an address has failed to name a caller too often to be given another try. Counts nothing. */
  checkAddress(request: FastifyRequest): Promise<Wait>;
  /** Counts a request whose credential names nobody. */
  chargeAddress(request: FastifyRequest): Promise<Wait>;
  /** Counts a request of a caller that acts for one tenant, before its body is read. */
  chargePrincipal(request: FastifyRequest): Promise<Wait>;
  /** Counts a request of a caller that acts for several, once its body says for which. */
  chargeTenant(request: FastifyRequest): Promise<Wait>;
}

function actsForSeveral({ grants }: Principal): boolean {
  return grants.length > 1 || grants[0]?.tenant === '*';
}

function tenantOf({ body }: FastifyRequest): string | null {
  if (typeof body !== 'object' || body === null || !('tenant_id' in body)) return null;
  const { tenant_id } = body;
  return typeof tenant_id === 'string' && tenant_id.length <= limits.identifierLength ? tenant_id : null;
}

/** INVARIANT: a tenant has a count of its own only with a caller that may act for it, or counts could be had for free. */
function tenantKey(request: FastifyRequest, { id, grants }: Principal): string {
  const tenant = tenantOf(request);
  const isHeld = tenant !== null && grants.some((grant) => grant.tenant === '*' || grant.tenant === tenant);
  return isHeld ? `${id}\n${tenant}` : id;
}

type Count = ReturnType<FastifyInstance['createRateLimit']>;

async function waitOf(count: Count, request: FastifyRequest, increment: boolean): Promise<Wait> {
  const result = await count(request, { increment });
  if (result.isAllowed || !result.isExceeded) return null;
  return { seconds: Math.max(1, result.ttlInSeconds) };
}

/**
 * Creates the limiter of an application.
 *
 * Before authentication only failures count against an address, so that callers who share one do not share one limit.
 * IPv6 addresses count by their /64, which is what one customer is given.
 */
export async function createRateLimiter(
  app: FastifyInstance,
  { perMinute, store = memoryRateLimitStore() }: RateLimitOptions,
): Promise<RateLimiter> {
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: WINDOW_MILLISECONDS,
    store,
  });
  const callerKey = ({ principal }: FastifyRequest): string => principal?.id ?? '';
  const byAddress = app.createRateLimit({});
  const byAnonymous = app.createRateLimit({});
  const byPrincipal = app.createRateLimit({ keyGenerator: callerKey });
  const byTenant = app.createRateLimit({
    keyGenerator: (request) => (request.principal === null ? '' : tenantKey(request, request.principal)),
  });
  return {
    checkAddress: (request) => waitOf(byAddress, request, false),
    chargeAddress: (request) => waitOf(byAddress, request, true),
    async chargePrincipal(request) {
      const { principal } = request;
      if (principal === null) return null;
      if (principal.kind === 'anonymous') return waitOf(byAnonymous, request, true);
      return actsForSeveral(principal) ? null : waitOf(byPrincipal, request, true);
    },
    async chargeTenant(request) {
      const { principal } = request;
      if (principal === null || principal.kind === 'anonymous' || !actsForSeveral(principal)) return null;
      return waitOf(byTenant, request, true);
    },
  };
}
