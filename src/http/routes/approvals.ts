import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  approvalDecisionRequestSchema,
  approvalDecisionVerbs,
  approvalListQuerySchema,
  approvalPageSchema,
  approvalRecordSchema,
  type ApprovalCall,
  type ApprovalResult,
} from '../../domain/approval.js';
import type { ControlPlane } from '../../domain/control-plane.js';
import { registerEndpoint, type RouteTable } from '../contract.js';
import { sendError, type ErrorCode } from '../errors.js';
import { principalOf } from '../plugins/authentication.js';
import { correlate } from '../plugins/correlation.js';

const errors = [
  'identity_mismatch',
  'not_found',
  'approval_store_unavailable',
  'audit_unavailable',
] as const satisfies ErrorCode[];

const decisionErrors = [
  ...errors,
  'invalid_json',
  'validation_error',
  'request_entity_too_large',
  'unsupported_media_type',
  'separation_of_duties',
  'approval_state_conflict',
] as const satisfies ErrorCode[];

const approver = { scopes: ['approve'], always: true } as const;

const listContract = {
  method: 'GET',
  url: '/v1/approvals',
  summary: "the requests of the caller's tenants, newest first",
  access: approver,
  query: approvalListQuerySchema,
  answer: approvalPageSchema,
  errors: ['validation_error', ...errors],
} as const;

const getContract = {
  method: 'GET',
  url: '/v1/approvals/:approval_id',
  summary: 'one request; the requesting principal also gets the token, while approved',
  access: { scopes: ['approve', 'run', 'authorize'], always: true },
  answer: approvalRecordSchema,
  errors,
} as const;

function callOf(request: FastifyRequest, reply: FastifyReply): ApprovalCall {
  return { principal: principalOf(request), correlation_id: correlate(request, reply) };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { approval_id: string }).approval_id;
}

/** Answers a result; the service has put what it refused on record. */
function answer<T>(reply: FastifyReply, result: ApprovalResult<T>): T | FastifyReply {
  return result.ok ? result.value : sendError(reply, result.code);
}

/** The approval workflow. Nothing is ever decided by GET. */
export function registerApprovalRoutes(app: FastifyInstance, table: RouteTable, plane: ControlPlane): void {
  registerEndpoint(app, table, listContract, async ({ query, request, reply }) =>
    answer(reply, await plane.approvals.list(callOf(request, reply), query)),
  );

  registerEndpoint(app, table, getContract, async ({ request, reply }) =>
    answer(reply, await plane.approvals.get(callOf(request, reply), idOf(request))),
  );

  for (const [verb, summary] of approvalDecisionVerbs) {
    const contract = {
      method: 'POST',
      url: `/v1/approvals/:approval_id/${verb}`,
      summary,
      access: approver,
      body: approvalDecisionRequestSchema,
      answer: approvalRecordSchema,
      errors: decisionErrors,
    } as const;
    registerEndpoint(app, table, contract, async ({ body, request, reply }) => {
      const result = await plane.approvals[verb](callOf(request, reply), idOf(request), body.reason);
      return answer(reply, result);
    });
  }
}
