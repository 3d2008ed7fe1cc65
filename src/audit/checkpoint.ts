import { sign, verify, type KeyObject } from 'node:crypto';
import type { AuditSigner } from './signing-key.js';

const FIELD = ',"signature":';
const SIGNED = /^(?<body>.*),"signature":"(?<signature>[\w-]{86})"\}$/;

/**
 * Ends a checkpoint line with its signature: Ed25519 over all bytes that stand before that field, base64url; null
 * without a key. Takes and gives a line with its newline.
 */
export function signCheckpointLine(line: string, signer: AuditSigner | null): string {
  const body = line.slice(0, -2);
  if (signer === null) return `${body}${FIELD}null}\n`;
  const signature = sign(null, Buffer.from(body), signer.key).toString('base64url');
  return `${body}${FIELD}"${signature}"}\n`;
}

/** Whether a checkpoint line, without its newline, is signed by this key. */
export function isCheckpointSignedBy(line: string, publicKey: KeyObject): boolean {
  const match = SIGNED.exec(line);
  if (match?.groups === undefined) return false;
  const { body, signature } = match.groups as { body: string; signature: string };
  return verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64url'));
}
