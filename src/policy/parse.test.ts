import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { PolicyError } from '../domain/errors.js';
import { policyDigest } from './digest.js';
import { maxPolicyBytes, parsePolicy } from './parse.js';

const defaultText = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
const defaultDigest = 'a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d';

type Mutable = Record<string, unknown> & { tools: Record<string, Record<string, unknown>> };

function mutated(change: (policy: Mutable) => unknown): string {
  const policy = parse(defaultText) as Mutable;
  const result = change(policy);
  return stringify(result ?? policy);
}

function errorOf(content: string | Uint8Array): string {
  try {
    parsePolicy(content);
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
  return 'no error';
}

const booleans = ['enabled', 'external_effect', 'destructive', 'requires_human_approval'];
const required = [...booleans, 'allowed_roles', 'risk_level'];
const wrongMappings = [null, 5, 'text', true, ['a']];

const mutations: [what: string, change: (policy: Mutable) => unknown, message: string][] = [
  ['a list as root', () => ['x'], 'policy root must be a mapping'],
  ['a scalar as root', () => 'x', 'policy root must be a mapping'],
  ['unknown keys', (p) => ({ zeta: 1, ...p, alpha: 2 }), 'unknown top-level keys: alpha, zeta'],
  [
    'an unknown key before a wrong default',
    (p) => ({ ...p, default_decision: 'allow', extra: 1 }),
    'unknown top-level keys: extra',
  ],
  ...['allow', 'DENY', true, null, ['deny']].map((value): (typeof mutations)[number] => [
    `default_decision ${JSON.stringify(value)}`,
    (p) => ({ ...p, default_decision: value }),
    "default_decision must be 'deny'",
  ]),
  [
    'no default_decision',
    (p) => ({ tools: p.tools, tenant_isolation: 'strict' }),
    "default_decision must be 'deny'",
  ],
  ...['none', false, null, 1].map((value): (typeof mutations)[number] => [
    `tenant_isolation ${JSON.stringify(value)}`,
    (p) => ({ ...p, tenant_isolation: value }),
    "tenant_isolation must be 'strict'",
  ]),
  ...wrongMappings.map((value): (typeof mutations)[number] => [
    `tools ${JSON.stringify(value)}`,
    (p) => ({ ...p, tools: value }),
    'tools must be a mapping',
  ]),
  [
    'no tools key',
    () => ({ default_decision: 'deny', tenant_isolation: 'strict' }),
    'tools must be a mapping',
  ],
  ['no tools', (p) => ({ ...p, tools: {} }), 'tools mapping must not be empty'],
  ...wrongMappings.map((value): (typeof mutations)[number] => [
    `tool ${JSON.stringify(value)}`,
    (p) => ({ ...p, tools: { ...p.tools, read_records: value } }),
    "tool 'read_records' must be a mapping",
  ]),
  [
    'unknown tool keys',
    (p) => void Object.assign(p.tools.read_records!, { zz: 1, aa: 2 }),
    "tool 'read_records' has unknown keys: aa, zz",
  ],
  [
    'missing fields',
    (p) => void (p.tools.read_records = { enabled: 'x' }),
    "tool 'read_records' missing fields: allowed_roles, destructive, external_effect, requires_human_approval, risk_level",
  ],
  ...required.map((key): (typeof mutations)[number] => [
    `no ${key}`,
    (p) => {
      p.tools.send_email = Object.fromEntries(
        Object.entries(p.tools.send_email!).filter(([name]) => name !== key),
      );
    },
    `tool 'send_email' missing fields: ${key}`,
  ]),
  ...booleans.flatMap((key) =>
    ['yes', 1, 0, null, 'true', [true], {}].map((value): (typeof mutations)[number] => [
      `${key} ${JSON.stringify(value)}`,
      (p) => void (p.tools.delete_records![key] = value),
      `tool 'delete_records': ${key} must be a boolean`,
    ]),
  ),
  ...['admin', null, {}, true].map((value): (typeof mutations)[number] => [
    `allowed_roles ${JSON.stringify(value)}`,
    (p) => void (p.tools.delete_records!.allowed_roles = value),
    "tool 'delete_records': allowed_roles must be a list",
  ]),
  ...[[1], ['admin', null], [['admin']], [true]].map((value): (typeof mutations)[number] => [
    `allowed_roles ${JSON.stringify(value)}`,
    (p) => void (p.tools.delete_records!.allowed_roles = value),
    "tool 'delete_records': allowed_roles entries must be strings",
  ]),
  ...['LOW', 'severe', 3, null].map((value): (typeof mutations)[number] => [
    `risk_level ${JSON.stringify(value)}`,
    (p) => void (p.tools.delete_records!.risk_level = value),
    "tool 'delete_records': risk_level must be one of ['critical', 'high', 'low', 'medium']",
  ]),
  [
    'an enabled tool without roles',
    (p) => void (p.tools.read_records!.allowed_roles = []),
    "tool 'read_records': enabled tools must declare at least one allowed role",
  ],
  [
    'description of a wrong type',
    (p) => void (p.tools.read_records!.description = 5),
    "tool 'read_records': description must be a string of at most 1024 characters",
  ],
  [
    'arguments of a wrong type',
    (p) => void (p.tools.read_records!.arguments = ['x']),
    "tool 'read_records': arguments must be a mapping",
  ],
  [
    'the audit log as destination',
    (p) => void (p.tools.read_records!.destination = 'audit_log'),
    "tool 'read_records': destination must be one of ['external_email', 'external_export', 'internal_display', 'webhook']",
  ],
  ['a tool without a name', (p) => void (p.tools[''] = {}), 'tool names must be 1 to 128 characters'],
  [
    'a name that would forge a line',
    (p) => void (p.tools.read_records!['x\n\u001b[2J\u202e'] = 1),
    "tool 'read_records' has unknown keys: x\\u000a\\u001b[2J\\u202e",
  ],
  [
    'an unknown destination',
    (p) => void (p.tools.read_records!.destination = 'moon'),
    "tool 'read_records': destination must be one of ['external_email', 'external_export', 'internal_display', 'webhook']",
  ],
  [
    'a shell',
    (p) => void Object.assign(p.tools.run_shell!, { enabled: true, allowed_roles: ['admin'] }),
    'run_shell must remain disabled (enabled: false)',
  ],
  [
    'e-mail without approval',
    (p) => void (p.tools.send_email!.requires_human_approval = false),
    'send_email must require human approval',
  ],
  [
    'export without approval',
    (p) => void (p.tools.export_records!.requires_human_approval = false),
    'export_records must require human approval',
  ],
  ...[['admin', 'user'], ['user'], ['admin', 'admin']].map((value): (typeof mutations)[number] => [
    `export for ${JSON.stringify(value)}`,
    (p) => void (p.tools.export_records!.allowed_roles = value),
    "export_records allowed_roles must be ['admin'] only",
  ]),
];

describe('parsePolicy', () => {
  it('reads the default policy, whose digest is the published one', () => {
    expect(policyDigest(parsePolicy(defaultText))).toBe(defaultDigest);
  });

  it('does not let formatting, comments or the order of roles change the digest', () => {
    const other = mutated((policy) => void (policy.tools.send_email!.allowed_roles = ['admin', 'user']));
    expect(policyDigest(parsePolicy(`# other bytes\n${other}`))).toBe(defaultDigest);
  });

  it.each(mutations)('refuses %s', (_what, change, message) => {
    expect(errorOf(mutated(change))).toBe(message);
  });

  it('reports the first fault of the first tool in file order', () => {
    const text = mutated((policy) => {
      policy.tools.export_records!.risk_level = 'x';
      policy.tools.send_email!.allowed_roles = 'x';
      policy.tools.send_email!.destructive = 'x';
    });
    expect(errorOf(text)).toBe("tool 'send_email': destructive must be a boolean");
  });

  const texts: [what: string, text: string, message: RegExp][] = [
    ['an empty file', '', /^policy root must be a mapping$/],
    ['a duplicate key', `${defaultText}tenant_isolation: strict\n`, /duplicate mapping key \(line \d+\)$/],
    ['a number as a tool name', 'tools: {1: {}}', /^tool names must be strings$/],
    ['null as a tool name', 'tools: {null: {}}', /^tool names must be strings$/],
    ['a list as a tool name', 'tools: {[a]: {}}', /^tool names must be strings$/],
    ['a number as a key', '1: x', /mapping keys must be strings \(line 1\)$/],
    ['a prototype as a key', 'tools: {__proto__: {enabled: true}}', /reserved mapping key/],
    ['an unknown tag', 'default_decision: !risky deny', /tag resolve failed/],
    ['a known but foreign tag', 'default_decision: !!binary deny', /tag resolve failed/],
    ['an unbounded alias', 'a: &a [*a]', /alias without a finished anchor/],
    ['an alias to nothing', 'a: *nobody', /alias without a finished anchor/],
    ['two documents', `${defaultText}---\n${defaultText}`, /multiple docs/],
    ['YAML 1.1', `%YAML 1.1\n---\n${defaultText}`, /^policy must be YAML 1\.2$/],
    ['a number that is not finite', 'a: .inf', /numbers must be finite/],
    ['an integer that loses digits', 'a: 9007199254740993', /numbers must be finite/],
    ['deep nesting', `a: ${'['.repeat(200)}${']'.repeat(200)}`, /nested deeper than 64/],
    ['nesting beyond the stack', '['.repeat(200_000), /not valid YAML/],
    ['a broken line', 'tools: [', /^policy is not valid YAML: .* \(line \d+\)$/],
    ['a merge key', 'tools: {<<: {a: 1}}', /^default_decision must be 'deny'$/],
  ];

  it.each(texts)('refuses %s', (_what, text, message) => {
    expect(errorOf(text)).toMatch(message);
  });

  it.each([
    'read records',
    ' read',
    'read ',
    'a/b',
    "a'b",
    '1',
    '-a',
    '.a',
    'r\u0435ad_records',
    'caf\u00e9',
    'a\u202eb',
  ])('refuses a tool that is called %j', (name) => {
    const text = mutated((policy) => void (policy.tools[name] = { ...policy.tools.read_records! }));
    expect(errorOf(text)).toMatch(/: name must be a letter or '_', then letters, digits, '_', '\.' or '-'$/);
  });

  it('says what the policy reference says before it says anything of the characters of names', () => {
    const misnamed = (policy: Mutable): void =>
      void (policy.tools['a b'] = { ...policy.tools.read_records! });
    const text = mutated((policy) => {
      misnamed(policy);
      policy.tools.send_email!.requires_human_approval = false;
    });
    expect(errorOf(text)).toBe('send_email must require human approval');
    expect(errorOf(mutated((policy) => void (policy.tools['a b'] = {})))).toMatch(
      /^tool 'a b' missing fields: /,
    );
    expect(errorOf(mutated(misnamed))).toMatch(/^tool 'a b': name must be /);
  });

  it.each(['x', '_x', 'Ticket.create-2', 'a'.repeat(128)])('lets a tool be called %j', (name) => {
    const text = mutated((policy) => void (policy.tools[name] = { ...policy.tools.read_records! }));
    expect(errorOf(text)).toBe('no error');
  });

  it.each([
    [10_000, "tool 't0' must be a mapping"],
    [10_001, 'tools mapping must hold at most 10000 tools'],
  ])('counts the tools before it looks at any: %i of them', (count, message) => {
    const tools = Array.from({ length: count }, (_, index) => `  t${index}:`).join('\n');
    expect(errorOf(`default_decision: deny\ntenant_isolation: strict\ntools:\n${tools}`)).toBe(message);
  });

  it('ends at the first fault: the frame before any tool, and a tool before the next', () => {
    const text = (frame: string, first: string) =>
      `${frame}\ntenant_isolation: strict\ntools:\n  a: ${first}\n  b: {enabled: 1}\n  '': {}\n`;
    expect(errorOf(text('default_decision: allow', '{}'))).toBe("default_decision must be 'deny'");
    expect(errorOf(text('default_decision: deny', '5'))).toBe("tool 'a' must be a mapping");
    const good =
      '{enabled: false, risk_level: low, external_effect: false, destructive: false, requires_human_approval: false, allowed_roles: []}';
    expect(errorOf(text('default_decision: deny', good))).toMatch(/^tool 'b' missing fields: /);
  });

  it('refuses aliases that unfold to more than the limit', () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0 ? 'l0: &l0 [x, x]' : `l${level}: &l${level} [*l${level - 1}, *l${level - 1}]`,
    );
    expect(errorOf(levels.join('\n'))).toMatch(/too large once unfolded/);
  });

  it('takes an alias that stays small for what it stands for', () => {
    const text = defaultText
      .replace(
        'allowed_roles:\n      - user\n      - admin',
        'allowed_roles: &both\n      - user\n      - admin',
      )
      .replace('allowed_roles:\n      - user\n      - admin', 'allowed_roles: *both');
    expect(text).toContain('*both');
    expect(policyDigest(parsePolicy(text))).toBe(defaultDigest);
  });

  it('refuses a file that is too large, of whatever content', () => {
    const message = `policy file is larger than ${maxPolicyBytes} bytes`;
    expect(errorOf(Buffer.alloc(10 * 1024 * 1024, defaultText))).toBe(message);
  });

  it('refuses bytes that are not text', () => {
    expect(errorOf(Uint8Array.from([0xff, 0xfe, 0x00, 0x80]))).toBe('policy file is not valid UTF-8');
  });
});
