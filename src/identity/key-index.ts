import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../domain/errors.js';
import type { Principal } from '../domain/principal.js';
import { keyDigest } from './key-digest.js';

/** A principal, and the SHA-256 (lowercase hex) of the key that establishes it. */
export interface KeyBinding {
  readonly key_sha256: string;
  readonly principal: Principal;
}

/** Finds who holds a key. */
export interface KeyIndex {
  readonly size: number;
  find(key: string): Principal | null;
}

/**
 * Creates the index of all keys in force.
 *
 * THREAT: how long a look-up takes must say nothing about stored digests. They are indexed under a MAC with a key of
 * this index alone, so a caller cannot steer which entry a guess lands near, and a hit is confirmed in constant time.
 *
 * @throws ConfigError when two bindings share a key or a principal id.
 */
export function createKeyIndex(bindings: readonly KeyBinding[]): KeyIndex {
  const indexKey = randomBytes(32);
  const place = (digest: Buffer): string => createHmac('sha256', indexKey).update(digest).digest('base64');
  const entries = new Map<string, { digest: Buffer; principal: Principal }>();
  const ids = new Set<string>();
  const violations: string[] = [];
  for (const { key_sha256, principal } of bindings) {
    const digest = Buffer.from(key_sha256, 'hex');
    const position = place(digest);
    const holder = entries.get(position);
    if (holder !== undefined) {
      violations.push(`the same key is bound twice: to '${holder.principal.id}' and to '${principal.id}'`);
    } else if (ids.has(principal.id)) violations.push(`principal '${principal.id}' is defined twice`);
    ids.add(principal.id);
    entries.set(position, { digest, principal });
  }
  if (violations.length > 0) throw new ConfigError(violations);
  return {
    size: entries.size,
    find(key) {
      const digest = Buffer.from(keyDigest(key), 'hex');
      const entry = entries.get(place(digest));
      return entry !== undefined && timingSafeEqual(entry.digest, digest) ? entry.principal : null;
    },
  };
}
