import { createHash } from 'node:crypto';
import type { Provenance, ProvenanceTurn } from '../domain/provenance.js';

/** SHA-256 (lowercase hex) of a content's UTF-8, as `content_hash` states it. */
export function hashContent(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

/**
 * Whether every chunk of the request that the provenance names still has the content whose hash it states.
 *
 * Nothing is claimed where it names no chunk, states no hash, or the chunk is not part of the request.
 */
export function isContentUnchanged(
  provenance: Provenance,
  chunks: ProvenanceTurn['retrieved_chunks'],
): boolean {
  const { chunk_id: chunkId, content_hash: stated } = provenance;
  if (chunkId === null || chunkId === undefined || stated === null || stated === undefined) return true;
  // THREAT: a second chunk of the same id; all of them must be what was hashed.
  return chunks.every((chunk) => chunk.id !== chunkId || hashContent(chunk.content) === stated);
}
