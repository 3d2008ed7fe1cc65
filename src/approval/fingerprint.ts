import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ProposedAction } from '../domain/approval.js';
import type { Provenance } from '../domain/provenance.js';

const FINGERPRINT_VERSION = 1;

/** All that an approval is bound to: of a proposed action as of a stored one. */
export type FingerprintFacts = Pick<
  ProposedAction,
  | 'tenant_id'
  | 'user_id'
  | 'session_id'
  | 'tool_name'
  | 'arguments'
  | 'target'
  | 'risk_level'
  | 'provenance'
  | 'tool_schema_sha256'
  | 'policy_sha256'
> & { readonly principal: { readonly id: string } };

/** SHA-256 (lowercase hex) of a value's canonical JSON (RFC 8785). @throws where a value has none */
function digestOf(value: unknown): string {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError('the value has no canonical form');
  return hash('sha256', canonical, 'hex');
}

/**
 * A provenance's context ids as a set, in one order: by code unit, as they are compared everywhere.
 *
 * THREAT: an id named twice says nothing new, but would make a denied action look like another one.
 */
export function sortedContextIds(provenance: Provenance): readonly string[] {
  return [...new Set(provenance.context_ids)].sort((left, right) =>
    left < right ? -1 : left > right ? 1 : 0,
  );
}

/**
 * Digest of what a provenance says. Its signature is left out: it proves the statement and is no part of it, and it
 * changes when the ingestion side rotates its key.
 */
export function provenanceFingerprintOf(provenance: Provenance): string {
  return digestOf({
    source: provenance.source,
    trust: provenance.trust,
    context_ids: sortedContextIds(provenance),
    tenant_id: provenance.tenant_id ?? null,
    chunk_id: provenance.chunk_id ?? null,
    content_hash: provenance.content_hash ?? null,
  });
}

/**
 * The fingerprint of an action: SHA-256 (lowercase hex) over canonical JSON (RFC 8785) of all that is approved.
 *
 * INVARIANT: two actions have one fingerprint only if a human who approved the one approved the other; every input of
 * the tool, and every document that gave its arguments meaning, is part of it.
 */
export function fingerprintOf(facts: FingerprintFacts): string {
  return digestOf({
    version: FINGERPRINT_VERSION,
    tenant_id: facts.tenant_id,
    user_id: facts.user_id,
    principal_id: facts.principal.id,
    session_id: facts.session_id,
    tool_name: facts.tool_name,
    arguments: facts.arguments,
    target: facts.target,
    risk_level: facts.risk_level,
    context_ids: sortedContextIds(facts.provenance),
    provenance: provenanceFingerprintOf(facts.provenance),
    tool_schema_sha256: facts.tool_schema_sha256,
    policy_sha256: facts.policy_sha256,
  });
}
