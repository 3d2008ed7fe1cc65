import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BoundaryRefusalCode, ControlPlane } from '../../domain/control-plane.js';
import type { Authentication, Principal } from '../../domain/principal.js';
import { HttpError } from '../errors.js';
import { headerOf } from './correlation.js';

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
  // INVARIANT: the authentication hook ran before the handler, or there is no caller to speak for.
  if (request.principal === null) throw new HttpError('unauthorized');
  return request.principal;
}

/**
 * Establishes who calls before the body is read, and whether the credential has a scope that the endpoint takes.
 * Endpoints state their access in their contract; one that states none is refused.
 */
export function registerAuthentication(app: FastifyInstance, plane: ControlPlane): void {
  app.decorateRequest('principal', null);

  async function refuse(
    request: FastifyRequest,
    code: 'unauthorized' | 'insufficient_scope',
  ): Promise<never> {
    await recordRefusal(plane, request, code);
    throw new HttpError(code);
  }

  function admit(request: FastifyRequest, authentication: Authentication): Promise<never> | undefined {
    const { access } = request.routeOptions.config;
    if (!authentication.ok || access === null || access === undefined) return refuse(request, 'unauthorized');
    const { principal } = authentication;
    request.principal = principal;
    if (access.always === true && principal.kind === 'anonymous') return refuse(request, 'unauthorized');
    const hasScope = access.scopes.some((scope) => principal.scopes.has(scope));
    return hasScope ? undefined : refuse(request, 'insufficient_scope');
  }

  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || request.routeOptions.config.access === null) {
      done();
      return;
    }
    const authentication = plane.identity.authenticate({
      api_key: headerOf(request, 'x-api-key'),
      authorization: headerOf(request, 'authorization'),
    });
    // A promise only where a key must be fetched or a refusal recorded: the common case costs none.
    const pending =
      authentication instanceof Promise
        ? authentication.then((settled) => admit(request, settled))
        : admit(request, authentication);
    if (pending === undefined) done();
    else pending.then(() => done(), done);
  });
}
