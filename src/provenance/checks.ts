import type {
  Provenance,
  ProvenanceChecks,
  ProvenanceTurn,
  ProvenanceVerdict,
} from '../domain/provenance.js';
import { isContentUnchanged } from './content.js';
import type { ProvenanceKeys } from './keys.js';
import { isSignatureValid } from './signature.js';
import { checkSourceRules } from './source-rules.js';

/** How strict the checks are, and the keys they verify with. */
export interface ProvenanceChecksOptions {
  /** Whether a signature is required. */
  readonly strict: boolean;
  /** Asked at each check, so that a keyring may change underneath. */
  readonly keys: ProvenanceKeys;
}

const PASSED: ProvenanceVerdict = Object.freeze({ ok: true });

/**
 * The provenance checks of a process: integrity, then whether the origin may authorize.
 *
 * Integrity is, in strict mode, a signature by a known key and the caller's own tenant; and in every mode that a
 * content whose hash is stated is the content that was hashed. No verdict and no signature is ever kept.
 */
export function createProvenanceChecks({ strict, keys }: ProvenanceChecksOptions): ProvenanceChecks {
  return Object.freeze({
    checkIntegrity: (provenance, turn) => {
      const signature = strict ? checkSignature(provenance, turn, keys) : PASSED;
      if (!signature.ok) return signature;
      // A stated hash that is wrong is a false statement, signed or not.
      if (isContentUnchanged(provenance, turn.retrieved_chunks)) return PASSED;
      return { ok: false, reason: 'provenance_content_mismatch' };
    },
    checkRules: checkSourceRules,
  } satisfies ProvenanceChecks);
}

function checkSignature(
  provenance: Provenance,
  turn: ProvenanceTurn,
  keys: ProvenanceKeys,
): ProvenanceVerdict {
  const { signature } = provenance;
  if (signature === null || signature === undefined || signature === '') {
    return { ok: false, reason: 'provenance_signature_missing' };
  }
  if (!isSignatureValid(provenance, signature, keys.verification)) {
    return { ok: false, reason: 'provenance_signature_invalid' };
  }
  // THREAT: a signature made for one tenant, or for none, presented by another.
  if (provenance.tenant_id !== turn.tenant_id) return { ok: false, reason: 'provenance_tenant_mismatch' };
  return PASSED;
}
