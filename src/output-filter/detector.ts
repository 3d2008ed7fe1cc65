import type { FindingSeverity } from '../domain/filter.js';
import type { ReasonCode } from '../domain/reasons.js';

/** What a rule reports: the parts of a finding that do not depend on the text. */
export interface Rule {
  readonly id: string;
  readonly findingType: string;
  readonly severity: FindingSeverity;
  readonly reason: ReasonCode;
}

/** A detector's own tests. Bodies are written as `<charset:length>`, so that no example looks like a live secret. */
export interface DetectorExamples {
  readonly found: readonly string[];
  readonly passed: readonly string[];
}

/**
 * One kind of credential, as data.
 *
 * `pattern` is sticky and is tried only where one of `keywords` begins, so it never searches. A detector whose
 * format has no fixed part names no keyword and is tried where a long base64-alphabet run begins.
 * If the pattern has a group, its first group is the secret and ends the match; what stands before it is context.
 */
export interface Detector {
  readonly id: string;
  readonly description: string;
  /** Fixed parts of the format, matched in any case; each with at least three characters where the format allows. */
  readonly keywords: readonly string[];
  readonly pattern: RegExp;
  /** Without keywords: the least length of the run that the format begins with. 0 unless given. */
  readonly minRun?: number;
  /** Without keywords: the characters that the format may begin with. All that runs have unless given. */
  readonly begins?: RegExp;
  /** Without keywords: the character that always stands right before the format. */
  readonly follows?: string;
  /**
   * A character that every match, with what its pattern looks at behind it, holds within so many from its beginning. Where
   * none stands there, the pattern is not tried.
   */
  readonly needs?: { readonly character: string; readonly within: number };
  /** The public part that names the kind; shown in samples. It must begin the secret. */
  readonly prefix?: string;
  /** Whether what stands before a match, which begins at `at`, allows it; looks at a bounded part of the text. */
  readonly admits?: (text: string, at: number) => boolean;
  /** What the characters alone cannot tell: a checksum, a structure, randomness. */
  readonly validate?: (secret: string) => boolean;
  /** As `validate`, on what the match covers with the word before it (see `fromWordStart`). */
  readonly validateWhole?: (secret: string) => boolean;
  /** Whether the secret may begin or end inside a word. Off unless given. */
  readonly insideWord?: boolean;
  /** The rule of its findings, where it is not that of a credential named after `id`. */
  readonly rule?: Rule;
  /** Whether the word before the match belongs to the secret: an id that the pattern looked back at. */
  readonly fromWordStart?: boolean;
  /**
   * How many characters of that word the pattern looks back at, at least. Of joined fields, the word goes on in the field
   * before only where it has fewer in its own. Without it, always.
   */
  readonly looksBack?: number;
  /** Where the secret ends, when that is beyond the match, which ends at `end`. */
  readonly extend?: (text: string, end: number) => number;
  /** The sample, where it is not prefix and length. It holds no character of the secret. */
  readonly sample?: (secret: string) => string;
  readonly examples: DetectorExamples;
}

/** A match of a rule in a text; offsets in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The rule of a vendor credential or generic secret with this id. */
export function secretRule(id: string): Rule {
  return {
    id,
    findingType: 'secret_pattern',
    severity: 'critical',
    reason: 'secret_pattern_blocked',
  };
}
