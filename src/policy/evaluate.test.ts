import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyQuestion } from '../domain/policy.js';
import type { Tool, ToolRegistry } from '../domain/tool.js';
import { createActivePolicy } from './active-policy.js';
import { policyDigest } from './digest.js';
import { parsePolicy } from './parse.js';

const document = parsePolicy(readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8'));

/** A registry in which any argument named `forbidden` violates the narrowing. */
function registryOf(names: readonly string[]): ToolRegistry {
  const toolOf = (name: string): Tool => ({
    name,
    description: '',
    destination: 'internal_display',
    schema_sha256: '',
    checkArguments: (args) => ({ ok: true, arguments: args }),
    checkNarrowing: (args) => ('forbidden' in args ? { ok: false, pointer: '/forbidden' } : { ok: true }),
    simulate: () => ({ success: true, message: '', simulated_output: {} }),
  });
  const tools = new Map(names.map((name) => [name, toolOf(name)]));
  return { get: (name) => tools.get(name), names: () => names };
}

const policy = createActivePolicy({
  document,
  sha256: policyDigest(document),
  source: 'default.yaml',
  loadedAt: 0,
  tools: registryOf(Object.keys(document.tools)),
});

function ask(question: Partial<PolicyQuestion>) {
  const verdict = policy.evaluate({
    tool_name: 'read_records',
    role: 'user',
    tenant_id: 'tenant-a',
    target: 'tenant-a',
    arguments: {},
    ...question,
  });
  return verdict.ok ? 'ok' : `${verdict.reason}${verdict.detail ?? ''}`;
}

/** The default policy: what each role may call. */
const matrix: [tool: string, user: string, admin: string, other: string][] = [
  ['read_records', 'ok', 'ok', 'role_not_permitted_for_tool'],
  ['send_email', 'ok', 'ok', 'role_not_permitted_for_tool'],
  ['export_records', 'role_not_permitted_for_tool', 'ok', 'role_not_permitted_for_tool'],
  ['delete_records', 'role_not_permitted_for_tool', 'ok', 'role_not_permitted_for_tool'],
  ['run_shell', 'tool_disabled_by_policy', 'tool_disabled_by_policy', 'tool_disabled_by_policy'],
  [
    'deploy_malware',
    'unknown_tool_denied_by_policy',
    'unknown_tool_denied_by_policy',
    'unknown_tool_denied_by_policy',
  ],
];

describe('ActivePolicy.evaluate', () => {
  it.each(matrix)('answers every role about %s', (tool_name, user, admin, other) => {
    expect(ask({ tool_name, role: 'user' })).toBe(user);
    expect(ask({ tool_name, role: 'admin' })).toBe(admin);
    expect(ask({ tool_name, role: 'other' })).toBe(other);
  });

  it.each([null, '', 'tenant-b', 'Tenant-A', 'tenant-a ', 'tenant-a\u0000'])(
    'denies the target %j, which is not exactly the tenant',
    (target) => {
      expect(ask({ target })).toBe('cross_tenant_target_denied');
    },
  );

  it('names the argument that violates a narrowing', () => {
    expect(ask({ arguments: { forbidden: 1 } })).toBe('argument_constraint_violated/forbidden');
  });

  it('asks in order: listed, enabled, role, tenant, narrowing', () => {
    const everythingWrong = { role: 'other', target: null, arguments: { forbidden: 1 } };
    expect(ask({ ...everythingWrong, tool_name: 'nothing' })).toBe('unknown_tool_denied_by_policy');
    expect(ask({ ...everythingWrong, tool_name: 'run_shell' })).toBe('tool_disabled_by_policy');
    expect(ask(everythingWrong)).toBe('role_not_permitted_for_tool');
    expect(ask({ ...everythingWrong, role: 'user' })).toBe('cross_tenant_target_denied');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
    'does not know a tool named %j',
    (tool_name) => {
      expect(ask({ tool_name })).toBe('unknown_tool_denied_by_policy');
    },
  );

  it('gives the rule with every answer about a listed tool, and null otherwise', () => {
    const question = { role: 'other', tenant_id: 't', target: 't', arguments: {} };
    expect(policy.evaluate({ ...question, tool_name: 'read_records' }).rule).toEqual(
      policy.ruleFor('read_records'),
    );
    expect(policy.evaluate({ ...question, tool_name: 'nothing' }).rule).toBeNull();
  });

  it('allows nothing beyond the listed tool, role and tenant', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.option(fc.string()),
        (tool, role, tenant, target) => {
          const verdict = policy.evaluate({
            tool_name: tool,
            role,
            tenant_id: tenant,
            target,
            arguments: {},
          });
          const rule = document.tools[tool];
          const may = rule?.enabled === true && rule.allowed_roles.includes(role) && target === tenant;
          expect(verdict.ok).toBe(may);
        },
      ),
    );
  });

  it('cannot be changed once made', () => {
    expect(Object.isFrozen(policy)).toBe(true);
    expect(Object.isFrozen(policy.document.tools)).toBe(true);
    expect(Object.isFrozen(policy.ruleFor('read_records'))).toBe(true);
    expect(Object.isFrozen(policy.ruleFor('read_records')?.allowed_roles)).toBe(true);
  });
});
