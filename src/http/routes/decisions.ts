import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BoundaryRefusal, ControlPlane, RefusalCode } from '../../domain/control-plane.js';
import { authorizeRequestSchema, filterRequestSchema, runRequestSchema } from '../../domain/request.js';
import { authorizeResponseSchema, filterResponseSchema, runResponseSchema } from '../../domain/response.js';
import { registerEndpoint, type RouteTable } from '../contract.js';
import { sendError } from '../errors.js';
import { principalOf, recordRefusal } from '../plugins/authentication.js';
import { correlate } from '../plugins/correlation.js';

const bodyErrors = [
  'invalid_json',
  'request_entity_too_large',
  'unsupported_media_type',
  'validation_error',
] as const;

const decisionErrors = [
  ...bodyErrors,
  'identity_mismatch',
  'too_many_pending_approvals',
  'audit_unavailable',
  'approval_store_unavailable',
] as const;

const runContract = {
  method: 'POST',
  url: '/run',
  summary: 'one agent turn',
  access: { scopes: ['run'] },
  body: runRequestSchema,
  answer: runResponseSchema,
  errors: [...decisionErrors, 'path_not_permitted', 'llm_adapter_unavailable'],
} as const;

const authorizeContract = {
  method: 'POST',
  url: '/v1/authorize',
  summary: 'decide one proposed tool call',
  access: { scopes: ['authorize'] },
  body: authorizeRequestSchema,
  answer: authorizeResponseSchema,
  errors: decisionErrors,
} as const;

const filterContract = {
  method: 'POST',
  url: '/v1/filter',
  summary: 'the output filter on a text, a structured object, or both',
  access: { scopes: ['filter'] },
  body: filterRequestSchema,
  answer: filterResponseSchema,
  errors: bodyErrors,
} as const;

/** Answers a refusal; what the audit log keeps of it is recorded first. */
async function answerRefusal(
  plane: ControlPlane,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  claimed: BoundaryRefusal['claimed'],
  code: RefusalCode,
): Promise<FastifyReply> {
  if (code === 'identity_mismatch' || code === 'path_not_permitted') {
    await recordRefusal(plane, request, code, claimed);
  }
  return sendError(reply, code);
}

/** The endpoints that decide: a turn, a proposed call, a text. */
export function registerDecisionRoutes(app: FastifyInstance, table: RouteTable, plane: ControlPlane): void {
  registerEndpoint(app, table, runContract, async (call) => {
    const { body, request, reply } = call;
    const correlation_id = correlate(request, reply, body.correlation_id, body.request_id);
    const outcome = await plane.run({ principal: principalOf(request), correlation_id }, body);
    return outcome.ok ? outcome.value : answerRefusal(plane, call, body, outcome.code);
  });

  registerEndpoint(app, table, authorizeContract, async (call) => {
    const { body, request, reply } = call;
    const correlation_id = correlate(request, reply, body.correlation_id, body.request_id);
    const outcome = await plane.authorize({ principal: principalOf(request), correlation_id }, body);
    return outcome.ok ? outcome.value : answerRefusal(plane, call, body, outcome.code);
  });

  registerEndpoint(app, table, filterContract, ({ body, request, reply }) => {
    correlate(request, reply);
    return plane.filter(body);
  });
}
