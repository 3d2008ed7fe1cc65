import { z } from 'zod';
import { limits } from './limits.js';
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

export type ProvenanceSource = z.infer<typeof provenanceSourceSchema>;

export const trustSchema = z.enum(['trusted', 'untrusted']);

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

export type Provenance = z.infer<typeof provenanceSchema>;
