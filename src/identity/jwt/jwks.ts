import type { CryptoKey, FlattenedJWSInput, JWSHeaderParameters } from 'jose';
import { createLocalJWKSet } from 'jose/jwks/local';
import { z } from 'zod';
import { ConfigError } from '../../domain/errors.js';

/** Finds the key that a token's header names. Rejects where there is none, or none can be had. */
export type KeySource = (header?: JWSHeaderParameters, token?: FlattenedJWSInput) => Promise<CryptoKey>;

const MAX_KEYS = 100;

const jwksSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(MAX_KEYS) });

/**
 * The public keys in a JWK Set (RFC 7517), ready to verify with; null where the text is none.
 *
 * THREAT: a set may hold secrets by mistake. Symmetric and private keys are left out, so that nothing verifies by
 * something that is not public.
 */
export function readJwks(text: string): KeySource | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = jwksSchema.safeParse(value).data;
  if (parsed === undefined) return null;
  return createLocalJWKSet({
    keys: parsed.keys.filter((key) => key.kty !== 'oct' && !Object.hasOwn(key, 'd')),
  });
}

/** The keys of a JWKS file. @throws ConfigError */
export function parseJwks(text: string): KeySource {
  const keys = readJwks(text);
  if (keys === null) throw new ConfigError(['JWKS file: not a JSON Web Key Set']);
  return keys;
}
