import { describe, expect, it } from 'vitest';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';
import type { Destination, FilterContext, FilterVerdict } from '../domain/filter.js';

const filter = createTestFilter();

function check(text: string, context: Partial<FilterContext> = {}): FilterVerdict {
  return filter.check({ text, context: { ...INSIDE, ...context } });
}

describe('a verdict', () => {
  const DESTINATIONS: readonly (readonly [Destination, string, boolean, string, string])[] = [
    ['internal_display', 'fine', true, 'output_allowed', 'fine'],
    ['internal_display', 'classification: sensitive', false, 'sensitive_classification_detected', ''],
    ['audit_log', 'classification: sensitive', true, 'audit_log_redacted_only', ''],
    ['audit_log', 'password=hunter2', false, 'secret_pattern_blocked', ''],
    ['external_email', 'classification: sensitive', false, 'sensitive_classification_detected', ''],
    ['external_export', 'fine', true, 'output_allowed', 'fine'],
    ['webhook', 'classification: sensitive', false, 'sensitive_classification_detected', ''],
  ];

  it.each(DESTINATIONS)('to %s on %j: allowed %s, %s', (destination, text, allowed, reason, filteredText) => {
    expect(check(text, { destination })).toMatchObject({ allowed, reason, filtered_text: filteredText });
  });

  it('names the first reason of the fixed order, whatever the order in the text', () => {
    const text = expandExample(
      'classification: sensitive tenant_id=other -----BEGIN PRIVATE KEY----- <alnum:40>',
    );
    expect(check(text).reason).toBe('private_key_material_blocked');
    expect(check(`${expandExample('<alnum:40>')} password=hunter2`).reason).toBe('secret_pattern_blocked');
  });

  it('reports one finding a rule, the first by position, and counts the others', () => {
    const verdict = check('password=first1 and password=second2 and password=third3');
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({ start: 9, end: 15, occurrences: 3 });
    expect(verdict.finding_count).toBe(1);
    expect(verdict.redacted_text).not.toMatch(/first1|second2|third3/);
  });

  it('sorts findings by position and finding types by name', () => {
    const verdict = check('tenant_id=other classification: sensitive password=hunter2');
    expect(ruleIds(verdict)).toEqual(['tenant.marker_mismatch', 'classification.marker', 'pattern.secret']);
    expect(verdict.finding_types).toEqual([
      'cross_tenant_content',
      'secret_pattern',
      'sensitive_classification',
    ]);
    expect(verdict.highest_severity).toBe('critical');
  });

  it("names the context's first label as a finding's source", () => {
    const verdict = check('password=hunter2', { source_labels: ['first', 'second'] });
    expect(verdict.findings[0]?.source).toBe('first');
  });
});
