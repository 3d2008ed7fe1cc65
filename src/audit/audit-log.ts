import type { KeyObject } from 'node:crypto';
import type { AuditLog } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { IdSource } from '../domain/ids.js';
import { ActiveLog, type Durability } from './active-log.js';
import type { DirectoryLock } from './directory-lock.js';
import { AuditFaultError, systemCodeOf } from './faults.js';
import { nodeFileSystem, type AuditFileSystem } from './file-system.js';
import { HeadKeeper } from './head-file.js';
import { createLineFormatter } from './line-format.js';
import { LineBuilder } from './line-builder.js';
import { describeOpenDirectories, takeDirectories } from './log-directories.js';
import type { AuditLogHooks, AuditLogStats } from './log-hooks.js';
import { AuditLogWriter, type MonotonicClock } from './log-writer.js';
import { createOutsideStringCleaner } from './outside-string.js';
import type { LogEnd } from './log-end.js';
import type { OutageMemory } from './outage.js';
import { OutageMarker } from './outage-mark.js';
import { createOwnEvent } from './own-events.js';
import { expireArchives } from './retention.js';
import { createAuditSigner, type AuditSigner } from './signing-key.js';
import { takeUpLog } from './take-up.js';

/** Where a log is, how it is kept and signed, and its bounds. */
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
  /** Accepts, on record, a log that is not as the service left it. */
  readonly acceptNewHead: boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** The output filter's secret redactor. */
  readonly redact: (text: string) => string;
  readonly fileSystem?: AuditFileSystem;
  /** Measures how long writes take; the machine's. */
  readonly monotonicClock?: MonotonicClock;
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
const HEAD_INTERVAL_MILLISECONDS = 1_000;

/**
 * Opens the audit log of a directory for writing, and writes that it did.
 *
 * @throws ConfigError when the log is not as the service left it: without its last known head, longer than when it was
 * closed, damaged behind that head, or replaced under the process that wrote it last.
 * @throws AuditUnavailableError when it cannot be written, or another process writes it or keeps its head in the
 * same state directory.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<OpenAuditLog> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const lock = takeDirectories(options.directory, options.stateDirectory, fileSystem);
  try {
    for (const warning of describeOpenDirectories(options.directory, options.stateDirectory))
      options.hooks?.onWarning?.(warning);
    return await openLocked(options, fileSystem, lock);
  } catch (error) {
    lock.release();
    throw error instanceof AppError ? error : new AuditFaultError('write_failed', error);
  }
}

async function openLocked(
  options: AuditLogOptions,
  fileSystem: AuditFileSystem,
  lock: DirectoryLock,
): Promise<OpenAuditLog> {
  const signer = options.signingKey === null ? null : createAuditSigner(options.signingKey);
  const keyId = signer?.keyId ?? null;
  const instanceId = options.ids.next();
  const marker = new OutageMarker(options.stateDirectory);
  const opened = { instance_id: instanceId, durability: options.durability, key_id: keyId };
  const outage = marker.read();
  const { end, events } = await takeUpLog({ ...options, fileSystem, signer, outage, opened });

  const file = new ActiveLog({ ...options, fileSystem });
  await file.open(end.active);
  const parts = connectParts(options, { fileSystem, file, signer, instanceId, end, marker });
  await parts.writer.start(events);
  await parts.head.flush();
  if (outage !== null) parts.outageMemory.clear();
  await parts.expire();
  let closing: Promise<void> | null = null;
  return {
    append: (...appended) => parts.writer.append(appended),
    fault: () => parts.writer.fault(),
    stats: () => parts.writer.stats(),
    keyId,
    close: () => (closing ??= closeParts(parts, file, lock)),
  };
}

/** @throws AuditUnavailableError when the log could not be closed in order; it is closed all the same. */
async function closeParts(
  { writer, head }: { readonly writer: AuditLogWriter; readonly head: HeadKeeper },
  file: ActiveLog,
  lock: DirectoryLock,
): Promise<void> {
  try {
    await head.close(await writer.close());
  } finally {
    await head.stop();
    await file.close();
    lock.release();
  }
}

interface Parts {
  readonly fileSystem: AuditFileSystem;
  readonly file: ActiveLog;
  readonly signer: AuditSigner | null;
  readonly instanceId: string;
  readonly end: LogEnd;
  readonly marker: OutageMarker;
}

function connectParts(options: AuditLogOptions, parts: Parts) {
  const { fileSystem, file, signer, instanceId, marker } = parts;
  const warn = (message: string, error: unknown) => {
    const code = systemCodeOf(error);
    options.hooks?.onWarning?.(code === null ? message : `${message} (${code})`);
  };
  const attempt = (message: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      warn(message, error);
    }
  };
  const outageMemory: OutageMemory = {
    set: (mark) => attempt('the outage of the audit log cannot be noted', () => marker.set(mark)),
    clear: () => attempt('the note of the outage of the audit log cannot be removed', () => marker.clear()),
  };
  const format = createLineFormatter({
    clean: createOutsideStringCleaner(options.redact),
    argumentsKey: signer?.argumentsKey ?? null,
  });
  const head = new HeadKeeper({
    stateDirectory: options.stateDirectory,
    intervalMilliseconds: HEAD_INTERVAL_MILLISECONDS,
    syncLog: () => (options.durability === 'os' ? file.sync() : Promise.resolve()),
    onFailure: (error) => warn('the head of the audit log cannot be kept', error),
  });
  const writer = new AuditLogWriter({
    ...options,
    file,
    builder: new LineBuilder({ format, clock: options.clock, signer, instanceId }, parts.end.state),
    monotonicClock: options.monotonicClock ?? (() => performance.now()),
    probeMilliseconds: options.probeMilliseconds ?? PROBE_MILLISECONDS,
    hooks: options.hooks ?? {},
    onCheckpoint: (link) => head.update(link),
    onRotated: () => void expire(),
    outageMemory,
  });
  const record = async (details: readonly Readonly<Record<string, unknown>>[]) => {
    await writer.appendWithCheckpoint(details.map((detail) => createOwnEvent('audit_files_expired', detail)));
    await head.flush();
  };
  const expire = serialize(() =>
    expireArchives({ ...options, fileSystem, record }).catch((error: unknown) =>
      warn('audit files past their retention cannot be deleted', error),
    ),
  );
  return { writer, head, expire, outageMemory };
}

/** Runs one at a time; who asks while one runs waits for that one. */
function serialize(action: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= action().then(() => {
      running = null;
    });
    return running;
  };
}
