import { hash, scryptSync } from 'node:crypto';

/** SHA-256 (lowercase hex) of an API key's UTF-8 bytes: what the principals file holds instead of the key. */
export function keyDigest(key: string): string {
  return hash('sha256', key, 'hex');
}

const GATEWAY_ID_SALT = 'llm-agent-control-plane gateway id v1';
const GATEWAY_ID_COST = 4096;
const GATEWAY_ID_BYTES = 6;

/**
 * The stable name of a gateway, derived from its key.
 *
 * THREAT: the name stands in every log line, so a fast digest would let whoever reads the log test guesses of a weak
 * key. scrypt makes each guess cost milliseconds; it runs once a key, when keys are loaded.
 */
export function gatewayId(key: string): string {
  const name = scryptSync(key, GATEWAY_ID_SALT, GATEWAY_ID_BYTES, { N: GATEWAY_ID_COST });
  return `gateway:${name.toString('hex')}`;
}
