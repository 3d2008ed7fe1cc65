import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { ControlPlane } from '../domain/control-plane.js';
import type { Metrics, MetricsPage } from '../domain/metrics.js';
import { createRouteTable } from './contract.js';
import { createErrorHandler, sendError } from './errors.js';
import { CONNECTION_LIMITS, MAX_PARAM_LENGTH, type ConnectionLimits, type LoadLimits } from './limits.js';
import { registerJsonBody } from './json-body.js';
import { recordRefusal, registerGuard } from './plugins/authentication.js';
import { createClientErrorHandler } from './plugins/client-errors.js';
import { registerCrossOrigin } from './plugins/cross-origin.js';
import { registerDraining } from './plugins/draining.js';
import { registerHostCheck } from './plugins/host-check.js';
import { watchLoad } from './plugins/load-shedding.js';
import { registerMethodNotAllowed } from './plugins/method-not-allowed.js';
import { createRateLimiter, type RateLimiter, type RateLimitOptions } from './plugins/rate-limit.js';
import { isVerbose, registerRequestLog } from './plugins/request-log.js';
import { registerSecurityHeaders } from './plugins/security-headers.js';
import { registerApprovalRoutes } from './routes/approvals.js';
import { registerDecisionRoutes } from './routes/decisions.js';
import { registerHealthRoutes } from './routes/health.js';
import { registerMetricsRoute } from './routes/metrics.js';
import { registerPolicyRoutes } from './routes/policy.js';
import { NO_SCHEMA_COMPILERS } from './schema-compilers.js';

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
  /** Requests a minute for each caller; 0 for any number. */
  readonly rateLimitPerMinute: number;
  /** Where callers are counted; in memory where none is given. */
  readonly rateLimitStore?: RateLimitOptions['store'];
  readonly connectionLimits?: Partial<ConnectionLimits>;
  /** When requests are turned away; never where none are given. */
  readonly loadLimits?: LoadLimits;
  /** How long a stop may take; a client has half of it to send the rest of its request. */
  readonly shutdownTimeoutSeconds: number;
  readonly enableDebugErrors: boolean;
  readonly enableApiDocs: boolean;
}

function createServer(options: AppOptions): FastifyInstance {
  const limits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
  const app = Fastify({
    ...NO_SCHEMA_COMPILERS,
    // No logger: with one, Fastify would make each request a logger and time it, for lines that are written without.
    // What it has to say itself, that a handler failed after it had answered, is given up for that.
    bodyLimit: options.maxRequestBodyBytes,
    requestTimeout: limits.requestTimeoutMilliseconds,
    connectionTimeout: limits.idleTimeoutMilliseconds,
    keepAliveTimeout: limits.keepAliveTimeoutMilliseconds,
    http: {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMilliseconds,
      connectionsCheckingInterval: limits.checkIntervalMilliseconds,
    },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    forceCloseConnections: 'idle',
    // While the service stops, what has been accepted is still answered.
    return503OnClosing: false,
    clientErrorHandler: createClientErrorHandler(options.metrics),
    // A path that cannot be read names nothing.
    frameworkErrors: (_error, _request, reply) => void sendError(reply, 'not_found'),
  });
  app.server.maxConnections = limits.maxConnections;
  return app;
}

function limiterOf(app: FastifyInstance, options: AppOptions): Promise<RateLimiter> | null {
  const { rateLimitPerMinute: perMinute, rateLimitStore: store } = options;
  return perMinute === 0
    ? null
    : createRateLimiter(app, { perMinute, ...(store === undefined ? {} : { store }) });
}

/**
 * The HTTP application around a composed control plane. It listens to nothing; tests call it with `inject`.
 *
 * The order of registration is the order in which a request is judged: host, origin, load, caller, body, handler.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { plane, logger } = options;
  const app = createServer(options);
  const table = createRouteTable();
  app.decorate('metrics', options.metrics);

  app.setErrorHandler(
    createErrorHandler({
      logger,
      debug: options.enableDebugErrors,
      onTooLarge: (request) => recordRefusal(plane, request, 'request_entity_too_large'),
    }),
  );
  app.setNotFoundHandler((_request, reply) => sendError(reply, 'not_found'));

  registerDraining(app, (options.shutdownTimeoutSeconds * 1_000) / 2);
  await registerSecurityHeaders(app, options.mode === 'production');
  if (isVerbose(logger)) registerRequestLog(app, logger);
  if (!options.requireApiAuth) registerHostCheck(app, options.allowedHosts);
  await registerCrossOrigin(app, options.allowedOrigins);
  if (options.enableApiDocs) {
    const { registerApiDocs, registerOpenApi } = await import('./plugins/api-docs.js');
    await registerOpenApi(app, table, options.version);
    await registerApiDocs(app, table);
  }

  const isOverloaded = options.loadLimits === undefined ? null : await watchLoad(app, options.loadLimits);
  const limiter = await limiterOf(app, options);
  await app.register((endpoints, _options, done) => {
    registerGuard(endpoints, { plane, isOverloaded, limiter });
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
