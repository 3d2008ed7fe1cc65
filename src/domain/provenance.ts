import { z } from 'zod';
import { limits } from './limits.js';
import type { ToolRule } from './policy.js';
import type { ReasonCode } from './reasons.js';
import { boundedString, identifierSchema } from './wire.js';

/** Where the idea for a tool call came from. */
export const provenanceSourceSchema = z.enum([
  'model',
  'system',
  'internal_reviewed',
  'user',
  'retrieved',
  'tool_output',
  'external',
  'web',
  'email',
  'support_ticket',
]);

/** One of the sources of `provenanceSourceSchema`. */
export type ProvenanceSource = z.infer<typeof provenanceSourceSchema>;

/** Whether what a call or a text comes from may be relied on, by its caller's word. */
export const trustSchema = z.enum(['trusted', 'untrusted']);

/** One of the values of `trustSchema`. */
export type Trust = z.infer<typeof trustSchema>;

/**
 * A caller's claim about where a tool call came from. Without a signature it is as good as the caller.
 * Hash and signature are strings of any form here: a malformed one is a decision, not a bad request.
 */
export const provenanceSchema = z.strictObject({
  source: provenanceSourceSchema,
  trust: trustSchema,
  context_ids: z.array(boundedString(limits.contextIdLength)).max(limits.contextIds).default([]),
  tenant_id: identifierSchema.nullish(),
  chunk_id: boundedString(limits.contextIdLength).nullish(),
  content_hash: boundedString(limits.signatureLength).nullish(),
  signature: boundedString(limits.signatureLength).nullish(),
});

/** What `provenanceSchema` describes. */
export type Provenance = z.infer<typeof provenanceSchema>;

/** A check's verdict on a provenance: pass on to the next check, or the first no. */
export type ProvenanceVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: ReasonCode };

/** What the provenance checks must know of the turn. */
export interface ProvenanceTurn {
  readonly tenant_id: string;
  readonly retrieved_chunks: readonly {
    readonly id: string;
    readonly content: string;
    readonly trust: Trust;
  }[];
}

/** The provenance checks, in the order in which the broker asks them. */
export interface ProvenanceChecks {
  /** Whether the metadata is what was signed (strict mode), and a content whose hash is stated what was hashed (every mode). */
  checkIntegrity(provenance: Provenance, turn: ProvenanceTurn): ProvenanceVerdict;
  /** Whether this origin may authorize a tool of this rule. */
  checkRules(
    provenance: Provenance,
    rule: Pick<ToolRule, 'external_effect' | 'destructive'>,
    retrievedChunks: ProvenanceTurn['retrieved_chunks'],
  ): ProvenanceVerdict;
}
