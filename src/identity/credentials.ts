import { timingSafeEqual } from 'node:crypto';
import type { PresentedCredentials } from '../domain/principal.js';
import { keyDigest } from './key-digest.js';

const MAX_CREDENTIAL_LENGTH = 16_384;
const BEARER = /^bearer +([^\s,]+)$/i;

/** The one credential of a request, or why there is none to look up. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable' }
  /** `mayBeToken`: it came as a bearer token alone, so it may be a JWT as well as a key. */
  | { readonly kind: 'secret'; readonly value: string; readonly mayBeToken: boolean };

const NONE: Credential = { kind: 'none' };
const UNUSABLE: Credential = { kind: 'unusable' };

function isUsable(value: string): boolean {
  return value !== '' && value.length <= MAX_CREDENTIAL_LENGTH;
}

function isSameSecret(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(keyDigest(left), 'hex'), Buffer.from(keyDigest(right), 'hex'));
}

/**
 * The credential in `X-API-Key` or `Authorization: Bearer`.
 *
 * THREAT: two different credentials in one request could be judged by one part and logged by another, so they are
 * refused, not ranked.
 */
export function readCredential({ api_key, authorization }: PresentedCredentials): Credential {
  if (api_key === undefined && authorization === undefined) return NONE;
  if (api_key !== undefined && !isUsable(api_key)) return UNUSABLE;
  if (authorization === undefined) return { kind: 'secret', value: api_key ?? '', mayBeToken: false };
  if (!isUsable(authorization)) return UNUSABLE;
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer === undefined) return UNUSABLE;
  if (api_key === undefined) return { kind: 'secret', value: bearer, mayBeToken: true };
  return isSameSecret(api_key, bearer) ? { kind: 'secret', value: api_key, mayBeToken: false } : UNUSABLE;
}
