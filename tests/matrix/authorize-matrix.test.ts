import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provenanceSourceSchema } from '../../src/domain/provenance.js';
import { authorizeBody, SAFE_CALL, TRUSTED_MODEL } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';

const FAKE_SECRET = `sk-${'FAKEfake0000'.repeat(4)}`;

const EMAIL = {
  tool_name: 'send_email',
  arguments: { to: 'user@example.invalid', subject: 'hello', body: 'as agreed' },
} as const;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const chunk = (fields: object = {}) => ({
  id: 'c-1',
  content: 'fact',
  trust: 'trusted',
  tenant_id: 'tenant-a',
  ...fields,
});

interface Row {
  readonly name: string;
  readonly call: object;
  readonly fields?: object;
  readonly effect: 'allow' | 'deny' | 'step_up';
  readonly stage: string;
  readonly reason: string;
  readonly event_type: string;
}

const from = (source: string, trust = 'trusted', more: object = {}) => ({
  provenance: { source, trust, ...more },
});

function row(
  name: string,
  call: object,
  outcome: readonly [reason: string, event_type: string],
  fields = {},
): Row {
  const [reason, event_type] = outcome;
  return { name, call, fields, effect: 'deny', stage: 'tool_broker', reason, event_type };
}

const evidenceOnly = ['user', 'retrieved', 'tool_output', 'external', 'web', 'email', 'support_ticket'];
const mayAuthorize = ['model', 'system', 'internal_reviewed'];

const form = (name: string, call: object, reason: string): Row => ({
  ...row(name, call, [reason, 'schema_validation_failed']),
  stage: 'schema_validation',
});

const allow = (name: string, call: object, fields = {}): Row => ({
  ...row(name, call, ['explicit_allow_after_policy_checks', 'tool_allowed'], fields),
  effect: 'allow',
  stage: 'authorize',
});

const NEEDS_HUMAN = 'human_approval_required_for_high_impact_action';

const ROWS: readonly Row[] = [
  allow('a trusted model turn', {}),
  allow('a trusted system', from('system')),
  allow('reviewed content, inside and harmless', from('internal_reviewed')),
  allow('an e-mail that a human approved', EMAIL, { human_approval: true }),
  form('no tool name', { tool_name: '' }, 'missing_tool_name'),
  form('an unknown tool', { tool_name: 'rm' }, 'unknown_tool_schema:rm'),
  form('an unknown tool with control characters', { tool_name: 'a\nb"é' }, 'unknown_tool_schema:ab"'),
  form('a missing argument', { tool_name: 'send_email', arguments: {} }, 'schema_validation_failed:missing'),
  form('a wrong type', { arguments: { record_ids: 'r' } }, 'schema_validation_failed:list_type'),
  form(
    'an undeclared argument',
    { arguments: { record_ids: [], bcc: 'x' } },
    'schema_validation_failed:extra_forbidden',
  ),
  row('no provenance', { provenance: null }, ['missing_provenance_denied', 'provenance_denied']),
  row(
    'no provenance on a disabled tool',
    { tool_name: 'run_shell', arguments: { command: 'x' }, provenance: null },
    ['missing_provenance_denied', 'provenance_denied'],
  ),
  row('a disabled tool', { tool_name: 'run_shell', arguments: { command: 'x' } }, [
    'tool_disabled_by_policy',
    'tool_blocked',
  ]),
  row('a role that is not listed', {}, ['role_not_permitted_for_tool', 'tool_blocked'], { role: 'auditor' }),
  row('a role in other case', {}, ['role_not_permitted_for_tool', 'tool_blocked'], { role: 'Admin' }),
  row('another tenant', { target: 'tenant-b' }, ['cross_tenant_target_denied', 'cross_tenant_blocked']),
  row('no target', { target: null }, ['cross_tenant_target_denied', 'cross_tenant_blocked']),
  row('a target with a blank', { target: 'tenant-a ' }, [
    'cross_tenant_target_denied',
    'cross_tenant_blocked',
  ]),
  ...evidenceOnly.flatMap((source) =>
    ['trusted', 'untrusted'].map((trust) =>
      row(`${trust} ${source}`, from(source, trust), [
        `${source}_cannot_authorize_tool_execution`,
        'provenance_denied',
      ]),
    ),
  ),
  ...mayAuthorize.map((source) =>
    row(`untrusted ${source}`, from(source, 'untrusted'), [
      'untrusted_provenance_denied',
      'provenance_denied',
    ]),
  ),
  row(
    'reviewed content on an external tool',
    { ...EMAIL, ...from('internal_reviewed') },
    ['internal_reviewed_cannot_authorize_external_or_destructive', 'provenance_denied'],
    { human_approval: true },
  ),
  row(
    'trust that rests on an untrusted chunk',
    from('model', 'trusted', { context_ids: ['c-1'] }),
    ['provenance_context_untrusted', 'provenance_denied'],
    { retrieved_chunks: [chunk({ trust: 'untrusted' })] },
  ),
  allow('trust that rests on a trusted chunk', from('model', 'trusted', { context_ids: ['c-1'] }), {
    retrieved_chunks: [chunk()],
  }),
  row(
    'a chunk whose content changed',
    from('model', 'trusted', { chunk_id: 'c-1', content_hash: sha256('other') }),
    ['provenance_content_mismatch', 'provenance_denied'],
    { retrieved_chunks: [chunk()] },
  ),
  allow(
    'a chunk with the stated content',
    from('model', 'trusted', { chunk_id: 'c-1', content_hash: sha256('fact') }),
    {
      retrieved_chunks: [chunk()],
    },
  ),
  row('a secret in an argument', { arguments: { record_ids: [FAKE_SECRET] } }, [
    'secret_pattern_blocked',
    'tool_argument_blocked',
  ]),
  row(
    'a secret in an e-mail',
    { ...EMAIL, arguments: { ...EMAIL.arguments, body: `key: ${FAKE_SECRET}` } },
    ['secret_pattern_blocked', 'tool_argument_blocked'],
    { human_approval: true },
  ),
  row(
    'a classification in an e-mail',
    { ...EMAIL, arguments: { ...EMAIL.arguments, body: 'classification: restricted' } },
    ['sensitive_classification_detected', 'tool_argument_blocked'],
    { human_approval: true },
  ),
  row(
    'an e-mail made from sensitive material',
    EMAIL,
    ['sensitive_source_external_destination_blocked', 'tool_argument_blocked'],
    { human_approval: true, retrieved_chunks: [chunk({ content: 'classification: restricted' })] },
  ),
  row(
    "an e-mail made from another tenant's material",
    EMAIL,
    ['cross_tenant_source_external_destination_blocked', 'tool_argument_blocked'],
    { human_approval: true, retrieved_chunks: [chunk({ tenant_id: 'tenant-b' })] },
  ),
  allow('an e-mail with tool output at hand, approved by a human', EMAIL, {
    human_approval: true,
    tool_output_segments: [{ execution_id: 'x-1', tool_name: 'read_records', content: 'rows' }],
  }),
  { ...row('an e-mail nobody approved', EMAIL, [NEEDS_HUMAN, 'approval_denied']), effect: 'step_up' },
  {
    ...row(
      'a deletion nobody approved',
      { tool_name: 'delete_records', arguments: { record_ids: ['r'] } },
      [NEEDS_HUMAN, 'approval_denied'],
      { role: 'admin' },
    ),
    effect: 'step_up',
  },
];

describe('POST /v1/authorize', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());

  it.each(ROWS)(
    'answers $effect, $reason to $name',
    async ({ call, fields, effect, stage, reason, event_type }) => {
      const before = service.events().length;
      const { status, body, text } = await service.post('/v1/authorize', authorizeBody(call, fields));
      expect(status).toBe(200);
      expect(body).toMatchObject({ effect, allowed: effect === 'allow', stage, reason });
      expect(body['arguments'] === null).toBe(effect !== 'allow');
      expect(body['remedy']).toEqual(expect.any(String));

      const events = service
        .events()
        .slice(before)
        .filter((event) => event['stage'] !== 'approval');
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({
        event_type,
        stage,
        policy_reason: reason,
        allowed: effect === 'allow',
        policy_decision: effect === 'allow' ? 'allow' : 'deny',
        decision_id: body['decision_id'],
        model: 'n/a',
        contains_sensitive_data: event_type === 'tool_argument_blocked',
        output_filter_decision: event_type === 'tool_argument_blocked' ? 'block' : null,
      });
      expect(JSON.stringify(events)).not.toContain('FAKEfake');
      if (event_type === 'tool_argument_blocked') expect(text).not.toContain('FAKEfake');
    },
  );

  it('has a row for every source', () => {
    expect([...evidenceOnly, ...mayAuthorize].sort()).toEqual([...provenanceSourceSchema.options].sort());
  });

  it('fills in defaults, and shows the arguments that were decided on', async () => {
    const { body } = await service.post('/v1/authorize', authorizeBody({ arguments: {} }));
    expect(body['arguments']).toEqual({ record_ids: [] });
    expect(body).toMatchObject({
      tool_name: SAFE_CALL.tool_name,
      risk_level: 'low',
      requires_human_approval: false,
    });
  });
});

describe('POST /v1/authorize under strict provenance', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ variables: { ACP_ENABLE_STRICT_PROVENANCE: 'true' } });
  });
  afterAll(() => service.close());

  it.each([
    ['no signature', TRUSTED_MODEL, 'provenance_signature_missing'],
    [
      'a wrong signature',
      { ...TRUSTED_MODEL, tenant_id: 'tenant-a', signature: 'a'.repeat(64) },
      'provenance_signature_invalid',
    ],
  ])('denies %s', async (_name, provenance, reason) => {
    const { body } = await service.post('/v1/authorize', authorizeBody({ provenance }));
    expect(body).toMatchObject({ effect: 'deny', stage: 'tool_broker', reason });
    expect(service.events().at(-1)).toMatchObject({ event_type: 'provenance_denied', policy_reason: reason });
  });

  it('says at start that the lab key proves nothing', () => {
    expect(service.composition.warnings).toContain(
      'strict provenance uses the published lab key, which proves nothing',
    );
  });
});
