import { AuditUnavailableError } from '../domain/errors.js';

/** What stands between the log and writing. */
export type AuditFaultCode =
  | 'log_directory_failed'
  | 'state_directory_failed'
  | 'locked'
  | 'state_locked'
  | 'write_failed'
  | 'sync_failed'
  | 'log_replaced'
  | 'format_failed'
  | 'queue_full'
  | 'closed';

const MESSAGES: Record<AuditFaultCode, string> = {
  log_directory_failed: 'the directory that ACP_AUDIT_LOG_DIR names cannot be made or written',
  state_directory_failed: 'the directory that ACP_STATE_DIR names cannot be made or written',
  locked: 'another process writes the audit log of this directory',
  state_locked:
    'another process keeps the head of its audit log in this state directory: set ACP_STATE_DIR to one that belongs to this log alone',
  write_failed: 'audit log cannot be written',
  sync_failed: 'audit log cannot be synced',
  log_replaced: 'audit log was deleted, replaced or cut under the process',
  format_failed: 'audit event cannot be formatted',
  queue_full: 'audit queue is full',
  closed: 'audit log is closed',
};

/** The operating system's code for an error (`ENOSPC`, …), which is safe to log where its message is not. */
export function systemCodeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[A-Z][\w-]{0,40}$/i.test(code) ? code : null;
}

/** A fault of the log; its message names no path and no value. */
export class AuditFaultError extends AuditUnavailableError {
  readonly systemCode: string | null;

  constructor(
    readonly fault: AuditFaultCode,
    cause?: unknown,
  ) {
    const systemCode = systemCodeOf(cause);
    const suffix = systemCode === null ? '' : ` (${systemCode})`;
    super(`${MESSAGES[fault]}${suffix}`, { cause });
    this.systemCode = systemCode;
  }
}
