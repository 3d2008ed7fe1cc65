import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { INSIDE, createTestFilter } from '../../tests/helpers/output-filter.js';
import { HarmlessTexts } from './harmless-texts.js';

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
      expect(reasonFor('password=hunter2trustno1', 'tenant-a')).toBe('secret_pattern_blocked');
      const { reason } = filter.check({ text: '', structured_output: { a: [harmless, secret] }, context });
      expect(reason).toBe('secret_pattern_blocked');
    }
  });

  it('looks at fields together though each of them was harmless alone', () => {
    const first = 'xoxb-1234567890';
    const rest = '-1234567890-FakeFakeFakeFake12345678';
    for (const part of [first, rest]) expect(reasonFor(part, 'tenant-a')).toBe('output_allowed');
    const { reason } = filter.check({ text: '', structured_output: { a: first, b: rest }, context });
    expect(reason).toBe('secret_pattern_blocked');
  });

  it('forgets one rather than hold more than 1,024', () => {
    const harmless = new HarmlessTexts();
    for (let index = 0; index <= 1024; index += 1) harmless.add(`name-${index}`);
    expect(harmless.has('name-0')).toBe(false);
    expect(harmless.has('name-1024')).toBe(true);
  });
});

describe('what the filter remembers', () => {
  const names = Array.from({ length: 40 }, (_, index) => `acme_service_${index}_api_token`);
  const collectGarbage = exposeGarbageCollector();

  /** Texts as a body has them: of memory of their own, a megabyte each. */
  const textWith = (part: string): string =>
    (JSON.parse(JSON.stringify({ text: `${'word '.repeat(200_000)}${part} ` })) as { text: string }).text;

  it.each([
    ['names of credentials', (name: string) => `${name} = example`],
    ['ids of tenants', (name: string) => `tenant_id: ${name}`],
  ])('holds on to no text it came from: %s', (_what, partOf) => {
    filter.check({ text: textWith('warm up'), context });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (const name of names) filter.check({ text: textWith(partOf(name)), context });
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  });
});

function exposeGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
