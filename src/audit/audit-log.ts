import type { KeyObject } from 'node:crypto';
import type { AuditLog } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { IdSource } from '../domain/ids.js';
import { ActiveLog, type Durability } from './active-log.js';
import { lockDirectory, type DirectoryLock } from './directory-lock.js';
import { AuditFaultError, systemCodeOf, type AuditFaultCode } from './faults.js';
import { nodeFileSystem, type AuditFileSystem } from './file-system.js';
import { HeadKeeper, readHead } from './head-file.js';
import { createLineFormatter } from './line-format.js';
import { LineBuilder } from './line-builder.js';
import type { AuditLogHooks, AuditLogStats } from './log-hooks.js';
import { AuditLogWriter, type MonotonicClock } from './log-writer.js';
import { createOutsideStringCleaner } from './outside-string.js';
import { findLogEnd, type LogEnd } from './log-end.js';
import { createOwnEvent } from './own-events.js';
import { expireArchives } from './retention.js';
import { createAuditSigner, type AuditSigner } from './signing-key.js';
import { judgeStart } from './start-events.js';

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
  /** Accepts, on record, a log that does not contain its last known head. */
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
 * @throws ConfigError when the log does not contain its last known head.
 * @throws AuditUnavailableError when it cannot be written, or another process writes it or keeps its head in the
 * same state directory.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<OpenAuditLog> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const lock = prepareDirectories(options, fileSystem);
  try {
    return await openLocked(options, fileSystem, lock);
  } catch (error) {
    lock.release();
    throw error instanceof AppError ? error : new AuditFaultError('write_failed', error);
  }
}

function prepareDirectories(options: AuditLogOptions, fileSystem: AuditFileSystem): DirectoryLock {
  prepareDirectory(options.directory, 'log_directory_failed', fileSystem);
  prepareDirectory(options.stateDirectory, 'state_directory_failed', fileSystem);
  const log = lockDirectory(options.directory, 'log');
  try {
    // THREAT: two logs that keep their heads in one place overwrite each other's, and each looks cut at its next start.
    const state = lockDirectory(options.stateDirectory, 'state');
    return {
      release() {
        state.release();
        log.release();
      },
    };
  } catch (error) {
    log.release();
    throw error;
  }
}

function prepareDirectory(path: string, fault: AuditFaultCode, fileSystem: AuditFileSystem): void {
  try {
    fileSystem.makeDirectory(path);
  } catch (error) {
    throw new AuditFaultError(fault, error);
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
  const known = await readHead(options.stateDirectory);
  const end = await findLogEnd(options.directory, fileSystem, known.state === 'known' ? known.link : null);
  const events = judgeStart(options.acceptNewHead, known, end, {
    instance_id: instanceId,
    durability: options.durability,
    key_id: keyId,
  });

  const file = new ActiveLog({ ...options, fileSystem });
  await file.open(end.active);
  const { writer, head, expire } = connectParts(options, { fileSystem, file, signer, instanceId, end });
  await writer.start(events);
  await head.flush();
  await expire();
  let closing: Promise<void> | null = null;
  const close = async () => {
    await writer.close();
    await head.flush();
    await file.close();
    lock.release();
  };
  return {
    append: (...appended) => writer.append(appended),
    fault: () => writer.fault(),
    stats: () => writer.stats(),
    keyId,
    close: () => (closing ??= close()),
  };
}

interface Parts {
  readonly fileSystem: AuditFileSystem;
  readonly file: ActiveLog;
  readonly signer: AuditSigner | null;
  readonly instanceId: string;
  readonly end: LogEnd;
}

function connectParts(options: AuditLogOptions, parts: Parts) {
  const { fileSystem, file, signer, instanceId } = parts;
  const warn = (message: string, error: unknown) => {
    const code = systemCodeOf(error);
    options.hooks?.onWarning?.(code === null ? message : `${message} (${code})`);
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
  return { writer, head, expire };
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
