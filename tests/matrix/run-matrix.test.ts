import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../helpers/service.js';
import { runBody } from '../helpers/requests.js';
import { ROLES, SCENARIO_ROWS, unprotectedReason, type ExpectedCall } from './run-outcomes.js';

const DEFAULT_POLICY_SHA256 = 'a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d';

/** The fields of every line, in the order in which a reader finds them. */
const FIELDS = [
  'event_type',
  'timestamp',
  'seq',
  'prev_hash',
  'stage',
  'allowed',
  'policy_decision',
  'policy_reason',
  'tool_name',
  'retrieved_context_trust',
  'risk_level',
  'human_approval_required',
  'contains_sensitive_data',
  'approval_id',
  'approver_id',
  'approval_decision',
  'approval_reason',
  'approval_token_valid',
  'approval_token_failure_reason',
  'output_filter_decision',
  'output_finding_count',
  'output_finding_types',
  'output_highest_severity',
  'output_findings_redacted',
  'policy_sha256',
  'model',
  'principal_id',
  'principal_kind',
  'identity_assurance',
  'correlation_id',
  'request_id',
  'decision_id',
  'user_id',
  'session_id',
  'tenant_id',
  'target',
  'source_context_ids',
  'arguments_hmac',
];

const cases = SCENARIO_ROWS.flatMap((row) =>
  ROLES.flatMap((role) =>
    [false, true].flatMap((approval) =>
      (['protected', 'vulnerable'] as const).map((path) => ({ row, role, approval, path })),
    ),
  ),
);

const names = (call: ExpectedCall | null) => ({
  tool_name: call?.tool_name ?? null,
  target: call === null ? null : (call.target ?? 'tenant-a'),
  source_context_ids: call === null ? [] : (call.source_context_ids ?? ['model-turn']),
  retrieved_context_trust:
    call === null || call.retrieved_context_trust === null
      ? null
      : (call.retrieved_context_trust ?? 'trusted'),
});

describe('POST /run', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());

  it.each(cases)(
    'answers and records $row.scenario as $role, approval $approval, path $path',
    async ({ row, role, approval, path }) => {
      const before = service.events().length;
      const { status, body, text } = await service.post(
        '/run',
        runBody({ scenario: row.scenario, role, human_approval: approval, path, correlation_id: 'corr-7' }),
      );
      const events = service
        .events()
        .slice(before)
        .filter((event) => event['stage'] !== 'approval');

      expect(status).toBe(200);
      if (path === 'vulnerable') {
        const reason = unprotectedReason(row.call);
        expect(body).toMatchObject({
          path,
          allowed: true,
          stage: row.call === null ? 'complete' : 'vulnerable_simulation',
          reason,
          tool_executed: false,
          simulation: null,
          approval: null,
        });
        expect(body['filtered_output']).toBe(body['model_text']);
        expect(body['model_text']).not.toBe('');
        expect(events).toHaveLength(row.call === null ? 0 : 1);
        if (row.call !== null) {
          expect(events[0]).toMatchObject({
            event_type: 'vulnerable_path_simulation',
            stage: 'vulnerable_simulation',
            allowed: true,
            policy_decision: 'bypassed',
            policy_reason: reason,
            risk_level: 'simulated',
            approval_decision: null,
            approval_reason: null,
            approval_token_valid: null,
            ...names(row.call),
          });
        }
        return;
      }

      const expected = row.expect(role, approval);
      expect(body).toMatchObject({
        request_id: 'req-1',
        correlation_id: 'corr-7',
        path,
        allowed: expected.allowed,
        stage: expected.stage,
        reason: expected.reason,
        tool_executed: expected.stage === 'simulation',
      });
      expect(events).toHaveLength(1);
      const [event] = events;
      expect(Object.keys(event ?? {})).toEqual(FIELDS);
      const isLeak = expected.stage === 'output_filter';
      const isApprovalDenied = expected.event_type === 'approval_denied';
      const reachedGate = expected.stage === 'simulation' || isApprovalDenied;
      const needsHuman = row.call?.human_approval_required ?? false;
      const decision = isApprovalDenied ? 'denied' : needsHuman ? 'granted' : 'not_required';
      expect(event).toEqual({
        event_type: expected.event_type,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
        seq: expect.any(Number) as unknown,
        prev_hash: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
        correlation_id: 'corr-7',
        request_id: 'req-1',
        decision_id: body['decision_id'],
        user_id: 'user-1',
        session_id: 'session-1',
        tenant_id: 'tenant-a',
        model: 'simulated-v1',
        principal_id: 'anonymous',
        principal_kind: 'anonymous',
        identity_assurance: 'asserted',
        stage: expected.stage,
        allowed: expected.allowed,
        policy_decision: expected.allowed ? 'allow' : 'deny',
        policy_reason: expected.reason,
        policy_sha256: DEFAULT_POLICY_SHA256,
        ...names(row.call),
        risk_level: row.call?.risk_level ?? null,
        human_approval_required: needsHuman,
        contains_sensitive_data: isLeak,
        approval_id: isApprovalDenied
          ? ((body['approval'] as { approval_id: string } | null)?.approval_id ?? null)
          : null,
        approver_id: null,
        approval_decision: reachedGate ? decision : null,
        approval_reason: isApprovalDenied
          ? expected.reason
          : decision === 'granted' && reachedGate
            ? 'human_approval_flag'
            : null,
        approval_token_valid: isApprovalDenied ? false : null,
        approval_token_failure_reason: isApprovalDenied ? expected.reason : null,
        output_filter_decision: isLeak ? 'block' : null,
        output_finding_count: isLeak ? (expect.any(Number) as unknown) : null,
        output_finding_types: isLeak ? (expect.arrayContaining(['secret_pattern']) as unknown) : null,
        output_highest_severity: isLeak ? 'critical' : null,
        output_findings_redacted: isLeak ? (expect.any(Array) as unknown) : null,
        arguments_hmac: null,
      });
      if (isLeak) {
        expect(body).toMatchObject({ model_text: '', filtered_output: '' });
        expect(text).not.toContain('FAKEfake');
        expect(JSON.stringify(event)).not.toContain('FAKEfake');
      }
    },
  );
});
