import { BLANK_EVENT, type AuditEvent } from '../../src/domain/audit-event.js';

/** A decision event with something in every field that a turn fills. */
export function sampleEvent(overrides: Partial<AuditEvent> = {}): AuditEvent {
  return {
    ...BLANK_EVENT,
    event_type: 'tool_allowed',
    correlation_id: 'corr-1',
    request_id: 'req-1',
    decision_id: '00000000-0000-4000-8000-000000000001',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    model: 'simulated-v1',
    stage: 'simulation',
    allowed: true,
    policy_decision: 'allow',
    policy_reason: 'explicit_allow_after_policy_checks',
    ...overrides,
  };
}
