import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { BoundaryRefusalCode, ControlPlane } from '../../domain/control-plane.js';
import type { Authentication, Principal } from '../../domain/principal.js';
import type { Access } from '../contract.js';
import { HttpError, RateLimitedError } from '../errors.js';
import { headerOf, soleHeaderOf } from './correlation.js';
import type { LoadCheck } from './load-shedding.js';
import type { RateLimiter, Wait } from './rate-limit.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler of an endpoint that is not open to anyone. */
    principal: Principal | null;
  }
}

/** Records a refusal at the boundary in the audit log. */
export async function recordRefusal(
  plane: ControlPlane,
  request: FastifyRequest,
  code: BoundaryRefusalCode,
  claimed: Parameters<ControlPlane['recordRefusal']>[0]['claimed'] = null,
): Promise<void> {
  await plane.recordRefusal({
    code,
    claimed,
    correlation_id: headerOf(request, 'x-correlation-id') ?? null,
    principal: request.principal,
    address: request.ip,
  });
}

/** The caller of an endpoint that is not open to anyone. */
export function principalOf(request: FastifyRequest): Principal {
  // INVARIANT: the guard ran before the handler, or there is no caller to speak for.
  if (request.principal === null) throw new HttpError('unauthorized');
  return request.principal;
}

/** What a request must pass besides its credential. */
export interface GuardOptions {
  readonly plane: ControlPlane;
  /** Null where load is not watched. */
  readonly isOverloaded: LoadCheck | null;
  /** Null where nobody is limited. */
  readonly limiter: RateLimiter | null;
}

function assertNoWait(wait: Wait): void {
  if (wait !== null) throw new RateLimitedError(wait.seconds);
}

/** Establishes who calls, and whether that caller may: a promise only where a key must be fetched or a refusal recorded. */
function createAdmission(plane: ControlPlane, access: Access | undefined) {
  async function refuse(
    request: FastifyRequest,
    code: 'unauthorized' | 'insufficient_scope',
  ): Promise<never> {
    await recordRefusal(plane, request, code);
    throw new HttpError(code);
  }

  function admit(request: FastifyRequest, authentication: Authentication): Promise<never> | undefined {
    if (!authentication.ok || access === undefined) return refuse(request, 'unauthorized');
    const { principal } = authentication;
    request.principal = principal;
    if (access.always === true && principal.kind === 'anonymous') return refuse(request, 'unauthorized');
    for (const scope of access.scopes) if (principal.scopes.has(scope)) return undefined;
    return refuse(request, 'insufficient_scope');
  }

  return (request: FastifyRequest): Promise<void> | undefined => {
    const authorization = soleHeaderOf(request, 'authorization');
    // THREAT: of two credentials in one header's name, Node shows the first; what stands in front may have judged the other.
    if (authorization === null) return refuse(request, 'unauthorized');
    const authentication = plane.identity.authenticate({
      api_key: headerOf(request, 'x-api-key'),
      authorization,
    });
    return authentication instanceof Promise
      ? authentication.then((settled) => admit(request, settled))
      : admit(request, authentication);
  };
}

type Admission = ReturnType<typeof createAdmission>;

/** Admits within the limits: of the address before anyone is known, of the caller from then on. */
async function admitLimited(limiter: RateLimiter, admit: Admission, request: FastifyRequest): Promise<void> {
  assertNoWait(await limiter.checkAddress(request));
  try {
    await admit(request);
  } catch (error) {
    assertNoWait(
      await (request.principal === null ? limiter.chargeAddress(request) : limiter.chargePrincipal(request)),
    );
    throw error;
  }
  assertNoWait(await limiter.chargePrincipal(request));
}

/**
 * Guards every endpoint of a scope before its body is read: load, then the address, then the caller and its scope, then
 * the caller's limit. Endpoints state their access in their contract; one that states none is refused, one that is open
 * to anyone is not guarded.
 */
export function registerGuard(app: FastifyInstance, { plane, isOverloaded, limiter }: GuardOptions): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === null) return;
    const admit = createAdmission(plane, access);
    const sheds = access?.evenOverloaded !== true;
    route.onRequest = (
      request: FastifyRequest,
      _reply: FastifyReply,
      done: HookHandlerDoneFunction,
    ): void => {
      if (sheds && isOverloaded?.() === true) {
        done(new HttpError('overloaded'));
        return;
      }
      const pending = limiter === null ? admit(request) : admitLimited(limiter, admit, request);
      if (pending === undefined) done();
      else pending.then(() => done(), done);
    };
  });
  if (limiter !== null) {
    app.addHook('preHandler', async (request) => assertNoWait(await limiter.chargeTenant(request)));
  }
}
