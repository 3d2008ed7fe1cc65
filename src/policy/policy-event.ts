import { BLANK_EVENT, type AuditEvent } from '../domain/audit-event.js';

/** What became of a policy file that was looked at. */
export interface PolicyChange {
  /** Digest in force before; null at start. */
  readonly old_sha256: string | null;
  /** Digest of the new file; null where it could not be taken. */
  readonly new_sha256: string | null;
  /** Base name of the file. */
  readonly source: string;
  /** Why the file was refused; null where it came into force. */
  readonly error: string | null;
}

/** The audit event of a policy that came into force or was refused; its `policy_sha256` is the digest then in force. */
export function createPolicyEvent(change: PolicyChange): AuditEvent {
  const isLoaded = change.error === null;
  const type = isLoaded ? 'policy_loaded' : 'policy_rejected';
  return {
    ...BLANK_EVENT,
    event_type: type,
    stage: 'policy',
    allowed: isLoaded,
    policy_decision: isLoaded ? 'allow' : 'deny',
    policy_reason: type,
    policy_sha256: isLoaded ? change.new_sha256 : change.old_sha256,
    details: { ...change },
  };
}
