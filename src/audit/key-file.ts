import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { ConfigError } from '../domain/errors.js';
import { keyIdOf } from './signing-key.js';

const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/;

/** A pair of key files, and the id by which checkpoints name the key. */
export interface WrittenKeyPair {
  readonly keyId: string;
  readonly privatePath: string;
  readonly publicPath: string;
}

/**
 * Generates an audit signing key: the private key as PKCS#8 PEM, mode 0600, and its public key beside it, `.pub`.
 *
 * @throws the operating system's error, among others where one of the files exists: keys are never overwritten.
 */
export async function generateAuditKey(privatePath: string): Promise<WrittenKeyPair> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicPath = `${privatePath}.pub`;
  await writeFile(privatePath, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
  });
  try {
    await writeFile(publicPath, publicKey.export({ type: 'spki', format: 'pem' }), {
      mode: 0o644,
      flag: 'wx',
    });
  } catch (error) {
    // Half a pair is of no use, and would stand in the way of the next attempt.
    await unlink(privatePath);
    throw error;
  }
  return { keyId: keyIdOf(publicKey), privatePath, publicPath };
}

/** The private key that signs the log, from its PEM. @throws ConfigError, never with anything of the key */
export function parseSigningKey(pem: string): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Said below, in words that do not depend on the library's.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new ConfigError(['audit_signing_key_file is not an Ed25519 private key']);
}

/**
 * Reads an Ed25519 public key in PEM.
 *
 * @throws TypeError where the file holds no such key; the operating system's error where it cannot be read.
 */
export async function readPublicKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8');
  // THREAT: a public key can be derived from it, and a private key would go about with whoever verifies.
  if (PRIVATE_KEY.test(pem))
    throw new TypeError('this is a private key: keep it secret, and give its public key');
  let key: KeyObject | null = null;
  try {
    key = createPublicKey(pem);
  } catch {
    // Said below, in words that do not depend on the library's.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new TypeError('this is no Ed25519 public key in PEM');
  return key;
}
