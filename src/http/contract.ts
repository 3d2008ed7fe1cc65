import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import type { Scope } from '../domain/principal.js';
import { HTTP_STATUS, HttpError, ValidationError, type ErrorCode } from './errors.js';

/** Who may call an endpoint. */
export interface Access {
  /** Any of these scopes will do. */
  readonly scopes: readonly Scope[];
  /** Whether a credential is needed even where authentication is off. */
  readonly always?: boolean;
  /** Whether it is answered even where the process is too busy for more: operators must see why. */
  readonly evenOverloaded?: boolean;
}

/** An endpoint: what it takes, what it answers, and who may call it. */
export interface Contract<Body extends z.ZodType, Query extends z.ZodType> {
  readonly method: Extract<HTTPMethods, 'GET' | 'POST'>;
  readonly url: string;
  readonly summary: string;
  /** Null: open to anyone. */
  readonly access: Access | null;
  readonly body?: Body;
  readonly query?: Query;
  readonly answer: z.ZodType;
  /** The media type of the answer; JSON where it is not stated. */
  readonly answerType?: string;
  /** What it answers with the statuses that are neither its success nor an error code's. */
  readonly otherAnswers?: Readonly<Record<number, z.ZodType>>;
  readonly errors: readonly ErrorCode[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access | null;
  }
}

const issueSchema = z.strictObject({
  loc: z.array(z.union([z.string(), z.number()])),
  code: z.string(),
  message: z.string(),
});

/** The body of an answer with one of these codes; with debug errors on, a refused request is told where it is wrong. */
function errorBodyOf(codes: readonly ErrorCode[]): z.ZodType {
  const code = z.enum(codes);
  return z.strictObject({
    detail: codes.includes('validation_error') ? z.union([code, z.array(issueSchema)]) : code,
  });
}

/** What any endpoint may answer, whatever it does: the edge, or a fault. */
const EVERYWHERE = [
  'bad_request',
  'host_not_allowed',
  'request_timeout',
  'headers_too_large',
  'internal_error',
] as const satisfies ErrorCode[];

/** A zod schema as JSON Schema, without the dialect that the OpenAPI document states once. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const document = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(document).filter(([keyword]) => keyword !== '$schema'));
}

function errorsByStatus(codes: readonly ErrorCode[]): Record<number, unknown> {
  const byStatus: Record<number, unknown> = {};
  for (const status of new Set(codes.map((code) => HTTP_STATUS[code]))) {
    const names = codes.filter((code) => HTTP_STATUS[code] === status);
    byStatus[status] = { description: names.join(', '), ...toJsonSchema(errorBodyOf(names), 'output') };
  }
  return byStatus;
}

/** What the OpenAPI document says of a route; the validator and the serializer do not use it. */
export interface RouteDocument {
  readonly summary: string;
  readonly [part: string]: unknown;
}

function documentOf(contract: Contract<z.ZodType, z.ZodType>): RouteDocument {
  const { access, body, query, answer, answerType = 'application/json', otherAnswers = {} } = contract;
  const errors: ErrorCode[] = [...contract.errors, ...EVERYWHERE];
  if (access !== null) errors.push('unauthorized', 'insufficient_scope', 'rate_limited', 'overloaded');
  const others = Object.entries(otherAnswers).map(([status, schema]) => [
    status,
    { description: 'the answer', ...toJsonSchema(schema, 'output') },
  ]);
  return {
    summary: contract.summary,
    ...(body === undefined ? {} : { body: toJsonSchema(body, 'input') }),
    ...(query === undefined ? {} : { querystring: toJsonSchema(query, 'input') }),
    ...(access === null ? {} : { security: [{ apiKey: [] }, { bearer: [] }] }),
    response: {
      200: {
        description: 'the answer',
        content: { [answerType]: { schema: toJsonSchema(answer, 'output') } },
      },
      ...errorsByStatus(errors),
      ...(Object.fromEntries(others) as object),
    },
  };
}

/** The endpoints by method and pattern, as the OpenAPI document and the 405 answers need them. */
export interface RouteTable {
  document(method: string, url: string): RouteDocument | undefined;
  /** The methods of each pattern. */
  readonly methods: ReadonlyMap<string, ReadonlySet<string>>;
  add(contract: Contract<z.ZodType, z.ZodType>): void;
}

/** A table without endpoints. */
export function createRouteTable(): RouteTable {
  const contracts = new Map<string, Contract<z.ZodType, z.ZodType>>();
  const methods = new Map<string, Set<string>>();
  return {
    methods,
    document(method, url) {
      const contract = contracts.get(`${method} ${url}`);
      return contract === undefined ? undefined : documentOf(contract);
    },
    add(contract) {
      const { method, url } = contract;
      contracts.set(`${method} ${url}`, contract);
      const taken = methods.get(url) ?? new Set();
      // Fastify answers HEAD wherever it answers GET.
      for (const name of method === 'GET' ? ['GET', 'HEAD'] : [method]) taken.add(name);
      methods.set(url, taken);
    },
  };
}

function parse<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) throw new ValidationError(place, result.error.issues, value);
  return result.data;
}

/** What a handler is given: the parsed request, and Fastify's own for headers and logging. */
export interface Call<Body, Query> {
  readonly body: Body;
  readonly query: Query;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Handler<Body, Query> = (call: Call<Body, Query>) => unknown;

/** Registers an endpoint so that its contract is what validates, documents and guards it. */
export function registerEndpoint<Body extends z.ZodType, Query extends z.ZodType>(
  app: FastifyInstance,
  table: RouteTable,
  contract: Contract<Body, Query>,
  handler: Handler<z.output<Body>, z.output<Query>>,
): void {
  const { query } = contract;
  // Compiled once, at the start: several times faster, with the same results and the same errors.
  const body = contract.body === undefined ? undefined : z.compile(contract.body);
  table.add(contract);
  app.route({
    method: contract.method,
    url: contract.url,
    config: { access: contract.access },
    handler(request, reply) {
      if (body !== undefined && request.body === undefined) throw new HttpError('invalid_json');
      return handler({
        body: (body === undefined ? undefined : parse(body, request.body, 'body')) as z.output<Body>,
        query: (query === undefined ? undefined : parse(query, request.query, 'query')) as z.output<Query>,
        request,
        reply,
      });
    },
  });
}
