import { describe, expect, it } from 'vitest';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import type { FilterContext, FilterVerdict } from '../domain/filter.js';
import { createOutputFilter } from './filter.js';

const filter = createOutputFilter({ pii: false, maxBytes: 1_048_576 });
const context: FilterContext = {
  tenant_id: 'tenant-a',
  destination: 'internal_display',
  source_sensitivity: 'public',
  source_labels: [],
  strict_response_schema: false,
  allowed_response_keys: null,
};

function check(structure: Record<string, unknown>, tenant: string | null = 'tenant-a'): FilterVerdict {
  return filter.check({
    text: '',
    structured_output: structure,
    context: { ...context, tenant_id: tenant },
  });
}

describe('what the check of structures remembers', () => {
  it('changes no verdict, however often and after however many other keys', () => {
    const found = { tenant_id: 'tenant-b', db_password: 'hunter2', note: 'see' };
    const passed = { tenant_id: 'tenant-a', max_tokens: 3, password_policy: 'strong', note: 'see' };
    const first = [check(found), check(passed)];
    expect(first.map(({ allowed }) => allowed)).toEqual([false, true]);
    for (let index = 0; index < 3000; index += 1) check({ [`key_${index}`]: `token ${index}` });
    expect([check(found), check(passed)]).toEqual(first);
  });

  it('forgets nothing of what a set of keys says together', () => {
    const marked = { 'tenant_id: tenant-b': 1 };
    expect(check(marked, 'tenant-b').allowed).toBe(true);
    expect(check(marked, 'tenant-a').reason).toBe('cross_tenant_output_blocked');
    expect(check(marked, null).allowed).toBe(true);
    expect(check(marked, 'tenant-a').reason).toBe('cross_tenant_output_blocked');
  });
});

describe('a JSON Web Key in a structure', () => {
  const number = (length: number, seed: number): string => expandExample(`<base64url:${length}>`, seed);
  const point = { crv: 'P-256', x: number(43, 1), y: number(43, 2) };

  it.each([
    ['of a curve', { kty: 'EC', ...point }],
    ['with its type behind', { ...point, kty: 'EC' }],
    ['of RSA', { kty: 'RSA', n: number(342, 3), e: 'AQAB' }],
  ])('passes where it is public: %s', (_, key) => {
    expect(check({ keys: [{ kid: 'a', use: 'sig' }, key] }).findings).toEqual([]);
  });

  it.each([
    ['with its private number', { kty: 'EC', ...point, d: number(43, 4) }],
    ['of another type', { kty: 'oct', x: number(43, 5) }],
    ['of no type', { kid: 'a', x: number(43, 6) }],
    ['beside the type of another object', { kid: 'a', ...point, other: { kty: 'EC', kid: 'b' } }],
    ['with a number of another length', { kty: 'RSA', n: number(300, 7) }],
  ])('is found where it is not: %s', (_, key) => {
    expect(check({ keys: [{ kid: 'a', use: 'sig' }, key] }).allowed).toBe(false);
  });
});
