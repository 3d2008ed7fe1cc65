import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { ConfigError } from '../domain/errors.js';

/** The keys of approval tokens: the first signs, every one verifies. */
export interface ApprovalKeys {
  readonly signing: { readonly kid: string; readonly privateKey: KeyObject };
  /** Public keys by their id, the JWK thumbprint (RFC 7638). */
  readonly verification: ReadonlyMap<string, KeyObject>;
}

async function keysOf(privateKeys: readonly KeyObject[]): Promise<ApprovalKeys> {
  const verification = new Map<string, KeyObject>();
  let signing: ApprovalKeys['signing'] | null = null;
  for (const privateKey of privateKeys) {
    const publicKey = createPublicKey(privateKey);
    const kid = await calculateJwkThumbprint(publicKey);
    if (verification.has(kid)) throw new ConfigError(['approval_signing_key_file: the same key twice']);
    verification.set(kid, publicKey);
    signing ??= { kid, privateKey };
  }
  if (signing === null) throw new ConfigError(['approval_signing_key_file: no key']);
  return { signing, verification };
}

function parsePem(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new ConfigError(['approval_signing_key_file: not a private key (PKCS#8 PEM)']);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new ConfigError(['approval_signing_key_file: not Ed25519']);
  return key;
}

/**
 * The signing keys in these PKCS#8 PEM texts, in order.
 *
 * @throws ConfigError where one is no private key, not Ed25519, or there twice; never with anything of the key
 */
export async function parseApprovalKeys(pems: readonly string[]): Promise<ApprovalKeys> {
  return keysOf(pems.map(parsePem));
}

/** Keys for this process alone: tokens do not outlive it. For development; production names its key files. */
export async function generateApprovalKeys(): Promise<ApprovalKeys> {
  return keysOf([generateKeyPairSync('ed25519').privateKey]);
}

/** A new signing key as a key file holds it: PKCS#8 PEM. */
export function createApprovalKeyPem(): string {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}
