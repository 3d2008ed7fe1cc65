import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { limits } from '../../src/domain/limits.js';
import { provenanceSourceSchema, type Provenance } from '../../src/domain/provenance.js';
import { REASONS } from '../../src/domain/reasons.js';
import { maxPolicyTools } from '../../src/policy/document.js';
import { maxPolicyBytes } from '../../src/policy/parse.js';
import { toCanonicalProvenance } from '../../src/provenance/canonical-form.js';
import { signProvenance } from '../../src/provenance/signature.js';
import { createToolRegistry } from '../../src/tools/registry.js';
import { supportedFormats } from '../../src/tools/schema/compile.js';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const policy = readFileSync(join(docs, 'policy.md'), 'utf8');
const provenance = readFileSync(join(docs, 'provenance.md'), 'utf8');

describe('docs/policy.md', () => {
  it('names the formats and limits that hold', () => {
    const listed = policy.split('\n').find((line) => line.startsWith('- `format` is one of'));
    expect(Array.from(listed!.matchAll(/`([a-z0-9-]+)`/g), ([, name]) => name).slice(1)).toEqual([
      ...supportedFormats,
    ]);
    expect(policy).toContain(`at most ${maxPolicyBytes.toLocaleString('en')} bytes`);
    expect(policy).toContain(`at most ${maxPolicyTools.toLocaleString('en')} tools`);
    expect(policy).toContain(`names have 1 to ${limits.toolNameLength} characters`);
  });

  it('shows tools that load', () => {
    const blocks = Array.from(policy.matchAll(/```yaml\n([^`]*)```/g), ([, text]) => parse(text!) as unknown);
    const tools = blocks.flatMap((block) => Object.entries(block as Record<string, { arguments?: object }>));
    const declared = tools.filter(([name]) => name === 'create_payment' || name === 'send_email');
    expect(declared).toHaveLength(2);
    for (const [name, tool] of declared) {
      const declaration = { name, external_effect: true, arguments: { ...tool.arguments } };
      expect(createToolRegistry([declaration]).get(name)).toBeDefined();
    }
  });

  it('shows an error in the words that are used', () => {
    const schema = { type: 'object', properties: { q: { type: 'string', pattern: '^(a+)+$' } } };
    const message = /^tool 'search': .*$/m.exec(policy)?.[0];
    expect(() => createToolRegistry([{ name: 'search', external_effect: false, arguments: schema }])).toThrow(
      message,
    );
  });
});

describe('docs/provenance.md', () => {
  it('has an example that can be compared with', () => {
    const [, form = '', signature] = /```\n(\{"chunk_id".*\})\n([\da-f]{64})\n```/.exec(provenance) ?? [];
    const claim = JSON.parse(form) as Provenance;
    const key = /under the key `([^`]+)`/.exec(provenance)?.[1] ?? '';
    expect(toCanonicalProvenance(claim)).toBe(form);
    expect(signProvenance(claim, createSecretKey(Buffer.from(key)))).toBe(signature);
  });

  it('names every source, and reasons that there are', () => {
    for (const source of provenanceSourceSchema.options) expect(provenance).toContain(`\`${source}\``);
    const table = provenance.slice(provenance.indexOf('| Check'), provenance.indexOf('**Without signatures'));
    for (const [, reason = ''] of table.matchAll(/`([a-z_]+)` +\| /g)) expect(REASONS).toHaveProperty(reason);
  });
});
