import { sign, verify, type KeyObject } from 'node:crypto';
import type { AuditSigner } from './signing-key.js';

const FIELD = ',"signature":';
/** An Ed25519 signature is 64 bytes, which base64url writes in 86 characters. */
const ENDING = /^,"signature":"([\w-]{86})"\}$/;
const ENDING_LENGTH = FIELD.length + 86 + '""}'.length;

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

/** Whether the bytes of a checkpoint line, without its newline, end with this key's signature over the rest. */
export function isCheckpointSignedBy(line: Buffer, publicKey: KeyObject): boolean {
  const ending = ENDING.exec(line.subarray(-ENDING_LENGTH).toString('latin1'));
  if (ending?.[1] === undefined) return false;
  const signature = Buffer.from(ending[1], 'base64url');
  // The last character has bits to spare, so that more than one spelling decodes to the same bytes.
  if (signature.toString('base64url') !== ending[1]) return false;
  return verify(null, line.subarray(0, -ENDING_LENGTH), publicKey, signature);
}
