import { describe, expect, it } from 'vitest';
import { INSIDE, createTestFilter } from '../../tests/helpers/output-filter.js';
import type { FilterVerdict } from '../domain/filter.js';

const filter = createTestFilter();

function check(
  tenant: string,
  text: string,
  structure: Record<string, unknown> | null = null,
): FilterVerdict {
  const context = { ...INSIDE, tenant_id: tenant };
  return filter.check({ text, structured_output: structure, context });
}

/** Ids that a text could be taken to end inside. */
const TENANTS = [
  'acme',
  'acme corp',
  'acme,eu',
  'acme/eu',
  'acme.',
  'a"b',
  'acme(eu)',
  "o'neil & co",
  'a\\b',
];

describe.each(TENANTS)('the own tenant %j', (tenant) => {
  it.each([
    ['at the end', (id: string) => `record of tenant_id: ${id}`],
    ['before a line end', (id: string) => `tenant_id=${id}\nnext line`],
    ['in JSON', (id: string) => JSON.stringify({ tenant_id: id, region: 'eu' })],
    ['before the next field', (id: string) => `tenant_id=${id}, region=eu`],
    ['in a query', (id: string) => `/records?tenant_id=${encodeURIComponent(id)}&limit=3`],
    ['in brackets', (id: string) => `the record (tenant_id: ${id}) is there`],
    ['in prose', (id: string) => `tenant_id: ${id} is fine`],
  ])('is no finding %s', (_, write) => {
    const text = write(tenant);
    expect(check(tenant, text).findings, text).toEqual([]);
  });

  it('is no finding as a field, and another tenant there is one', () => {
    for (const key of ['tenant_id', 'tenantId', 'Tenant-ID', 'owner_tenant_id']) {
      expect(check(tenant, '', { list: [{ [key]: tenant, note: 'x' }] }).findings).toEqual([]);
      expect(check(tenant, '', { list: [{ [key]: `${tenant} corp-evil` }] }).reason).toBe(
        'cross_tenant_output_blocked',
      );
      expect(check(tenant, '', { list: [{ [key]: tenant.slice(0, -1) }] }).allowed).toBe(false);
    }
  });
});

describe.each(TENANTS.filter((tenant) => !tenant.includes('"')))('the own tenant %j', (tenant) => {
  it('is no finding in JSON inside JSON', () => {
    const text = JSON.stringify({ body: JSON.stringify({ tenant_id: tenant }) });
    expect(check(tenant, text).findings, text).toEqual([]);
  });
});

describe('another tenant', () => {
  it.each([
    ['acme', 'record of tenant_id: acme corp-evil', 'acme corp-evil'],
    ['acme', 'record of tenant_id: acme corp', 'acme corp'],
    ['acme', 'tenant_id: acme Holding and more', 'acme Holding'],
    ['acme', 'tenant_id: acme 2', 'acme 2'],
    ['acme', 'tenant_id: acme,eu', 'acme,eu'],
    ['acme', 'tenant_id=acme/eu', 'acme/eu'],
    ['acme', 'tenant_id: acme(eu)', 'acme(eu'],
    ['acme', 'tenant_id: acme.eu', 'acme.eu'],
    ['acme', '"tenant_id": "acme and sons"', 'acme and sons'],
    ['acme', 'tenant_id: acme-evil', 'acme-evil'],
    ['acme', '{"tenant_id":"acme "}', 'acme '],
    ['acme corp', 'tenant_id: acme', 'acme'],
    ['acme corp', 'tenant_id: acme is here', 'acme'],
    ['acme corp', 'tenant_id: acme corporation', 'acme corporation'],
    ['acme corp', 'tenant_id: acme corp-evil', 'acme corp-evil'],
    ['acme.', 'tenant_id: acme.com', 'acme.com'],
  ])('than %j is found in %j', (tenant, text, named) => {
    const verdict = check(tenant, text);
    expect(verdict.reason, text).toBe('cross_tenant_output_blocked');
    expect(verdict.findings).toMatchObject([{ rule_id: 'tenant.marker_mismatch', tenant_id: named }]);
    expect(verdict.redacted_text).toContain('[REDACTED:tenant.marker_mismatch]');
    expect(verdict.redacted_text).not.toContain(named);
  });

  it('is found behind the own one', () => {
    expect(check('acme', 'tenant_id: acme tenant_id: evil').findings).toMatchObject([{ tenant_id: 'evil' }]);
    expect(check('acme', 'tenant_id=acme,tenant_id=evil').findings).toMatchObject([{ tenant_id: 'evil' }]);
  });

  it('is found in a field of the name whose text only looks like a placeholder', () => {
    const verdict = check('acme', '', { tenant_id: 'for example tenant_id: evil' });
    expect(verdict.reason).toBe('cross_tenant_output_blocked');
  });

  it('shows printable characters only, and no more than an id has', () => {
    const [finding] = check('acme', '', { tenant_id: `\u0000é${'ab'.repeat(150)}` }).findings;
    expect(finding?.tenant_id).toBe('ab'.repeat(64));
  });
});

describe('ordinary text behind the own tenant', () => {
  it.each([
    'tenant_id: acme.',
    'tenant_id: acme has 3 records, and no more',
    'tenant_id: acme 3 records',
    'tenant_id: acme 2026-01-31 10:15',
    'tenant_id: acme - all is well',
    'tenant_id: acme (three records)',
    'tenant_id: acme, which is yours',
    'tenant_id: acme; done',
    'ts=1 tenant_id=acme level=info msg="read"',
    'tenant_id=acme Status: open',
    '<td>tenant_id: acme</td>',
    '{tenant_id: acme}',
    's3://bucket/tenant_id=acme/year=2026/part.csv',
    '"first line tenant_id: acme\\nsecond"',
    '`tenant_id: acme` is set',
    '**tenant_id: acme** is set',
    'tenant_id: acme  Region',
    '| tenant_id: acme | Region |',
  ])('is no finding: %j', (text) => {
    expect(check('acme', text).findings).toEqual([]);
  });

  it('is none in the next field of a structure', () => {
    expect(check('acme', '', { a: 'tenant_id: acme', b: 'corp-evil' }).findings).toEqual([]);
  });
});
