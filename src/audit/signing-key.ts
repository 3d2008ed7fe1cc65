import { createPublicKey, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';

/** Names a public key: the first 16 hex digits of the SHA-256 of its SPKI encoding. */
export function keyIdOf(publicKey: KeyObject): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16);
}

/** What the log does with its Ed25519 private key. */
export interface AuditSigner {
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  readonly keyId: string;
  /** Derived (HKDF-SHA256, RFC 5869), so that the signature key itself never meets an HMAC. */
  readonly argumentsKey: KeyObject;
}

const ARGUMENTS_PURPOSE = 'llm-agent-control-plane audit arguments_hmac v1';

/**
 * Prepares a signing key.
 *
 * @throws TypeError when it is not an Ed25519 private key.
 */
export function createAuditSigner(key: KeyObject): AuditSigner {
  const seed =
    key.type === 'private' && key.asymmetricKeyType === 'ed25519'
      ? key.export({ format: 'jwk' }).d
      : undefined;
  if (seed === undefined) throw new TypeError('the audit signing key is not an ed25519 private key');
  const derived = hkdfSync('sha256', Buffer.from(seed, 'base64url'), '', ARGUMENTS_PURPOSE, 32);
  const publicKey = createPublicKey(key);
  return {
    key,
    publicKey,
    keyId: keyIdOf(publicKey),
    argumentsKey: createSecretKey(Buffer.from(derived)),
  };
}
