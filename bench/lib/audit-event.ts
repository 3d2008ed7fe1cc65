import { BLANK_EVENT, type AuditEvent } from '../../src/domain/audit-event.js';

/** The event of an allowed read, as a turn makes it. */
export function benchEvent(count: number): AuditEvent {
  return {
    ...BLANK_EVENT,
    event_type: 'tool_allowed',
    correlation_id: `corr-benchmark-${count}`,
    request_id: `req-benchmark-${count}`,
    decision_id: '00000000-0000-4000-8000-000000000001',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    model: 'simulated-v1',
    principal_id: 'anonymous',
    principal_kind: 'anonymous',
    identity_assurance: 'asserted',
    stage: 'simulation',
    allowed: true,
    policy_decision: 'allow',
    policy_reason: 'explicit_allow_after_policy_checks',
    policy_sha256: 'a'.repeat(64),
    tool_name: 'read_records',
    target: 'tenant-a',
    source_context_ids: ['model-turn'],
    retrieved_context_trust: 'trusted',
    risk_level: 'low',
    human_approval_required: false,
    approval_decision: 'not_required',
    arguments: { record_ids: ['r-100'] },
  };
}
