import type { ToolRule } from '../domain/policy.js';
import type {
  Provenance,
  ProvenanceSource,
  ProvenanceTurn,
  ProvenanceVerdict,
} from '../domain/provenance.js';
import type { ReasonCode } from '../domain/reasons.js';

/** What a source may authorize: anything, only what stays inside and destroys nothing, or nothing for this reason. */
const authority: Readonly<Record<ProvenanceSource, 'any' | 'harmless' | ReasonCode>> = {
  model: 'any',
  system: 'any',
  internal_reviewed: 'harmless',
  user: 'user_cannot_authorize_tool_execution',
  retrieved: 'retrieved_cannot_authorize_tool_execution',
  tool_output: 'tool_output_cannot_authorize_tool_execution',
  external: 'external_cannot_authorize_tool_execution',
  web: 'web_cannot_authorize_tool_execution',
  email: 'email_cannot_authorize_tool_execution',
  support_ticket: 'support_ticket_cannot_authorize_tool_execution',
};

type Chunks = ProvenanceTurn['retrieved_chunks'];

const PASSED: ProvenanceVerdict = Object.freeze({ ok: true });

function denied(reason: ReasonCode): ProvenanceVerdict {
  return { ok: false, reason };
}

/** Whether the claim names an untrusted chunk of this request, as its context or as what it is the content of. */
function restsOnUntrustedChunk({ context_ids, chunk_id }: Provenance, chunks: Chunks): boolean {
  return chunks.some(
    ({ id, trust }) => trust === 'untrusted' && (id === chunk_id || context_ids.includes(id)),
  );
}

/**
 * Whether a call of this origin may be authorized under this rule: source, then trust, then context, then risk.
 *
 * Evidence never authorizes, whatever trust it claims.
 */
export function checkSourceRules(
  provenance: Provenance,
  rule: Pick<ToolRule, 'external_effect' | 'destructive'>,
  chunks: Chunks,
): ProvenanceVerdict {
  const may = authority[provenance.source];
  if (may !== 'any' && may !== 'harmless') return denied(may);
  if (provenance.trust !== 'trusted') return denied('untrusted_provenance_denied');
  // THREAT: a claim of trust that rests on what an attacker wrote into a retrieved document.
  if (restsOnUntrustedChunk(provenance, chunks)) return denied('provenance_context_untrusted');
  if (may === 'harmless' && (rule.external_effect || rule.destructive)) {
    return denied('internal_reviewed_cannot_authorize_external_or_destructive');
  }
  return PASSED;
}
