import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createPolicyJsonSchema } from './json-schema.js';

const policies = new URL('../../policies/', import.meta.url);
const published = JSON.parse(readFileSync(new URL('policy.schema.json', policies), 'utf8')) as object;

describe('policies/policy.schema.json', () => {
  it('is current: `tsx scripts/generate-policy-schema.ts` makes it anew', () => {
    expect(published).toEqual(createPolicyJsonSchema());
  });

  const isValid = new Ajv2020({ strict: false }).compile(published);
  const load = () =>
    parse(readFileSync(new URL('default.yaml', policies), 'utf8')) as Record<string, unknown>;

  it('accepts the default policy', () => {
    expect(isValid(load())).toBe(true);
  });

  it.each([
    ['an unknown key', { extra: 1 }],
    ['another default', { default_decision: 'allow' }],
    ['an incomplete tool', { tools: { look: { enabled: false } } }],
  ])('rejects %s, as the loader does', (_what, changes) => {
    expect(isValid({ ...load(), ...changes })).toBe(false);
  });

  it('checks argument schemas too', () => {
    const tools = load().tools as Record<string, object>;
    const withArguments = (schema: object) => ({
      ...load(),
      tools: { ...tools, read_records: { ...tools.read_records, arguments: schema } },
    });
    expect(isValid(withArguments({ type: 'object', properties: {} }))).toBe(true);
    expect(isValid(withArguments({ type: 'object', properties: 5 }))).toBe(false);
    expect(isValid(withArguments({ type: 'array' }))).toBe(false);
  });
});
