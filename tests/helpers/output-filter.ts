import type { FilterContext, FilterVerdict, OutputFilter } from '../../src/domain/filter.js';
import { createOutputFilter, type OutputFilterOptions } from '../../src/output-filter/filter.js';

/** The most that a filter of these tests examines at once: the default of the service. */
export const MAX_FILTER_BYTES = 1_048_576;

/** A filter as the service has it by default. */
export function createTestFilter(options: Partial<OutputFilterOptions> = {}): OutputFilter {
  return createOutputFilter({ pii: false, maxBytes: MAX_FILTER_BYTES, ...options });
}

/** The context of a text that a tenant is shown, made of nothing but public sources. */
export const INSIDE: FilterContext = {
  tenant_id: 'tenant-a',
  destination: 'internal_display',
  source_sensitivity: 'public',
  source_labels: [],
  strict_response_schema: false,
  allowed_response_keys: null,
};

/** The same without a tenant: no marker of one is a finding. */
export const INSIDE_WITHOUT_TENANT: FilterContext = { ...INSIDE, tenant_id: null };

/** The rules that a verdict names. */
export const ruleIds = (verdict: FilterVerdict): string[] => verdict.findings.map(({ rule_id: id }) => id);
