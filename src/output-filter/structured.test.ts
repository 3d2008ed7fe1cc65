import { describe, expect, it } from 'vitest';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';
import type { FilterContext, FilterVerdict } from '../domain/filter.js';
import { standardDetectors } from './detectors/all.js';

const filter = createTestFilter();

function checkStructure(
  structure: Record<string, unknown>,
  context: Partial<FilterContext> = {},
): FilterVerdict {
  return filter.check({ text: '', structured_output: structure, context: { ...INSIDE, ...context } });
}

describe('a structured output', () => {
  it.each([
    'password',
    'SECRET',
    'api_key',
    'apikey',
    'Token',
    'private_key',
    'credential',
    'access_token',
    'apiKey',
  ])('may not have the key %s, at any depth', (key) => {
    const verdict = checkStructure({ list: [{ inner: { [key]: 1 } }] });
    expect(verdict.reason).toBe('sensitive_response_key_blocked');
    expect(verdict.findings[0]?.redacted_sample).toMatch(/^key:[a-z_]+$/);
  });

  it('may have keys that only contain such a word', () => {
    expect(checkStructure({ token_count: 3, secretary: 'Ann', passwords_changed: 2 }).allowed).toBe(true);
  });

  it('may have only the allowed top-level keys when the schema is strict', () => {
    const strict = { strict_response_schema: true, allowed_response_keys: ['status'] };
    expect(checkStructure({ status: { free: 1 } }, strict).allowed).toBe(true);
    expect(checkStructure({ status: 1, extra: 2 }, strict)).toMatchObject({
      reason: 'unknown_response_key_blocked',
      findings: [{ redacted_sample: 'key:extra' }],
    });
    expect(checkStructure({ status: 1 }, { strict_response_schema: true }).allowed).toBe(false);
  });

  it('never shows a secret that stands in a key', () => {
    const secret = expandExample('sk-<alnum:40>');
    const verdict = checkStructure(
      { [secret]: 1 },
      { strict_response_schema: true, allowed_response_keys: [] },
    );
    expect(ruleIds(verdict)).toContain('pattern.secret');
    expect(JSON.stringify(verdict)).not.toContain(secret.slice(3, 9));
  });

  it('has its strings examined by the rules on text', () => {
    expect(ruleIds(checkStructure({ note: expandExample('use sk-<alnum:30>') }))).toContain('pattern.secret');
    expect(checkStructure({ tenant_id: 'tenant-b' }).reason).toBe('cross_tenant_output_blocked');
    expect(checkStructure({ tenant_id: 'tenant-a' }).allowed).toBe(true);
    expect(checkStructure({ db_password: 'hunter2' }).reason).toBe('secret_pattern_blocked');
  });

  it('has a secret found that is split over its fields', () => {
    const secret = expandExample('sk-<alnum:40>');
    const verdict = checkStructure({
      a: `x ${secret.slice(0, 10)}`,
      b: secret.slice(10, 30),
      c: secret.slice(30),
    });
    expect(ruleIds(verdict)).toEqual(['pattern.secret']);
  });

  it.each(standardDetectors.filter(({ looksBack }) => looksBack !== undefined).map((one) => [one.id, one]))(
    'has %s counted once in a field of its own, and found in two',
    (id, { examples }) => {
      const secret = expandExample(examples.found[0] ?? '');
      const countIn = (structure: Record<string, unknown>): number | undefined =>
        checkStructure(structure).findings.find(({ rule_id }) => rule_id === id)?.occurrences;
      expect(countIn({ a: 'word', b: secret })).toBe(1);
      expect(countIn({ a: `a ${secret.slice(0, 2)}`, b: secret.slice(2) })).toBe(1);
    },
  );

  it('is refused when it contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(checkStructure(loop).reason).toBe('output_too_large_blocked');
  });
});
