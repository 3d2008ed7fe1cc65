import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolicyError } from '../domain/errors.js';
import type { JsonObject } from '../domain/wire.js';
import { createToolRegistry } from './registry.js';

const registry = createToolRegistry([]);

function codeOf(name: string, args: JsonObject): string {
  const check = registry.get(name)!.checkArguments(args);
  return check.ok ? 'ok' : `${check.code} ${check.pointer}`;
}

/** As `JSON.parse` gives it, where `__proto__` is a member like any other. */
function json(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}

const email = { to: 'a@example.invalid', subject: 's', body: 'b' };

const verdicts: [tool: string, args: JsonObject, verdict: string][] = [
  ['read_records', {}, 'ok'],
  ['read_records', { record_ids: [] }, 'ok'],
  ['read_records', { record_ids: ['r-1', 'r-2'] }, 'ok'],
  ['read_records', { record_ids: null }, 'list_type /record_ids'],
  ['read_records', { record_ids: 'r-1' }, 'list_type /record_ids'],
  ['read_records', { record_ids: { 0: 'r-1' } }, 'list_type /record_ids'],
  ['read_records', { record_ids: ['r-1', 2] }, 'string_type /record_ids/1'],
  ['read_records', { record_ids: [null] }, 'string_type /record_ids/0'],
  ['read_records', { ids: [] }, 'extra_forbidden /ids'],
  ['read_records', { 'a/b~c': 1 }, 'extra_forbidden /a~1b~0c'],
  ['send_email', email, 'ok'],
  ['send_email', {}, 'missing /to'],
  ['send_email', { to: 'x' }, 'missing /subject'],
  ['send_email', { ...email, to: 5 }, 'string_type /to'],
  ['send_email', { ...email, body: null }, 'string_type /body'],
  ['send_email', { to: 5, bcc: 'x' }, 'string_type /to'],
  ['send_email', { ...email, bcc: 'x' }, 'extra_forbidden /bcc'],
  ['export_records', {}, 'ok'],
  ['export_records', { format: 'csv', filter: null }, 'ok'],
  ['export_records', { filter: 'x' }, 'ok'],
  ['export_records', { filter: 5 }, 'string_type /filter'],
  ['export_records', { format: null }, 'string_type /format'],
  ['delete_records', {}, 'missing /record_ids'],
  ['delete_records', { record_ids: ['r'] }, 'ok'],
  ['run_shell', { command: 'true' }, 'ok'],
  ['run_shell', {}, 'missing /command'],
  ['run_shell', json('{"command":"x","__proto__":{"a":1}}'), 'extra_forbidden /__proto__'],
  ['read_records', json('{"__proto__":{"record_ids":["x"]}}'), 'extra_forbidden /__proto__'],
  ['read_records', json('{"constructor":1}'), 'extra_forbidden /constructor'],
  ['delete_records', json('{"__proto__":{"record_ids":["x"]}}'), 'missing /record_ids'],
];

describe('built-in tools', () => {
  it.each(verdicts)('checks the arguments of %s: %j', (name, args, verdict) => {
    expect(codeOf(name, args)).toBe(verdict);
  });

  it('fills in defaults without touching what came in', () => {
    const args = Object.freeze({});
    expect(registry.get('read_records')!.checkArguments(args)).toEqual({
      ok: true,
      arguments: { record_ids: [] },
    });
    expect(registry.get('export_records')!.checkArguments(args)).toEqual({
      ok: true,
      arguments: { format: 'json', filter: null },
    });
    expect(args).toEqual({});
  });

  it('gives no two calls the same default list', () => {
    const tool = registry.get('read_records')!;
    const [first, second] = [tool.checkArguments({}), tool.checkArguments({})];
    if (!first.ok || !second.ok) expect.unreachable();
    else expect(first.arguments.record_ids).not.toBe(second.arguments.record_ids);
  });

  it('simulates each without effect', () => {
    const run = (name: string, args: JsonObject) => registry.get(name)!.simulate(args, 'tenant-a');
    expect(run('read_records', { record_ids: ['r-1'] })).toEqual({
      success: true,
      message: 'simulated_read_records',
      simulated_output: { tenant_id: 'tenant-a', records: [{ id: 'r-1', value: 'simulated' }] },
    });
    expect(run('send_email', email)).toMatchObject({
      success: true,
      message: 'simulated_send_email',
      simulated_output: { to: email.to, status: 'simulated_queued' },
    });
    expect(run('export_records', { format: 'csv', filter: null })).toMatchObject({
      success: true,
      message: 'simulated_export_records',
      simulated_output: { format: 'csv', rows: 3 },
    });
    expect(run('delete_records', { record_ids: ['r-1'] })).toMatchObject({
      success: true,
      message: 'simulated_delete_records',
      simulated_output: { deleted_ids: ['r-1'] },
    });
    expect(run('run_shell', { command: 'true' })).toMatchObject({
      success: false,
      message: 'run_shell_must_not_execute',
    });
  });

  it('never throws and never changes its input, whatever the arguments', () => {
    const anything = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: false });
    fc.assert(
      fc.property(fc.constantFrom(...registry.names()), anything, (name, args) => {
        const before = structuredClone(args);
        const check = registry.get(name)!.checkArguments(args);
        expect(args).toEqual(before);
        if (check.ok) expect(registry.get(name)!.simulate(check.arguments, 't').message).toBeTypeOf('string');
        else expect(check.pointer).toMatch(/^\//);
      }),
    );
  });
});

function declare(changes: object) {
  return { name: 'lookup', external_effect: false, ...changes };
}

describe('createToolRegistry', () => {
  it('knows the built-in tools under any policy, and each by its exact name only', () => {
    expect(registry.names()).toEqual([
      'read_records',
      'send_email',
      'export_records',
      'delete_records',
      'run_shell',
    ]);
    for (const name of ['Read_Records', 'constructor', '__proto__', 'toString', '']) {
      expect(registry.get(name)).toBeUndefined();
    }
  });

  it('gives each tool a schema digest of its own, the same in every process', () => {
    const digests = registry.names().map((name) => registry.get(name)!.schema_sha256);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests).toEqual(
      createToolRegistry([])
        .names()
        .map((name) => registry.get(name)!.schema_sha256),
    );
    for (const digest of digests) expect(digest).toMatch(/^[\da-f]{64}$/);
  });

  it('takes no arguments for a tool that declares none', () => {
    const tool = createToolRegistry([declare({ description: 'looks up' })]).get('lookup')!;
    expect(tool.description).toBe('looks up');
    expect(tool.checkArguments({})).toEqual({ ok: true, arguments: {} });
    expect(tool.checkArguments({ q: 1 })).toEqual({ ok: false, code: 'extra_forbidden', pointer: '/q' });
    expect(tool.checkArguments(json('{"__proto__":1}'))).toMatchObject({ code: 'extra_forbidden' });
  });

  it('echoes the names of the arguments and never their values', () => {
    const tool = createToolRegistry([declare({})]).get('lookup')!;
    expect(tool.simulate({ q: 'payload' }, 'tenant-a')).toEqual({
      success: true,
      message: 'simulated_lookup',
      simulated_output: { argument_names: ['q'] },
    });
  });

  it.each([
    [false, undefined, 'internal_display'],
    [true, undefined, 'webhook'],
    [true, 'external_email', 'external_email'],
    [true, 'internal_display', 'internal_display'],
    [false, 'internal_display', 'internal_display'],
  ] as const)('sends data (external %s, destination %s) to %s', (external_effect, destination, expected) => {
    const tools = createToolRegistry([declare({ external_effect, destination })]);
    expect(tools.get('lookup')!.destination).toBe(expected);
  });

  it.each(['external_email', 'external_export', 'webhook'] as const)(
    'refuses the destination %s without external effect',
    (destination) => {
      expect(() => createToolRegistry([declare({ destination })])).toThrow(
        new PolicyError(`tool 'lookup': destination ${destination} requires external_effect`),
      );
    },
  );

  it('refuses to call a tool that sends data out one without external effect', () => {
    expect(() => createToolRegistry([declare({ name: 'send_email' })])).toThrow(
      new PolicyError("tool 'send_email': destination external_email requires external_effect"),
    );
  });

  it('refuses to redefine what a built-in tool is', () => {
    const changes = { name: 'read_records', description: 'x', destination: 'internal_display' };
    expect(() => createToolRegistry([declare(changes)])).toThrow(
      new PolicyError("tool 'read_records' has unknown keys: description, destination"),
    );
  });
});
