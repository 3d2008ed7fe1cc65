import type { ProposedAction } from '../../src/domain/approval.js';
import type { Principal } from '../../src/domain/principal.js';

/** A principal for tests: an agent of tenant-a, answered for by carol, acting for u-1 and u-2. */
export function agentOf(change: Partial<Principal> = {}): Principal {
  return {
    id: 'support-bot',
    kind: 'agent',
    assurance: 'verified',
    users: ['u-1', 'u-2'],
    grants: [{ tenant: 'tenant-a', roles: ['user', 'admin'] }],
    scopes: new Set(['run', 'authorize', 'filter']),
    owner: 'carol',
    subject: null,
    ...change,
  };
}

/** A human for tests: an approver of tenant-a who acts as itself. */
export function approverOf(id = 'alice', change: Partial<Principal> = {}): Principal {
  return {
    id,
    kind: 'human',
    assurance: 'verified',
    users: [id],
    grants: [{ tenant: 'tenant-a', roles: ['approver'] }],
    scopes: new Set(['approve']),
    owner: null,
    subject: null,
    ...change,
  };
}

/** An action for tests: an e-mail of tenant-a, which needs a human. */
export function actionOf(change: Partial<ProposedAction> = {}): ProposedAction {
  return {
    request_id: 'req-1',
    correlation_id: 'corr-1',
    decision_id: 'decision-1',
    tenant_id: 'tenant-a',
    user_id: 'u-1',
    session_id: 'session-1',
    principal: agentOf(),
    role: 'user',
    tool_name: 'send_email',
    arguments: { to: 'user@example.invalid', subject: 'hello', body: 'a line' },
    target: 'tenant-a',
    risk_level: 'high',
    external_effect: true,
    destructive: false,
    requires_human_approval: true,
    provenance: { source: 'model', trust: 'trusted', context_ids: ['model-turn'] },
    tool_schema_sha256: 'a'.repeat(64),
    policy_sha256: 'b'.repeat(64),
    ...change,
  };
}
