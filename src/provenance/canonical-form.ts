import { compareCodePoints, quoteCanonically } from '../domain/canonical-json.js';
import type { Provenance } from '../domain/provenance.js';

/** What a signature covers. */
export type SignedProvenance = Omit<Provenance, 'signature'>;

/**
 * The text that a provenance signature is taken over: canonical ASCII JSON of every field but the signature, context
 * ids sorted by code point, absent fields as null.
 */
export function toCanonicalProvenance(provenance: SignedProvenance): string {
  const { chunk_id, content_hash, context_ids, source, tenant_id, trust } = provenance;
  const ids = context_ids.toSorted(compareCodePoints).map(quoteCanonically).join(',');
  // Written out, since the names and their order never change; the general form is slower by half.
  return (
    `{"chunk_id":${quoteOrNull(chunk_id)},"content_hash":${quoteOrNull(content_hash)},` +
    `"context_ids":[${ids}],"source":${quoteCanonically(source)},` +
    `"tenant_id":${quoteOrNull(tenant_id)},"trust":${quoteCanonically(trust)}}`
  );
}

function quoteOrNull(text: string | null | undefined): string {
  return text === null || text === undefined ? 'null' : quoteCanonically(text);
}
