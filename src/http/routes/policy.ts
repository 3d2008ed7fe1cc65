import type { FastifyInstance } from 'fastify';
import type { ControlPlane } from '../../domain/control-plane.js';
import { policyResponseSchema } from '../../domain/response.js';
import { registerEndpoint, type RouteTable } from '../contract.js';
import { sendError } from '../errors.js';
import { correlate } from '../plugins/correlation.js';

const policyContract = {
  method: 'GET',
  url: '/v1/policy',
  summary: 'the policy in force, its digest, when it was loaded and from which file',
  access: { scopes: ['policy:read'] },
  answer: policyResponseSchema,
  errors: ['not_found'],
} as const;

/** Adds `GET /v1/policy`; 404 in a process without a policy. */
export function registerPolicyRoutes(app: FastifyInstance, table: RouteTable, plane: ControlPlane): void {
  registerEndpoint(app, table, policyContract, ({ request, reply }) => {
    correlate(request, reply);
    return plane.policy() ?? sendError(reply, 'not_found');
  });
}
