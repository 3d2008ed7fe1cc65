import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

/** The value of a sample; undefined where the page has no such line. */
function sample(page: string, start: string): number | undefined {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${start} `));
  return line === undefined ? undefined : Number(line.slice(start.length + 1));
}

const FAKE_SECRET = `sk-${'FAKEcanary00'.repeat(4)}`;

describe('GET /metrics', () => {
  let service: TestService;
  beforeAll(async () => void (service = await startService()));
  afterAll(() => service.close());
  const scrape = async (): Promise<string> => (await service.get('/metrics')).text;

  it('counts decisions by effect, reason code, tool and risk', async () => {
    for (let turn = 0; turn < 3; turn += 1) await service.post('/run', runBody());
    await service.post('/run', runBody({ scenario: 'shell_attempt' }));
    await service.post('/run', runBody({ scenario: 'send_email_approved' }));
    await service.post('/run', runBody({ scenario: 'no_such_scenario' }));
    await service.post('/run', runBody({ scenario: 'output_secret_leak' }));
    await service.post('/run', runBody({ scenario: 'shell_attempt', path: 'vulnerable' }));
    const page = await scrape();
    const decisions = (labels: string): number | undefined => sample(page, `acp_decisions_total{${labels}}`);
    expect(
      decisions(
        'effect="allow",reason="explicit_allow_after_policy_checks",tool="read_records",risk_level="low"',
      ),
    ).toBe(3);
    expect(
      decisions('effect="deny",reason="tool_disabled_by_policy",tool="run_shell",risk_level="critical"'),
    ).toBe(1);
    expect(page).toMatch(/acp_decisions_total\{effect="step_up",reason="[a-z_]+",tool="send_email"/);
    expect(decisions('effect="allow",reason="no_tool_call",tool="none",risk_level="none"')).toBe(1);
    expect(decisions('effect="deny",reason="secret_pattern_blocked",tool="none",risk_level="none"')).toBe(1);
    expect(
      decisions('effect="bypassed",reason="would_have_invoked_shell",tool="run_shell",risk_level="none"'),
    ).toBe(1);
    expect(page).toMatch(/acp_filter_findings_total\{rule="[\w.:-]+"\} [1-9]/);
    expect(sample(page, 'acp_approval_transitions_total{state="pending"}')).toBe(1);
  });

  it('times every stage, and shows the log, the policy and the process', async () => {
    const page = await scrape();
    for (const stage of [
      'turn',
      'agent',
      'output_filter',
      'broker',
      'approval',
      'audit',
      'tool',
      'result_filter',
    ])
      expect(sample(page, `acp_stage_duration_seconds_count{stage="${stage}"}`), stage).toBeGreaterThan(0);
    expect(page).toContain(
      'acp_policy_info{sha256="a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d",source="default.yaml"} 1',
    );
    expect(sample(page, 'acp_policy_loaded_timestamp_seconds')).toBeGreaterThan(1_600_000_000);
    expect(sample(page, 'acp_audit_failed')).toBe(0);
    expect(sample(page, 'acp_audit_queue_bytes')).toBe(0);
    expect(sample(page, 'acp_audit_batch_events_count')).toBeGreaterThan(0);
    expect(sample(page, 'acp_audit_flush_duration_seconds_count')).toBe(
      sample(page, 'acp_audit_batch_events_count'),
    );
    expect(page).toContain('process_resident_memory_bytes');
    expect(page).toContain('nodejs_eventloop_lag_seconds');
  });

  it('is in the text format of Prometheus, each family described once', async () => {
    const { headers, text } = await service.get('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const described = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    expect(new Set(described).size).toBe(described.length);
    for (const line of text.split('\n').filter((candidate) => candidate !== '' && !candidate.startsWith('#')))
      expect(line).toMatch(/^[a-z_]\w*[{ ]/);
  });

  it('holds nothing of a request but names that the policy has', async () => {
    const canary = 'canary-7f3a';
    await service.post('/run', {
      request_id: canary,
      correlation_id: canary,
      user_id: canary,
      session_id: canary,
      tenant_id: canary,
      role: canary,
      user_message: canary,
      scenario: canary,
      retrieved_chunks: [{ id: canary, content: canary, tenant_id: canary }],
      tool_output_segments: [{ execution_id: canary, tool_name: canary, content: canary }],
    });
    for (const call of [
      { tool_name: canary, target: canary },
      { arguments: { [canary]: canary } },
      { arguments: { record_ids: [canary, FAKE_SECRET] }, target: canary },
      { provenance: { source: 'model', trust: 'trusted', context_ids: [canary], chunk_id: canary } },
      { tool_name: `run_shell"} 1\n${canary}`, arguments: {} },
    ])
      await service.post('/v1/authorize', authorizeBody(call, { role: canary }));
    await service.post('/v1/filter', {
      text: `${canary} ${FAKE_SECRET}`,
      structured_output: { [canary]: canary },
    });
    await service.post(`/${canary}`, { [canary]: canary });
    await service.post('/run', { [canary]: canary }, { 'x-correlation-id': canary, 'x-api-key': canary });
    await service.get(`/v1/approvals/${canary}?${canary}=${canary}`);
    const page = await scrape();
    expect(page).not.toContain('canary');
    expect(page).toMatch(/acp_decisions_total\{effect="deny",reason="unknown_tool_schema",tool="other"/);
    expect(page).toContain('acp_error_responses_total{code="not_found"} 1');
  });

  it('counts nothing twice that is answered once', async () => {
    const total = (page: string): number =>
      [...page.matchAll(/^acp_decisions_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    const before = total(await scrape());
    for (let turn = 0; turn < 20; turn += 1) await service.post('/v1/authorize', authorizeBody());
    expect(total(await scrape())).toBe(before + 20);
  });
});

describe('GET /metrics in production', () => {
  const KEYS = { scraper: 'fake-key-of-the-scraper-00000000', agent: 'fake-key-of-an-agent-00000000000' };

  function principalsFile(): string {
    const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
    const path = join(temporaryDirectory(), 'principals.yaml');
    writeFileSync(
      path,
      `principals:
  - { id: scraper, kind: service, key_sha256: ${digest(KEYS.scraper)}, grants: [], scopes: [metrics] }
  - { id: agent-1, kind: agent, owner: dora, key_sha256: ${digest(KEYS.agent)}, grants: [], scopes: [run] }
`,
    );
    return path;
  }

  it('takes a key with the scope for it, and is shown to nobody else', async () => {
    const service = await startService({
      variables: { ACP_REQUIRE_API_AUTH: 'true', ACP_PRINCIPALS_FILE: principalsFile() },
      app: { mode: 'production' },
    });
    expect((await service.get('/metrics')).status).toBe(401);
    expect((await service.get('/metrics', { 'x-api-key': KEYS.agent })).status).toBe(403);
    const { status, text } = await service.get('/metrics', { 'x-api-key': KEYS.scraper });
    expect(status).toBe(200);
    expect(text).toContain('acp_error_responses_total{code="insufficient_scope"} 1');
    expect((await service.post('/run', runBody(), { 'x-api-key': KEYS.scraper })).status).toBe(403);
    await service.close();
  });
});
