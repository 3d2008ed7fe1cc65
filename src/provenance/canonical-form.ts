import { compareCodePoints, toCanonicalJson } from '../domain/canonical-json.js';
import type { Provenance } from '../domain/provenance.js';

/** What a signature covers. */
export type SignedProvenance = Omit<Provenance, 'signature'>;

/**
 * The text that a provenance signature is taken over: canonical ASCII JSON of every field but the signature, context
 * ids sorted by code point, absent fields as null.
 */
export function toCanonicalProvenance(provenance: SignedProvenance): string {
  return toCanonicalJson({
    chunk_id: provenance.chunk_id ?? null,
    content_hash: provenance.content_hash ?? null,
    context_ids: provenance.context_ids.toSorted(compareCodePoints),
    source: provenance.source,
    tenant_id: provenance.tenant_id ?? null,
    trust: provenance.trust,
  });
}
