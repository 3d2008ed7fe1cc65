import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ApprovalRefusalCode } from '../domain/approval.js';
import { chooseCorrelationId } from '../domain/correlation.js';
import type { RefusalCode } from '../domain/control-plane.js';
import type { Metrics } from '../domain/metrics.js';

/**
 * The one map from error codes to HTTP statuses. A body is always `{"detail": "<code>"}`: never a stack trace, a
 * path, a secret or an echo of the input.
 */
export const HTTP_STATUS = {
  bad_request: 400,
  invalid_json: 400,
  unauthorized: 401,
  host_not_allowed: 403,
  insufficient_scope: 403,
  identity_mismatch: 403,
  separation_of_duties: 403,
  path_not_permitted: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  approval_state_conflict: 409,
  request_entity_too_large: 413,
  unsupported_media_type: 415,
  validation_error: 422,
  rate_limited: 429,
  too_many_pending_approvals: 429,
  headers_too_large: 431,
  internal_error: 500,
  audit_unavailable: 503,
  approval_store_unavailable: 503,
  llm_adapter_unavailable: 503,
  overloaded: 503,
} as const satisfies Record<RefusalCode | ApprovalRefusalCode, number> & Record<string, number>;

/** A code that an error answer can carry as its `detail`. */
export type ErrorCode = keyof typeof HTTP_STATUS;

/** Seconds after which a caller may try again, for codes that pass by themselves. */
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  too_many_pending_approvals: 60,
  rate_limited: 60,
  overloaded: 1,
  audit_unavailable: 1,
  approval_store_unavailable: 1,
};

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics;
  }
}

/** Repeats the correlation id of a request that was refused before its body could name one. */
function nameCorrelation(reply: FastifyReply): void {
  if (reply.hasHeader('x-correlation-id')) return;
  const header = reply.request.headers['x-correlation-id'];
  reply.header('x-correlation-id', chooseCorrelationId(String(header ?? ''), reply.request.id));
}

/**
 * Answers with an error code, and says when to come back where that is known.
 *
 * @param retryAfterSeconds where the request knows better than its code.
 */
export function sendError(
  reply: FastifyReply,
  code: ErrorCode,
  retryAfterSeconds = RETRY_AFTER_SECONDS[code],
): FastifyReply {
  reply.server.metrics.refused(code);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  nameCorrelation(reply);
  return reply.code(HTTP_STATUS[code]).send({ detail: code });
}

/** A fault that a plugin raises on purpose, to be answered with its code. */
export class HttpError extends Error {
  constructor(readonly code: ErrorCode) {
    super(code);
    this.name = 'HttpError';
  }
}

/** A caller that has asked too often. */
export class RateLimitedError extends HttpError {
  constructor(readonly retryAfterSeconds: number) {
    super('rate_limited');
  }
}

/** A request whose body, query or parameters do not have the declared form. */
export class ValidationError extends Error {
  constructor(
    readonly place: string,
    readonly issues: readonly z.core.$ZodIssue[],
    /** What was judged, to tell what is missing from what is wrong; never shown. */
    readonly value?: unknown,
  ) {
    super('validation_error');
    this.name = 'ValidationError';
  }
}

/** How many faults of one request are worth telling. */
const MAX_ISSUES = 20;

interface IssueDetail {
  readonly loc: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** Whether a JSON value has something at a path. */
function hasValueAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return false;
    current = (current as Record<PropertyKey, unknown>)[part];
  }
  return current !== undefined;
}

/** The faults of a request for a developer: where and why, never the value. */
export function describeIssues({ place, issues, value }: ValidationError): readonly IssueDetail[] {
  return issues
    .flatMap((issue): readonly IssueDetail[] => {
      const loc = [place, ...issue.path.map((part) => (typeof part === 'symbol' ? 'symbol' : part))];
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          loc: [...loc, key],
          code: 'extra_forbidden',
          message: 'unknown field',
        }));
      }
      const isMissing = issue.code !== 'custom' && !hasValueAt(value, issue.path);
      return [{ loc, code: isMissing ? 'missing' : issue.code, message: issue.message }];
    })
    .slice(0, MAX_ISSUES);
}

/** Whether the caller's connection ended before its request did. */
function isCutOff({ raw }: FastifyRequest): boolean {
  return !raw.complete && raw.destroyed;
}

/** The code of what Fastify itself refuses. */
function codeOf(error: unknown, request: FastifyRequest): ErrorCode {
  if (error instanceof HttpError) return error.code;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'request_entity_too_large';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE':
      return 'unsupported_media_type';
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return 'invalid_json';
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return 'bad_request';
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      // The connection to something that this service needs can be reset as well.
      return isCutOff(request) ? 'bad_request' : 'internal_error';
    case 'audit_unavailable':
    case 'approval_store_unavailable':
      return code;
    default:
      return 'internal_error';
  }
}

/** A request as the application log names it: by its ids and its pattern, never by what it carries. */
export function describeRequest(request: FastifyRequest, reply: FastifyReply) {
  const header = reply.getHeader('x-correlation-id') ?? request.headers['x-correlation-id'];
  return {
    request_id: request.id,
    correlation_id: chooseCorrelationId(typeof header === 'string' ? header : null, request.id),
    method: request.method,
    route: request.routeOptions.url ?? null,
  };
}

/** What an answer to an error says, and who must hear of it besides the caller. */
interface ErrorHandlerOptions {
  readonly debug: boolean;
  readonly logger: FastifyBaseLogger;
  onTooLarge(request: FastifyRequest): Promise<void>;
}

/** The error handler of the application: one function from faults to answers. */
export function createErrorHandler(options: ErrorHandlerOptions) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // A body that was read whole leaves the connection good for the next request, whatever is wrong with it.
    if (request.raw.complete) reply.removeHeader('connection');
    if (error instanceof ValidationError) {
      reply.server.metrics.refused('validation_error');
      nameCorrelation(reply);
      const detail = options.debug ? describeIssues(error) : 'validation_error';
      return reply.code(HTTP_STATUS.validation_error).send({ detail });
    }
    if (error instanceof RateLimitedError) return sendError(reply, error.code, error.retryAfterSeconds);
    const code = codeOf(error, request);
    if (HTTP_STATUS[code] >= HTTP_STATUS.internal_error && !(error instanceof HttpError)) {
      options.logger.error({ err: error, ...describeRequest(request, reply) }, 'request failed');
    }
    if (code === 'request_entity_too_large') {
      // What follows on this connection is the rest of the body that was not read.
      reply.header('connection', 'close');
      await options.onTooLarge(request);
    }
    return sendError(reply, code);
  };
}
