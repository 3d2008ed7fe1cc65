import type { KeyObject } from 'node:crypto';
import type { AuditLog } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import type { IdSource } from '../domain/ids.js';
import { ActiveLog, type Durability } from './active-log.js';
import { nodeFileSystem, type AuditFileSystem } from './file-system.js';
import { createLineFormatter } from './line-format.js';
import { LineBuilder } from './line-builder.js';
import { AuditLogWriter, type AuditLogHooks, type AuditLogStats } from './log-writer.js';
import { createOutsideStringCleaner } from './outside-string.js';
import { findLogEnd } from './log-end.js';
import { createAuditSigner } from './signing-key.js';

export interface AuditLogOptions {
  readonly directory: string;
  /** Where the newest checkpoint is kept, best on another volume. */
  readonly stateDirectory: string;
  /** `os`: acknowledged lines survive the process. `disk`: they survive loss of power. */
  readonly durability: Durability;
  readonly rotateBytes: number;
  readonly retentionDays: number;
  readonly checkpointEvents: number;
  readonly checkpointSeconds: number;
  /** Bytes of lines that may wait to be written; beyond it events are refused. */
  readonly queueBytes: number;
  /** Ed25519 private key; null leaves checkpoints unsigned and `arguments_hmac` null. */
  readonly signingKey: KeyObject | null;
  /** Accepts, on record, a log that does not contain its last known head. */
  readonly acceptNewHead: boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** The output filter's secret redactor. */
  readonly redact: (text: string) => string;
  readonly fileSystem?: AuditFileSystem;
  /** How long to wait between attempts to write again after a fault; a second. */
  readonly probeMilliseconds?: number;
  readonly hooks?: AuditLogHooks;
}

/** The audit log, with what the metrics and the command line show of it. */
export interface OpenAuditLog extends AuditLog {
  stats(): AuditLogStats;
  /** Id of the key that signs checkpoints; null without one. */
  readonly keyId: string | null;
}

const PROBE_MILLISECONDS = 1_000;

/**
 * Opens the audit log of a directory for writing, and writes that it did.
 *
 * @throws AuditUnavailableError when it cannot be written.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<OpenAuditLog> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const signer = options.signingKey === null ? null : createAuditSigner(options.signingKey);
  await fileSystem.makeDirectory(options.directory);
  const end = await findLogEnd(options.directory, fileSystem, null);

  const file = new ActiveLog({ ...options, fileSystem });
  await file.open(end.active);
  const instanceId = options.ids.next();
  const format = createLineFormatter({
    clean: createOutsideStringCleaner(options.redact),
    argumentsKey: signer?.argumentsKey ?? null,
  });
  const builder = new LineBuilder({ format, clock: options.clock, signer, instanceId }, end.state);
  const writer = new AuditLogWriter({
    ...options,
    file,
    builder,
    probeMilliseconds: options.probeMilliseconds ?? PROBE_MILLISECONDS,
    hooks: options.hooks ?? {},
  });
  await writer.start({
    instance_id: instanceId,
    durability: options.durability,
    key_id: signer?.keyId ?? null,
  });
  return {
    append: (...events) => writer.append(events),
    fault: () => writer.fault(),
    stats: () => writer.stats(),
    close: () => writer.close(),
    keyId: signer?.keyId ?? null,
  };
}
