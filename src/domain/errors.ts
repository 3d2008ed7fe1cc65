import { limits } from './limits.js';
import { showInvisible } from './visible.js';

/**
 * Faults: what went wrong in the machinery, as opposed to a decision that says no.
 *
 * None of them carries an HTTP status; `http/` maps codes to statuses in one place. Messages are safe to log:
 * no secret, path or payload.
 */
export abstract class AppError extends Error {
  /** Stable code, safe to show to a caller. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The configuration is unusable; `violations` lists every fault found, each naming its variable or rule. */
export class ConfigError extends AppError {
  readonly code = 'invalid_configuration';

  constructor(readonly violations: readonly string[]) {
    super(violations.join('; '));
  }
}

/** A policy document cannot be loaded; the message is the first violation, in the words of the policy reference. */
export class PolicyError extends AppError {
  readonly code = 'invalid_policy';

  /** @param message may hold names from the file: control and invisible characters are escaped, and it is cut. */
  constructor(message: string, options?: ErrorOptions) {
    // THREAT: a name in the file that moves the cursor or forges a line where the message is shown.
    super(showInvisible(message).slice(0, limits.auditStringLength), options);
  }
}

/** The audit log cannot record, so nothing may happen. */
export class AuditUnavailableError extends AppError {
  readonly code = 'audit_unavailable';
}

/** The approval store cannot answer. */
export class StoreError extends AppError {
  readonly code = 'approval_store_unavailable';
}

/** The agent adapter cannot produce a turn. */
export class AdapterError extends AppError {
  readonly code = 'llm_adapter_unavailable';
}
