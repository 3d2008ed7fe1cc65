import cors from '@fastify/cors';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { ControlPlane } from '../domain/control-plane.js';
import type { Metrics, MetricsPage } from '../domain/metrics.js';
import { createRouteTable } from './contract.js';
import { createErrorHandler, sendError } from './errors.js';
import { registerJsonBody } from './json-body.js';
import { registerApiDocs, registerOpenApi } from './plugins/api-docs.js';
import { recordRefusal, registerAuthentication } from './plugins/authentication.js';
import { answerClientError } from './plugins/client-errors.js';
import { registerHostCheck } from './plugins/host-check.js';
import { registerMethodNotAllowed } from './plugins/method-not-allowed.js';
import { registerApprovalRoutes } from './routes/approvals.js';
import { registerDecisionRoutes } from './routes/decisions.js';
import { registerHealthRoutes } from './routes/health.js';
import { registerMetricsRoute } from './routes/metrics.js';
import { registerPolicyRoutes } from './routes/policy.js';

/** What the HTTP layer must know of the configuration. */
export interface AppOptions {
  readonly plane: ControlPlane;
  readonly mode: 'local' | 'test' | 'production';
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly metricsPage: MetricsPage;
  readonly requireApiAuth: boolean;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly maxRequestBodyBytes: number;
  readonly enableDebugErrors: boolean;
  readonly enableApiDocs: boolean;
}

/** A request that takes longer to arrive is dropped: no honest client needs half a minute for a megabyte. */
const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

const KEEP_ALIVE_TIMEOUT_MILLISECONDS = 72_000;

const MAX_HEADER_BYTES = 16_384;

const MAX_PARAM_LENGTH = 128;

function createServer(options: AppOptions): FastifyInstance {
  return Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.maxRequestBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MILLISECONDS,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    forceCloseConnections: 'idle',
    // While the service stops, what has been accepted is still answered.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (_error, _request, reply) => void sendError(reply, 'bad_request'),
  });
}

/**
 * The HTTP application around a composed control plane. It listens to nothing; tests call it with `inject`.
 *
 * The order of registration is the order in which a request is judged: host, origin, caller, body, handler.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { plane } = options;
  const app = createServer(options);
  const table = createRouteTable();
  app.decorate('metrics', options.metrics);

  app.setErrorHandler(
    createErrorHandler({
      debug: options.enableDebugErrors,
      onTooLarge: (request) => recordRefusal(plane, request, 'request_entity_too_large'),
    }),
  );
  app.setNotFoundHandler((_request, reply) => sendError(reply, 'not_found'));

  if (!options.requireApiAuth) registerHostCheck(app, options.allowedHosts);
  await app.register(cors, {
    origin: options.allowedOrigins.includes('*') ? '*' : [...options.allowedOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Content-Type', 'X-API-Key', 'Authorization', 'X-Correlation-ID'],
    exposedHeaders: ['X-Correlation-ID', 'Retry-After'],
    strictPreflight: false,
  });
  if (options.enableApiDocs) {
    await registerOpenApi(app, table, options.version);
    await registerApiDocs(app, table);
  }

  await app.register((endpoints, _options, done) => {
    registerAuthentication(endpoints, plane);
    registerJsonBody(endpoints);
    registerHealthRoutes(endpoints, table, { plane, mode: options.mode });
    registerDecisionRoutes(endpoints, table, plane);
    registerApprovalRoutes(endpoints, table, plane);
    registerPolicyRoutes(endpoints, table, plane);
    registerMetricsRoute(endpoints, table, {
      page: options.metricsPage,
      isOpen: options.mode !== 'production',
    });
    done();
  });
  registerMethodNotAllowed(app, table);
  return app;
}
