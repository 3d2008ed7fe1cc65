import {
  leavesOrganisation,
  type Destination,
  type FilterContext,
  type FilteredText,
  type FilterVerdict,
  type Finding,
  type FindingSeverity,
} from '../domain/filter.js';
import { limits } from '../domain/limits.js';
import type { ReasonCode } from '../domain/reasons.js';
import type { RuleHits } from './hits.js';

const MAX_TENANT_LENGTH = 128;
const SEVERITIES: readonly FindingSeverity[] = ['low', 'medium', 'high', 'critical'];

/** The reason of a block is the first of these that was found. */
const PRIMARY_REASONS: readonly ReasonCode[] = [
  'secret_pattern_blocked',
  'private_key_material_blocked',
  'jwt_like_token_blocked',
  'encoded_blob_blocked',
  'high_entropy_string_blocked',
  'cross_tenant_output_blocked',
  'sensitive_source_external_destination_blocked',
  'cross_tenant_source_external_destination_blocked',
  'tool_output_external_destination_blocked',
  'sensitive_response_key_blocked',
  'unknown_response_key_blocked',
];

/** What the findings of one check add up to, and the text that may go on. */
export interface Summary {
  readonly findings: readonly Finding[];
  readonly text: string;
  readonly redactedText: string;
  readonly destination: Destination;
  readonly examinedBytes: number;
}

/** Text that the filter lets pass. INVARIANT: no other function makes one. */
const passed = (text: string): FilteredText => text as FilteredText;
const WITHHELD = passed('');

/** A tenant's id as a finding may show it: printable, and no longer than an id can be. */
function showTenant(id: string): string {
  return id.replaceAll(/[^\x20-\x7e]/g, '').slice(0, MAX_TENANT_LENGTH);
}

/**
 * The findings of the rules that matched, by position.
 *
 * @param redact what the tenant of a marker goes through: it is a string of the text and could hold a secret.
 */
export function findingsOf(
  hits: readonly RuleHits[],
  context: FilterContext,
  redact: (text: string) => string,
): Finding[] {
  const findings = hits.map(({ rule, sample, first, occurrences, tenantId }): Finding => ({
    finding_type: rule.findingType,
    severity: rule.severity,
    reason: rule.reason,
    rule_id: rule.id,
    redacted_sample: sample,
    start: first.start,
    end: first.end,
    occurrences,
    source: context.source_labels[0] ?? null,
    tenant_id: tenantId === null ? context.tenant_id : showTenant(redact(tenantId)),
    destination: context.destination,
  }));
  return findings.sort((a, b) => a.start - b.start || a.end - b.end || (a.rule_id < b.rule_id ? -1 : 1));
}

function highestSeverity(findings: readonly Finding[]): FindingSeverity | null {
  const rank = Math.max(-1, ...findings.map((finding) => SEVERITIES.indexOf(finding.severity)));
  return SEVERITIES[rank] ?? null;
}

function primaryReason(findings: readonly Finding[]): ReasonCode {
  const reasons = new Set(findings.map((finding) => finding.reason));
  return (
    PRIMARY_REASONS.find((reason) => reasons.has(reason)) ?? findings[0]?.reason ?? 'output_filter_error'
  );
}

/** Whether findings of this severity, the highest, keep a text from its destination. */
function blocks(highest: FindingSeverity, destination: Destination): boolean {
  if (highest === 'critical' || highest === 'high' || leavesOrganisation(destination)) return true;
  return destination === 'internal_display' && highest === 'medium';
}

const NO_FINDINGS: readonly Finding[] = Object.freeze([]);
const NO_TYPES: readonly string[] = Object.freeze([]);

/** The verdict on a text without findings, which most are; it shares its empty lists with the others. */
export function pass(text: string, examinedBytes: number): FilterVerdict {
  return {
    allowed: true,
    reason: 'output_allowed',
    filtered_text: passed(text),
    redacted_text: text,
    findings: NO_FINDINGS,
    finding_count: 0,
    finding_types: NO_TYPES,
    highest_severity: null,
    examined_bytes: examinedBytes,
  };
}

/** Decides on a text that was examined and has findings. */
export function decide(summary: Summary): FilterVerdict {
  const { findings, destination, text } = summary;
  const highest = highestSeverity(findings);
  const common = {
    redacted_text: summary.redactedText,
    findings: findings.slice(0, limits.findings),
    finding_count: findings.length,
    finding_types: [...new Set(findings.map((finding) => finding.finding_type))].sort(),
    highest_severity: highest,
    examined_bytes: summary.examinedBytes,
  };
  // No rank, no finding: never so, and if it were, nothing to pass on.
  if (highest === null || blocks(highest, destination)) {
    return { ...common, allowed: false, reason: primaryReason(findings), filtered_text: WITHHELD };
  }
  if (destination === 'audit_log') {
    return { ...common, allowed: true, reason: 'audit_log_redacted_only', filtered_text: WITHHELD };
  }
  return { ...common, allowed: true, reason: 'output_allowed', filtered_text: passed(text) };
}

/** The verdict on a text that was not, or not wholly, examined: blocked, with nothing of it shown. */
export function refuse(
  reason: 'output_too_large_blocked' | 'output_filter_error',
  examinedBytes: number,
): FilterVerdict {
  return {
    allowed: false,
    reason,
    filtered_text: WITHHELD,
    redacted_text: '',
    findings: [],
    finding_count: 0,
    finding_types: [],
    highest_severity: reason === 'output_filter_error' ? 'critical' : 'high',
    examined_bytes: examinedBytes,
  };
}
