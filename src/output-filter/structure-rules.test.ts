import { describe, expect, it } from 'vitest';
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
