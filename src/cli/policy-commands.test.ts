import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PolicyError } from '../domain/errors.js';
import type { Explanation } from './policy-explain.js';
import { registerPolicyCommands } from './policy-commands.js';
import type { FileResult } from './policy-test-run.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';

const defaultPolicy = join(import.meta.dirname, '..', '..', 'policies', 'default.yaml');
const email = { to: 'ann@example.com', subject: 'Hello', body: 'Hello' };
const trusted = { source: 'model', trust: 'trusted', context_ids: ['model-turn'] };

let directory: string;
let exitCode: typeof process.exitCode;

beforeEach(() => {
  directory = temporaryDirectory();
  exitCode = process.exitCode;
  process.exitCode = undefined;
});

afterEach(() => {
  process.exitCode = exitCode;
  vi.restoreAllMocks();
});

function write(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function run(...args: string[]) {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
  const program = new Command().exitOverride();
  registerPolicyCommands(program);
  await program.parseAsync(['policy', ...args], { from: 'user' });
  return { status: process.exitCode ?? 0, out: lines.join('\n') };
}

function writeTests(expectation: string): string {
  write('policy.yaml', readFileSync(defaultPolicy, 'utf8'));
  return write(
    'some.policy-test.yaml',
    [
      'policy: policy.yaml',
      'cases:',
      '  - name: reads',
      '    tool_call: {tool_name: read_records}',
      `    expect: ${expectation}`,
    ].join('\n'),
  );
}

const allowed = '{effect: allow, reason: explicit_allow_after_policy_checks}';

describe('acp policy test', () => {
  it('exits 0 when every answer is the expected one', async () => {
    const { status, out } = await run('test', writeTests(allowed));
    expect(status).toBe(0);
    expect(out).toContain('✓ reads');
    expect(out).toContain('1 passed, 0 failed, 0 files not run');
  });

  it('shows what was expected and what was answered, and exits 1', async () => {
    const { status, out } = await run('test', writeTests('{effect: deny, reason: tool_disabled_by_policy}'));
    expect(status).toBe(1);
    expect(out).toMatch(/✗ reads\n.*- deny +tool_disabled_by_policy.*\n.*\+ allow +explicit_allow/);
  });

  it('counts an answer of another reason as a failure', async () => {
    const { status, out } = await run('test', '--json', writeTests('{effect: allow, reason: other}'));
    expect(status).toBe(1);
    const { ok, files } = JSON.parse(out) as { ok: boolean; files: FileResult[] };
    expect(ok).toBe(false);
    expect(files[0]?.cases[0]).toMatchObject({ ok: false, expected: { reason: 'other' } });
  });

  const bad: [what: string, content: string, error: RegExp][] = [
    ['is no YAML', 'cases: [', /bad\.policy-test\.yaml: not valid YAML: .* \(line 1\)/],
    ['names no policy', 'cases: []', /policy: /],
    ['has no cases', 'policy: p.yaml\ncases: []', /cases: /],
    ['has an unknown key', `policy: p.yaml\ncases: []\nextra: 1`, /extra|cases/],
    [
      'has a malformed call',
      `policy: p.yaml\ncases: [{name: odd, tool_call: {tool: x}, expect: ${allowed}}]`,
      /case 'odd': tool_call/,
    ],
    [
      'names a policy that is not there',
      `policy: none.yaml\ncases: [{name: a, tool_call: {tool_name: x}, expect: ${allowed}}]`,
      /policy file not found: none\.yaml/,
    ],
  ];

  it.each(bad)('reports a test file that %s, runs the others, and exits 1', async (_what, content, error) => {
    const { status, out } = await run('test', write('bad.policy-test.yaml', content), writeTests(allowed));
    expect(status).toBe(1);
    expect(out).toMatch(error);
    expect(out).toContain('✓ reads');
    expect(out).toContain('1 files not run');
  });
});

describe('acp policy explain', () => {
  function call(body: object): string {
    return write('call.json', JSON.stringify({ tenant_id: 'tenant-a', ...body }));
  }

  async function explain(body: object, ...options: string[]): Promise<Explanation> {
    const { out } = await run(
      'explain',
      '--policy',
      defaultPolicy,
      '--call',
      call(body),
      '--json',
      ...options,
    );
    return JSON.parse(out) as Explanation;
  }

  it('shows every check in the order of the broker, the first no and the remedy', async () => {
    const tool_call = { tool_name: 'send_email', arguments: email, target: 'tenant-b', provenance: null };
    const explanation = await explain({ role: 'guest', tool_call });
    expect(explanation).toMatchObject({
      effect: 'deny',
      stage: 'tool_broker',
      reason: 'missing_provenance_denied',
      remedy: 'state the provenance of the call',
    });
    expect(explanation.checks.map(({ check, verdict, decides }) => [check, verdict, decides])).toEqual([
      ['argument schema', 'pass', false],
      ['provenance present', 'no', true],
      ['provenance intact', 'skipped', false],
      ['policy', 'no', false],
      ['provenance may authorize', 'skipped', false],
      ["policy's default is deny", 'pass', false],
      ['arguments do not leak', 'pass', false],
      ['human approval', 'skipped', false],
    ]);
  });

  it('explains an allow, a missing approval and a missing signature', async () => {
    const read = { tool_name: 'read_records', target: 'tenant-a', provenance: trusted };
    expect(await explain({ tool_call: read })).toMatchObject({ effect: 'allow' });
    const send = { ...read, tool_name: 'send_email', arguments: email };
    expect(await explain({ tool_call: send })).toMatchObject({
      effect: 'step_up',
      reason: 'human_approval_required_for_high_impact_action',
    });
    const flagged = { tool_call: send, human_approval: true };
    expect(await explain(flagged)).toMatchObject({ effect: 'allow' });
    expect(await explain(flagged, '--require-approval-token')).toMatchObject({
      reason: 'approval_token_missing',
    });
    expect(await explain(flagged, '--strict-provenance')).toMatchObject({
      reason: 'provenance_signature_missing',
    });
  });

  it('prints it for people, with the deciding check marked', async () => {
    const path = call({ tool_call: { tool_name: 'run_shell', arguments: { command: 'true' } } });
    const { out } = await run('explain', '--policy', defaultPolicy, '--call', path);
    expect(out).toMatch(/2 .*provenance present +missing_provenance_denied.*← first no/);
    expect(out).toMatch(/remedy +state the provenance of the call/);
  });

  it.each([
    ['malformed JSON', '{', /not valid JSON/],
    ['an unknown field', '{"tenant_id":"t","tool_call":{"tool_name":"x"},"extra":1}', /extra/],
    ['no tenant', '{"tool_call":{"tool_name":"x"}}', /tenant_id/],
  ])('exits 2 for a call with %s', async (_what, content, error) => {
    const { status, out } = await run(
      'explain',
      '--policy',
      defaultPolicy,
      '--call',
      write('c.json', content),
    );
    expect(status).toBe(2);
    expect(out).toMatch(error);
  });

  it('leaves a policy that does not load to the program to report', async () => {
    const policy = write('broken.yaml', 'tools: {}');
    const path = call({ tool_call: { tool_name: 'x' } });
    await expect(run('explain', '--policy', policy, '--call', path)).rejects.toThrow(PolicyError);
  });
});
