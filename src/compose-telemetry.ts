import type { DestinationStream, Logger } from 'pino';
import type { AuditLogHooks } from './audit/log-hooks.js';
import type { Config } from './config/settings.js';
import type { Clock } from './domain/clock.js';
import type { FaultObserver } from './domain/fault.js';
import { createApplicationLog } from './telemetry/application-log.js';
import { createFaultLog } from './telemetry/fault-log.js';
import { createRecordingMetrics, type RecordingMetrics } from './telemetry/observer.js';

/** What watches the control plane for its operator. */
export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: RecordingMetrics;
  /** Writes to the log what went wrong behind a reason that a caller is told. */
  readonly onFault: FaultObserver;
}

/** What telemetry needs besides the configuration. */
export interface TelemetryOptions {
  readonly clock: Clock;
  /** The output filter's secret redactor; first asked when something is logged. */
  readonly redact: (text: string) => string;
  /** Standard error where undefined. */
  readonly logDestination: DestinationStream | undefined;
}

/** Creates what watches the control plane, before any part of it that reports here. */
export function createTelemetry(config: Config, options: TelemetryOptions): Telemetry {
  const { clock, redact, logDestination: destination } = options;
  const logger = createApplicationLog({
    level: config.logLevel,
    redact,
    ...(destination === undefined ? {} : { destination }),
  });
  return { logger, metrics: createRecordingMetrics(), onFault: createFaultLog({ logger, clock }) };
}

/** What the audit log tells besides its events: faults to the application log, figures to the metrics. */
export function createAuditHooks({ logger, metrics }: Telemetry): AuditLogHooks {
  return {
    onFault: (message) =>
      logger.error({ cause: message }, 'the audit log cannot be written, nothing is decided'),
    onRecovered: (refused_events) => logger.warn({ refused_events }, 'the audit log is written again'),
    onWarning: (message) => logger.warn(message),
    onWritten: (lines, milliseconds) => metrics.flushed(lines, milliseconds),
  };
}
