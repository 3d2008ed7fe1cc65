import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ApprovalVerdict, ProposedAction } from '../../src/domain/approval.js';
import { StoreError } from '../../src/domain/errors.js';
import { EVENT_TYPES } from '../../src/domain/event-types.js';
import { placementsOf, REASONS, severityOf, type ReasonCode } from '../../src/domain/reasons.js';
import type { ToolRegistry } from '../../src/domain/tool.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { readPolicyFile } from '../../src/policy/policy-file.js';
import { actionOf, approverOf } from '../helpers/approval-actions.js';
import { createApprovalWorld, TTL_SECONDS, type ApprovalWorld } from '../helpers/approval-world.js';
import { createLabProvenanceKeys } from '../../src/provenance/keys.js';
import { signProvenance } from '../../src/provenance/signature.js';
import { createToolRegistry } from '../../src/tools/registry.js';
import { approvalIdOf, headersOf, propose, startApprovalService } from '../helpers/approval-service.js';
import { openTestLog, sampleEvent, TestClock } from '../helpers/audit.js';
import { activePolicy, decide } from '../helpers/broker.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { authorizeBody, runBody, TRUSTED_MODEL } from '../helpers/requests.js';
import { readLogDirectory, startService, type TestService } from '../helpers/service.js';
import { sharedDirectory, temporaryDirectory } from '../helpers/temporary-directory.js';

/** Makes a reason arise for real, and gives its wire form. */
type Producer = () => Promise<unknown>;

const SECRET = `sk-${'FAKEfake0000'.repeat(4)}`;
const EMAIL = {
  tool_name: 'send_email',
  arguments: { to: 'user@example.invalid', subject: 'hello', body: 'as agreed' },
};

const services: TestService[] = [];
afterAll(() => Promise.all(services.map((service) => service.close())));

async function start(variables: Record<string, string> = {}): Promise<TestService> {
  const service = await startService({ variables });
  services.push(service);
  return service;
}

let shared: Promise<TestService> | null = null;
const local = (): Promise<TestService> => (shared ??= start());

const authorize =
  (call: object, fields: object = {}, variables?: Record<string, string>): Producer =>
  async () => {
    const service = variables === undefined ? await local() : await start(variables);
    return (await service.post('/v1/authorize', authorizeBody(call, fields))).body['reason'];
  };

const run =
  (fields: object): Producer =>
  async () =>
    (await (await local()).post('/run', runBody(fields))).body['reason'];

const filter =
  (text: string, context: object = {}, structured_output: object | null = null): Producer =>
  async () =>
    (await (await local()).post('/v1/filter', { text, context, structured_output })).body['reason'];

const from = (source: string, trust = 'trusted', more: object = {}) => ({
  provenance: { source, trust, ...more },
});
const chunk = (fields: object = {}) => ({
  id: 'c-1',
  content: 'fact',
  trust: 'trusted',
  tenant_id: 'tenant-a',
  ...fields,
});
const fault = (): never => {
  throw new Error('a fault inside a check');
};

const broken =
  (...[overrides, policy]: [Parameters<typeof decide>[1], Parameters<typeof decide>[2]?]): Producer =>
  async () =>
    (await decide(authorizeBody(), overrides, policy)).reason.text;

/** A policy file that differs from the default one. */
function policyFile(change: (tools: Record<string, Record<string, unknown>>) => void): string {
  const document = structuredClone(parsePolicy(readPolicyFile('policies/default.yaml')));
  change(document.tools);
  const path = join(sharedDirectory(), 'policy.yaml');
  writeFileSync(path, stringify(document));
  return path;
}

/** What the gate says of a token once something has changed since it was granted. */
const token =
  (change: Partial<ProposedAction>, between?: (world: ApprovalWorld, id: string) => unknown): Producer =>
  async () => {
    const world = await createApprovalWorld();
    const id = await world.request();
    await world.approve(id);
    const granted = (await world.fetchToken(id)) ?? '';
    await between?.(world, id);
    return reasonIn(await world.propose(change, granted));
  };

async function grantIn(world: ApprovalWorld): Promise<string> {
  const id = await world.request();
  await world.approve(id);
  return (await world.fetchToken(id)) ?? '';
}

function reasonIn(verdict: ApprovalVerdict): string | null {
  return verdict.outcome === 'missing' || verdict.outcome === 'refused' ? verdict.reason : null;
}

const strict = { ACP_ENABLE_STRICT_PROVENANCE: 'true' };

/** The reason of the last event of this type after something was done with approvals. */
const transition =
  (type: string, act: (world: ApprovalWorld) => Promise<unknown>): Producer =>
  async () => {
    const world = await createApprovalWorld();
    await act(world);
    return world.audit.events.findLast(({ event_type }) => event_type === type)?.policy_reason;
  };

const call = { principal: approverOf(), correlation_id: 'corr-1' };

/** The reason of the first event of this type in a log that something was done to. */
const logged =
  (type: string, act: (directory: string) => Promise<void>): Producer =>
  async () => {
    const directory = temporaryDirectory();
    await act(directory);
    return readLogDirectory(join(directory, 'log')).findLast(({ event_type }) => event_type === type)?.[
      'policy_reason'
    ];
  };

/** Tools whose runs fail: the simulators themselves never do. */
function buildFailingTools(declarations: Parameters<typeof createToolRegistry>[0]): ToolRegistry {
  const tools = createToolRegistry(declarations);
  return {
    names: () => tools.names(),
    get(name) {
      const tool = tools.get(name);
      return tool === undefined ? undefined : { ...tool, simulate: fault };
    },
  };
}

/** Every reason of the catalogue, each with a way to make it arise. A new reason does not compile without one. */
const PRODUCERS: Readonly<Record<ReasonCode, Producer>> = {
  output_allowed: filter('nothing here'),
  audit_log_redacted_only: filter('classification: restricted', { destination: 'audit_log' }),
  secret_pattern_blocked: filter(SECRET),
  private_key_material_blocked: filter(['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ')),
  jwt_like_token_blocked: filter(
    `eyJ${'fakeFAKE'.repeat(3)}.eyJ${'fakeFAKE'.repeat(3)}.${'fakeFAKE'.repeat(3)}`,
  ),
  encoded_blob_blocked: filter(
    Buffer.from('plain words, one after the other, as any letter has. '.repeat(3)).toString('base64'),
  ),
  high_entropy_string_blocked: filter(
    createHash('sha512').update('made up').digest('base64').replaceAll('=', ''),
  ),
  cross_tenant_output_blocked: filter('tenant_id=tenant-b', { tenant_id: 'tenant-a' }),
  sensitive_source_external_destination_blocked: filter('hello', {
    source_sensitivity: 'restricted',
    destination: 'webhook',
  }),
  cross_tenant_source_external_destination_blocked: filter('hello', {
    source_labels: ['retrieved_cross_tenant:tenant-b'],
    destination: 'webhook',
  }),
  tool_output_external_destination_blocked: filter('hello', {
    source_labels: ['tool_output_untrusted'],
    destination: 'webhook',
  }),
  sensitive_response_key_blocked: filter('', {}, { nested: { password: 'x' } }),
  unknown_response_key_blocked: filter(
    '',
    { strict_response_schema: true, allowed_response_keys: ['a'] },
    { b: 1 },
  ),
  sensitive_classification_detected: filter('classification: restricted'),
  personal_data_detected: async () =>
    (
      await (
        await start({ ACP_OUTPUT_FILTER_PII: 'true' })
      ).post('/v1/filter', { text: 'write to jane@mail.invalid' })
    ).body['reason'],
  output_too_large_blocked: async () =>
    (
      await (
        await start({ ACP_OUTPUT_FILTER_MAX_BYTES: '1024' })
      ).post('/v1/filter', { text: 'x '.repeat(1000) })
    ).body['reason'],
  output_filter_error: broken({
    filter: { ...createOutputFilter({ pii: false, maxBytes: 1024 }), check: fault },
  }),

  no_tool_call: run({ scenario: 'none' }),
  no_tool_call_vulnerable_path: run({ scenario: 'none', path: 'vulnerable' }),
  missing_tool_name: authorize({ tool_name: '' }),
  unknown_tool_schema: authorize({ tool_name: 'rm' }),
  schema_validation_failed: authorize({ arguments: { surprise: 1 } }),

  missing_provenance_denied: authorize({ provenance: null }),
  provenance_signature_missing: authorize({}, {}, strict),
  provenance_signature_invalid: authorize(
    from('model', 'trusted', { signature: 'a'.repeat(64) }),
    {},
    strict,
  ),
  provenance_tenant_mismatch: async () => {
    const service = await start(strict);
    const claim = { ...TRUSTED_MODEL, context_ids: [...TRUSTED_MODEL.context_ids], tenant_id: 'tenant-b' };
    const signature = signProvenance(claim, createLabProvenanceKeys().signing);
    const body = authorizeBody({ provenance: { ...claim, signature } });
    return (await service.post('/v1/authorize', body)).body['reason'];
  },
  provenance_content_mismatch: authorize(
    from('model', 'trusted', { chunk_id: 'c-1', content_hash: 'a'.repeat(64) }),
    {
      retrieved_chunks: [chunk()],
    },
  ),
  provenance_context_untrusted: authorize(from('model', 'trusted', { context_ids: ['c-1'] }), {
    retrieved_chunks: [chunk({ trust: 'untrusted' })],
  }),
  untrusted_provenance_denied: authorize(from('model', 'untrusted')),
  user_cannot_authorize_tool_execution: authorize(from('user')),
  retrieved_cannot_authorize_tool_execution: authorize(from('retrieved')),
  tool_output_cannot_authorize_tool_execution: authorize(from('tool_output')),
  external_cannot_authorize_tool_execution: authorize(from('external')),
  web_cannot_authorize_tool_execution: authorize(from('web')),
  email_cannot_authorize_tool_execution: authorize(from('email')),
  support_ticket_cannot_authorize_tool_execution: authorize(from('support_ticket')),
  internal_reviewed_cannot_authorize_external_or_destructive: authorize({
    ...EMAIL,
    ...from('internal_reviewed'),
  }),

  unknown_tool_denied_by_policy: broken({}, null),
  tool_disabled_by_policy: authorize({ tool_name: 'run_shell', arguments: { command: 'true' } }),
  role_not_permitted_for_tool: authorize({}, { role: 'auditor' }),
  cross_tenant_target_denied: authorize({ target: 'tenant-b' }),
  argument_constraint_violated: async () => {
    const path = policyFile((tools) => {
      tools['read_records']!['arguments'] = {
        type: 'object',
        properties: { record_ids: { type: 'array', maxItems: 1, items: { type: 'string' } } },
      };
    });
    return authorize({ arguments: { record_ids: ['a', 'b'] } }, {}, { ACP_POLICY_PATH: path })();
  },
  default_deny_policy: broken({}, { ...activePolicy(), default_decision: 'allow' }),

  schema_error: broken(
    {},
    {
      ...activePolicy(),
      tools: {
        names: () => [],
        get: () => ({ ...activePolicy().tools.get('read_records')!, checkArguments: fault }),
      },
    },
  ),
  provenance_error: broken({ provenance: { checkIntegrity: fault, checkRules: fault } }),
  policy_error: broken({}, { ...activePolicy(), evaluate: fault }),
  approval_error: broken({ gate: { check: fault } }),

  human_approval_required_for_high_impact_action: authorize(EMAIL),
  human_approval_required_by_policy: async () => {
    const path = policyFile((tools) => {
      tools['read_records']!['requires_human_approval'] = true;
    });
    return authorize({}, {}, { ACP_POLICY_PATH: path })();
  },
  approval_token_missing: authorize(EMAIL, {}, { ACP_REQUIRE_APPROVAL_TOKEN: 'true' }),
  approval_denied_recently: async () => {
    const world = await createApprovalWorld();
    await world.service.deny(call, await world.request(), 'no');
    return reasonIn(await world.propose());
  },
  too_many_pending_approvals: async () => {
    const world = await createApprovalWorld();
    for (let index = 0; index < 100; index += 1) await world.request({ arguments: { index } });
    return reasonIn(await world.propose({ arguments: { index: 100 } }));
  },
  approval_store_unavailable: broken({ gate: { check: () => Promise.reject(new StoreError('down')) } }),
  approval_token_malformed: authorize(EMAIL, { approval_token: 'nonsense' }),
  approval_token_signature_invalid: async () => {
    const [world, other] = [await createApprovalWorld(), await createApprovalWorld()];
    return reasonIn(await world.propose({}, await grantIn(other)));
  },
  approval_token_unknown: async () => {
    const world = await createApprovalWorld();
    const other = await createApprovalWorld({ tokens: world.tokens });
    return reasonIn(await world.propose({}, await grantIn(other)));
  },
  approval_token_reused: async () => {
    const world = await createApprovalWorld();
    const granted = await grantIn(world);
    await world.propose({}, granted);
    return reasonIn(await world.propose({ decision_id: 'another' }, granted));
  },
  approval_token_revoked: token({}, (world, id) => world.service.revoke(call, id, 'changed my mind')),
  approval_token_expired: token({}, (world) => (world.clock.time += TTL_SECONDS * 1000)),
  approval_token_user_mismatch: token({ user_id: 'u-other' }),
  approval_token_tenant_mismatch: token({ tenant_id: 'tenant-b' }),
  approval_token_tool_mismatch: token({ tool_name: 'export_records' }),
  approval_token_target_mismatch: token({ target: 'tenant-b' }),
  approval_token_risk_mismatch: token({ risk_level: 'critical' }),
  approval_token_context_mismatch: token({
    provenance: { source: 'model', trust: 'trusted', context_ids: ['another-context'] },
  }),
  approval_token_provenance_mismatch: token({
    provenance: { ...actionOf().provenance, source: 'system' },
  }),
  approval_token_action_mismatch: token({ session_id: 'another-session' }),

  explicit_allow_after_policy_checks: run({}),
  tool_simulation_failed: async () => {
    const service = await startService({ overrides: { buildTools: buildFailingTools } });
    services.push(service);
    return (await service.post('/run', runBody())).body['reason'];
  },

  would_have_invoked_shell: run({ scenario: 'shell_attempt', path: 'vulnerable' }),
  would_have_sent_email_without_broker: run({ scenario: 'send_email_approved', path: 'vulnerable' }),
  would_have_called: run({ path: 'vulnerable' }),

  unauthorized: async () => (await (await local()).post('/run', {}, { 'x-api-key': 'wrong' })).body['detail'],
  insufficient_scope: async () => {
    const service = await startApprovalService();
    services.push(service);
    return (await service.get('/v1/approvals', headersOf('support-bot'))).body['detail'];
  },
  identity_mismatch: async () => {
    const service = await startApprovalService();
    services.push(service);
    return (await propose(service, { tenant_id: 'tenant-z' })).body['detail'];
  },
  separation_of_duties: async () => {
    const service = await startApprovalService();
    services.push(service);
    const id = approvalIdOf(await propose(service));
    return (await service.post(`/v1/approvals/${id}/approve`, { reason: 'mine' }, headersOf('carol'))).body[
      'detail'
    ];
  },
  path_not_permitted: async () => {
    const service = await start({ ACP_ENABLE_VULNERABLE_PATH: 'false' });
    return (await service.post('/run', runBody({ path: 'vulnerable' }))).body['detail'];
  },
  request_entity_too_large: async () =>
    (await (await local()).post('/run', runBody({ user_message: 'x'.repeat(1_048_576) }))).body['detail'],
  llm_adapter_unavailable: async () => {
    const service = await start({ ACP_LLM_ADAPTER_MODE: 'disabled_external' });
    return (await service.post('/run', runBody())).body['detail'];
  },

  approval_requested: transition('approval_requested', (world) => world.request()),
  approval_granted: transition('approval_granted', async (world) => world.approve(await world.request())),
  approval_rejected: transition('approval_rejected', async (world) =>
    world.service.deny(call, await world.request(), 'no'),
  ),
  approval_revoked: transition('approval_revoked', async (world) =>
    world.service.revoke(call, await world.request(), 'no'),
  ),
  approval_consumed: transition('approval_consumed', async (world) => {
    const id = await world.request();
    await world.approve(id);
    await world.propose({}, (await world.fetchToken(id)) ?? '');
  }),
  approval_expired: transition('approval_expired', async (world) => {
    await world.request();
    world.clock.time += TTL_SECONDS * 1000;
    await world.service.sweep();
  }),

  policy_loaded: async () =>
    (await local()).allEvents().find(({ event_type }) => event_type === 'policy_loaded')?.['policy_reason'],
  policy_rejected: async () => {
    const path = policyFile(() => undefined);
    const service = await start({ ACP_POLICY_PATH: path });
    writeFileSync(path, 'not a policy');
    await service.composition.reload();
    return service.allEvents().find(({ event_type }) => event_type === 'policy_rejected')?.['policy_reason'];
  },
  audit_opened: logged('audit_opened', async (directory) => {
    await openTestLog(directory);
  }),
  audit_closed: logged('audit_closed', async (directory) => (await openTestLog(directory)).close()),
  audit_checkpoint: logged('audit_checkpoint', async (directory) => (await openTestLog(directory)).close()),
  audit_recovered: logged('audit_recovered', async (directory) => {
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(directory, { fileSystem });
    fileSystem.failNext('append', 'EIO');
    await log.close();
  }),
  audit_head_reset: logged('audit_head_reset', async (directory) => {
    await (await openTestLog(directory)).close();
    rmSync(join(directory, 'log'), { recursive: true });
    mkdirSync(join(directory, 'log'));
    await openTestLog(directory, { acceptNewHead: true });
  }),
  audit_files_expired: logged('audit_files_expired', async (directory) => {
    const clock = new TestClock();
    const options = { clock, retentionDays: 1 };
    const log = await openTestLog(directory, options);
    await log.append(sampleEvent());
    clock.milliseconds += 3 * 86_400_000;
    await log.append(sampleEvent());
    await log.close();
    await (await openTestLog(directory, options)).close();
  }),
};

describe('every reason of the catalogue', () => {
  it.each(Object.entries(PRODUCERS))('arises: %s', async (code, producer) => {
    const separator = (REASONS[code as ReasonCode] as { detailSeparator?: string }).detailSeparator;
    const observed = String(await producer());
    if (separator === undefined) expect(observed).toBe(code);
    else expect(observed.startsWith(`${code}${separator}`)).toBe(true);
  });
});

/** The reference of reasons for readers, as it must stand in the documents. */
function renderReasons(): string {
  const rows = (Object.keys(REASONS) as ReasonCode[]).flatMap((code) =>
    placementsOf(code).map(({ stage, event }) => {
      const { summary, remedy, detailSeparator } = REASONS[code] as {
        summary: string;
        remedy: string;
        detailSeparator?: string;
      };
      const name = detailSeparator === undefined ? code : `${code}${detailSeparator}…`;
      const type = event === null ? '–' : `\`${event}\``;
      return `| \`${name}\` | \`${stage}\` | ${type} | ${severityOf(code, stage)} | ${summary} | ${remedy} |`;
    }),
  );
  const types = Object.entries(EVENT_TYPES).length;
  return `# Reasons

Every decision and every refusal carries one of these ${Object.keys(REASONS).length} reasons; the audit log records them under ${types} event types
([audit.md](audit.md)). Codes are stable: new ones are added, none is renamed. A code that ends in \`…\` goes on with
what it names, cut to 64 printable characters. Nothing derives meaning from the spelling of a code.

| Reason | Stage | Audit event | Severity | Meaning | What to do |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

describe('docs/reasons.md', () => {
  it('is the catalogue, row by row', async () => {
    await expect(renderReasons()).toMatchFileSnapshot('../../docs/reasons.md');
  });
});
