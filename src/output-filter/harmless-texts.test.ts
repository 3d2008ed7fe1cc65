import { describe, expect, it } from 'vitest';
import { INSIDE, createTestFilter } from '../../tests/helpers/output-filter.js';

const context = INSIDE;
const filter = createTestFilter();
const reasonFor = (text: string, tenant_id: string | null) =>
  filter.check({ text, context: { ...context, tenant_id } }).reason;

describe('the memory of harmless texts', () => {
  it.each([
    ['a text', (text: string) => ({ text })],
    ['a string of a structure', (text: string) => ({ text: '', structured_output: { list: [text] } })],
  ])('keeps no verdict on %s that holds in one context only', (_name, inputOf) => {
    const input = inputOf('the tenant_id: tenant-a of the record');
    const check = (tenant_id: string | null) =>
      filter.check({ ...input, context: { ...context, tenant_id } }).reason;
    expect(check(null)).toBe('output_allowed');
    expect(check('tenant-a')).toBe('output_allowed');
    expect(check('tenant-b')).toBe('cross_tenant_output_blocked');
  });

  it('answers the second time as it did the first', () => {
    const harmless = 'simulated_read_records';
    const secret = `sk-${'Fake0Token1For2Test3'.repeat(2)}`;
    for (let time = 0; time < 2; time += 1) {
      expect(reasonFor(harmless, 'tenant-a')).toBe('output_allowed');
      expect(reasonFor(`password=hunter2trustno1`, 'tenant-a')).toBe('secret_pattern_blocked');
      expect(
        filter.check({ text: '', structured_output: { a: [harmless, secret] }, context }).reason,
      ).not.toBe('output_allowed');
    }
  });

  it('looks at fields together though each of them was harmless alone', () => {
    const first = `xoxb-${'1234567890'.repeat(1)}`;
    const rest = `-1234567890-FakeFakeFakeFake12345678`;
    for (const part of [first, rest]) reasonFor(part, 'tenant-a');
    const { reason } = filter.check({ text: '', structured_output: { a: first, b: rest }, context });
    expect(reason).toBe('secret_pattern_blocked');
  });
});
