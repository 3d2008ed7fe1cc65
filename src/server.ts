import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { compose, type Composition } from './compose.js';
import type { LoadedConfig } from './config/load-config.js';
import { createApp } from './http/app.js';
import { machineLoadLimits } from './http/limits.js';

/** What a running server needs of the process it lives in; passed in, so that tests can play the process. */
export interface ProcessHooks {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): void;
  exit(code: number): void;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, as a URL. */
  readonly address: string;
  readonly app: FastifyInstance;
  readonly logger: FastifyBaseLogger;
  /** Stops accepting, finishes the turns under way, flushes the audit log. Idempotent. */
  stop(): Promise<void>;
}

async function createAppFor(
  composition: Composition,
  { config }: LoadedConfig,
  version: string,
): Promise<FastifyInstance> {
  return createApp({
    plane: composition.plane,
    mode: config.environment,
    version,
    logger: composition.logger,
    metrics: composition.metrics,
    metricsPage: composition.metricsPage,
    requireApiAuth: config.requireApiAuth,
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    maxRequestBodyBytes: config.maxRequestBodyBytes,
    rateLimitPerMinute: config.rateLimitPerMinute,
    loadLimits: machineLoadLimits(),
    shutdownTimeoutSeconds: config.shutdownTimeoutSeconds,
    enableDebugErrors: config.enableDebugErrors,
    enableApiDocs: config.enableApiDocs,
  });
}

/** How long the log has to be closed once everyone who held up the stop has been cut off. */
const LAST_MOMENT_MILLISECONDS = 1_000;

/**
 * Ends the process in order on the first signal, within the deadline, and at once on the second. A start that is under
 * way is finished first, so that the log it has opened gets its end.
 */
function stopOnSignals(starting: Promise<RunningServer>, hooks: ProcessHooks, deadlineSeconds: number): void {
  let isStopping = false;
  let isLate = false;
  let running: RunningServer | null = null;
  const onDeadline = ({ app, logger }: RunningServer): void => {
    isLate = true;
    logger.error('stop took too long, cutting off the connections that are left');
    app.server.closeAllConnections();
    setTimeout(() => hooks.exit(1), LAST_MOMENT_MILLISECONDS).unref();
  };
  const stop = async (server: RunningServer, signal: string): Promise<void> => {
    const { logger } = server;
    running = server;
    logger.info({ signal, deadline_seconds: deadlineSeconds }, 'stopping');
    setTimeout(() => onDeadline(server), deadlineSeconds * 1_000).unref();
    try {
      await server.stop();
      logger.info('stopped');
      hooks.exit(isLate ? 1 : 0);
    } catch (error) {
      logger.error({ err: error }, 'stop failed');
      hooks.exit(1);
    }
  };
  const onSignal = (signal: string) => (): void => {
    if (isStopping) {
      running?.logger.warn({ signal }, 'second signal, stopping at once');
      hooks.exit(1);
      return;
    }
    isStopping = true;
    // A start that fails ends the process by itself.
    starting.then((server) => stop(server, signal)).catch(() => undefined);
  };
  hooks.on('SIGTERM', onSignal('SIGTERM'));
  hooks.on('SIGINT', onSignal('SIGINT'));
}

interface StartOptions {
  readonly version: string;
  readonly hooks: ProcessHooks;
}

/**
 * Composes the control plane, listens, and stops in order on SIGTERM or SIGINT; SIGHUP reloads policy and keys.
 *
 * @throws ConfigError, PolicyError, AuditUnavailableError, StoreError before it listens.
 */
export function startServer(loaded: LoadedConfig, options: StartOptions): Promise<RunningServer> {
  const { hooks } = options;
  // Nothing is begun before there is someone to hear that it is to be ended.
  const composing = Promise.resolve().then(() => compose(loaded.config));
  const starting = composing.then((composition) => listen(composition, loaded, options.version));
  stopOnSignals(starting, hooks, loaded.config.shutdownTimeoutSeconds);
  hooks.on('SIGHUP', () => {
    composing.then((composition) => composition.reload()).catch(() => undefined);
  });
  return starting;
}

async function listen(
  composition: Composition,
  loaded: LoadedConfig,
  version: string,
): Promise<RunningServer> {
  const { config, warnings } = loaded;
  const { plane, logger } = composition;
  let app: FastifyInstance;
  let address: string;
  try {
    for (const warning of [...warnings, ...composition.warnings]) logger.warn(warning);
    app = await createAppFor(composition, loaded, version);
    address = await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await plane.close();
    throw error;
  }
  logger.info(
    {
      version,
      node: process.version,
      pid: process.pid,
      address,
      mode: config.environment,
      llm_adapter: config.llmAdapterMode,
      llm_provider: config.llmProviderName,
      llm_model: config.llmModelName,
      policy_sha256: plane.policy()?.policy_sha256,
    },
    'listening',
  );
  let stopped: Promise<void> | null = null;
  return { address, app, logger, stop: () => (stopped ??= app.close().then(() => plane.close())) };
}
