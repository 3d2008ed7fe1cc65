import { z } from 'zod';
import type { ReasonCode } from './reasons.js';

/** Where a text is going. The first two stay inside; the others leave the organisation. */
export const destinationSchema = z.enum([
  'internal_display',
  'audit_log',
  'external_email',
  'external_export',
  'webhook',
]);

/** One of the destinations of `destinationSchema`. */
export type Destination = z.infer<typeof destinationSchema>;

/** Sensitivities in rising order. */
export const sensitivitySchema = z.enum(['public', 'internal', 'sensitive', 'restricted']);

/** One of the sensitivities of `sensitivitySchema`. */
export type Sensitivity = z.infer<typeof sensitivitySchema>;

/** Severities of a finding in rising order. */
export const findingSeveritySchema = z.enum(['low', 'medium', 'high', 'critical']);

/** One of the severities of `findingSeveritySchema`. */
export type FindingSeverity = z.infer<typeof findingSeveritySchema>;

/** What the filter found, once a rule. It never contains a character of a secret. */
export const findingSchema = z.strictObject({
  finding_type: z.string(),
  severity: findingSeveritySchema,
  reason: z.string(),
  rule_id: z.string(),
  redacted_sample: z.string(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  occurrences: z.int().positive(),
  source: z.string().nullable(),
  tenant_id: z.string().nullable(),
  destination: destinationSchema,
});

/** What `findingSchema` describes, its reason one of the catalogue. */
export type Finding = z.infer<typeof findingSchema> & { readonly reason: ReasonCode };

/** What the filter must know about a text besides its characters. */
export interface FilterContext {
  readonly tenant_id: string | null;
  readonly destination: Destination;
  readonly source_sensitivity: Sensitivity;
  readonly source_labels: readonly string[];
  readonly strict_response_schema: boolean;
  readonly allowed_response_keys: readonly string[] | null;
}

declare const filtered: unique symbol;

/** Text that has passed the output filter. Only the filter makes one. */
export type FilteredText = string & { readonly [filtered]: true };

/** The filter's answer. `filtered_text` is `""` when blocked or withheld; `redacted_text` has every match replaced. */
export interface FilterVerdict {
  readonly allowed: boolean;
  readonly reason: ReasonCode;
  readonly filtered_text: FilteredText;
  readonly redacted_text: string;
  /** At most 100, sorted by position. */
  readonly findings: readonly Finding[];
  /** Exact, also where `findings` was cut. */
  readonly finding_count: number;
  /** Sorted, unique. */
  readonly finding_types: readonly string[];
  readonly highest_severity: FindingSeverity | null;
  /** UTF-8 bytes of this request's texts so far, this check's included. */
  readonly examined_bytes: number;
}

/** A text, what goes with it, and where both are going. */
export interface FilterInput {
  readonly text: string;
  /** A JSON value whose strings and keys are examined too. */
  readonly structured_output?: Readonly<Record<string, unknown>> | null;
  readonly context: FilterContext;
  /** UTF-8 bytes of the same request's texts examined before: the size limit holds for all of them together. */
  readonly examined_bytes?: number;
}

/** The output filter: data-loss prevention on every text that leaves. A fault inside it blocks. */
export interface OutputFilter {
  /** Never throws. */
  check(input: FilterInput): FilterVerdict;
  /**
   * Never throws: the text with each secret replaced by `[REDACTED:<rule_id>]`, or `[REDACTED:output_filter_error]` in
   * place of a text that cannot be examined whole; what the audit log and reason suffixes go through.
   */
  redact(text: string): string;
  /**
   * What a turn's context says about the texts made from it: its sensitivity and its source labels. A chunk with more
   * encoded text than the filter decodes counts as sensitive; a tool output is judged by the words that stand in it.
   *
   * @throws what a rule with a fault throws: the turn is refused
   */
  contextOf(turn: TurnContext): Pick<FilterContext, 'source_sensitivity' | 'source_labels'>;
}

/** The untrusted material that a turn was given. */
export interface TurnContext {
  readonly tenant_id: string;
  readonly retrieved_chunks: readonly { content: string; trust: string; tenant_id: string }[];
  readonly tool_output_segments: readonly { content: string }[];
}

/** Label of a text made with the answer of an earlier tool run at hand. */
export const UNTRUSTED_TOOL_OUTPUT_LABEL = 'tool_output_untrusted';

/** A new destination does not compile before it says which side it is on. */
const LEAVES_ORGANISATION: Readonly<Record<Destination, boolean>> = {
  internal_display: false,
  audit_log: false,
  external_email: true,
  external_export: true,
  webhook: true,
};

/** Whether a text sent there leaves the organisation. */
export function leavesOrganisation(destination: Destination): boolean {
  return LEAVES_ORGANISATION[destination];
}
