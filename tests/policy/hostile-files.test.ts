import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PolicyError } from '../../src/domain/errors.js';
import type { ActivePolicy } from '../../src/domain/policy.js';
import { createActivePolicy, declarationsOf } from '../../src/policy/active-policy.js';
import { policyDigest } from '../../src/policy/digest.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { createToolRegistry } from '../../src/tools/registry.js';
import { schemaKeywords } from '../../src/tools/schema/keywords.js';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'policies', 'default.yaml'), 'utf8');
const document = parse(text) as Record<string, unknown>;

/** The policy that a file's content makes, or null where it does not load; any other fault is a failure. */
function load(content: string | Uint8Array): ActivePolicy | null {
  try {
    const parsed = parsePolicy(content);
    const tools = createToolRegistry(declarationsOf(parsed));
    return createActivePolicy({
      document: parsed,
      sha256: policyDigest(parsed),
      source: 'p',
      loadedAt: 0,
      tools,
    });
  } catch (error) {
    if (error instanceof PolicyError) return null;
    throw error;
  }
}

/** Whether a call of the default policy's least allowed kind would pass. */
function allowsShell(policy: ActivePolicy): boolean {
  const question = { role: 'admin', tenant_id: 't', target: 't', arguments: { command: 'x' } };
  return policy.evaluate({ ...question, tool_name: 'run_shell' }).ok;
}

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [step, ...rest]: readonly string[], change: unknown): unknown {
  if (step === undefined) return change;
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  copy[step] = replaced(copy[step], rest, change);
  return Array.isArray(value) ? Object.values(copy) : copy;
}

describe('a hostile policy file', () => {
  it('loads or is refused, whatever its bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void load(bytes)));
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (content) => void load(content)));
  });

  it('loads or is refused with any piece of text in any place', () => {
    const piece = fc.constantFrom(
      '*a',
      '&a ',
      '!!str ',
      '!x ',
      '? ',
      ': ',
      '- ',
      '{',
      ']',
      '|',
      '\t',
      '"',
      '<<: ',
      '%',
      '---\n',
    );
    fc.assert(
      fc.property(fc.nat(text.length), piece, (position, inserted) => {
        const policy = load(text.slice(0, position) + inserted + text.slice(position));
        if (policy !== null) expect(allowsShell(policy)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('never opens the shell, with any value in any place', () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(true, false, 'admin', ['admin'], ['admin', 'user'], 'allow', 'none', {}, null),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(document)), values, (path, value) => {
        const policy = load(JSON.stringify(replaced(document, path, value)));
        if (policy === null) return;
        expect(allowsShell(policy)).toBe(false);
        expect(policy.default_decision).toBe('deny');
        expect(policy.ruleFor('send_email')?.requires_human_approval ?? true).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('loads or is refused with any schema of arguments', () => {
    const keyword = fc.constantFrom(...schemaKeywords.keys(), '$id', '$async', 'nullable', 'discriminator');
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        true,
        false,
        null,
        0,
        -1,
        'object',
        'string',
        '#',
        '#/x',
        '^a',
        [],
        {},
        ['a'],
        ['object'],
      ),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.boolean(),
        fc.dictionary(
          keyword,
          fc.oneof(
            value,
            tie('schema'),
            fc.array(tie('schema'), { maxLength: 2 }),
            fc.dictionary(fc.constantFrom('a', 'b'), tie('schema')),
          ),
          {
            maxKeys: 3,
            noNullPrototype: true,
          },
        ),
      ),
    }));
    const root = fc.dictionary(keyword, fc.oneof(value, schema), { maxKeys: 3, noNullPrototype: true });
    const rule = { ...(document.tools as Record<string, object>).delete_records };
    fc.assert(
      fc.property(root, fc.constantFrom('look', 'delete_records'), (schemaRoot, name) => {
        const tool = { ...rule, arguments: { ...schemaRoot, type: 'object' } };
        const policy = load(JSON.stringify({ ...document, tools: { [name]: tool } }));
        const check = policy?.tools.get(name)?.checkArguments({ record_ids: ['a'] });
        if (check?.ok === true) policy?.tools.get(name)?.checkNarrowing(check.arguments);
      }),
      { numRuns: 300 },
    );
  });
});
