import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { toCanonicalProvenance, type SignedProvenance } from './canonical-form.js';

/** HMAC-SHA256 (RFC 2104, lowercase hex) over the canonical form. */
export function signProvenance(provenance: SignedProvenance, key: KeyObject | Uint8Array): string {
  return createHmac('sha256', key).update(toCanonicalProvenance(provenance)).digest('hex');
}

/**
 * Whether any of the keys made this signature. Hex digits of either case are the same.
 *
 * Compared in constant time, and every key is tried, so that timing tells neither digits nor which key it was.
 */
export function isSignatureValid(
  provenance: SignedProvenance,
  signature: string,
  keys: readonly KeyObject[],
): boolean {
  if (!/^[\da-f]{64}$/i.test(signature)) return false;
  const presented = Buffer.from(signature, 'hex');
  const canonical = toCanonicalProvenance(provenance);
  let matches = 0;
  for (const key of keys) {
    const expected = createHmac('sha256', key).update(canonical).digest();
    matches |= Number(timingSafeEqual(expected, presented));
  }
  return matches !== 0;
}
