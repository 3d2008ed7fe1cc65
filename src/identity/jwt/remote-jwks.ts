import { JWKSNoMatchingKey } from 'jose/errors';
import type { Clock } from '../../domain/clock.js';
import { ConfigError } from '../../domain/errors.js';
import { checkPrivateUrl } from '../../domain/loopback.js';
import { readJwks, type KeySource } from './jwks.js';

/** Where the keys are fetched. */
export interface RemoteJwksOptions {
  /** `https:`, or `http:` on a loopback address. */
  readonly url: string;
  readonly clock: Clock;
  /** Told of every fetch that failed; cached keys may still serve. */
  readonly onFault?: (error: unknown) => void;
}

const FRESH_MS = 5 * 60_000;
/** How long keys serve that cannot be fetched again. */
const MAX_AGE_MS = 60 * 60_000;
/** Between two fetches, whoever asks: unknown key ids must not become requests to the issuer. */
const COOLDOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 3_000;
const MAX_BYTES = 262_144;

function parseKeySetUrl(text: string): URL {
  const url = checkPrivateUrl(text);
  if (url === null) throw new ConfigError(['jwks_url must be https, or http on a loopback address']);
  return url;
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > MAX_BYTES) throw new Error('the key set is too large');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fetchKeys(url: URL): Promise<KeySource> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the key set was answered with ${response.status}`);
  }
  const keys = readJwks(await readBounded(response));
  if (keys === null) throw new Error('the answer is not a JSON Web Key Set');
  return keys;
}

/**
 * Creates a source of keys that an issuer publishes.
 *
 * Keys are fetched at the first use, again after five minutes, and when a token names one that is not there, but never
 * twice in thirty seconds. While the issuer cannot be reached, the last keys serve until they are an hour old; then
 * nothing verifies.
 *
 * @throws ConfigError where the URL would send keys over the network unprotected
 */
export function createRemoteJwks({ url: text, clock, onFault }: RemoteJwksOptions): KeySource {
  const url = parseKeySetUrl(text);
  let cached: { readonly keys: KeySource; readonly fetchedAt: number } | null = null;
  let lastAttemptAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  async function fetchOnce(): Promise<void> {
    lastAttemptAt = clock.now();
    try {
      cached = { keys: await fetchKeys(url), fetchedAt: lastAttemptAt };
    } catch (error) {
      onFault?.(error);
    }
  }

  /** Joins the fetch that is under way, or starts one where the last is long enough ago. */
  async function refresh(): Promise<void> {
    if (fetching === null && clock.now() - lastAttemptAt < COOLDOWN_MS) return;
    fetching ??= fetchOnce().finally(() => {
      fetching = null;
    });
    await fetching;
  }

  function current(): KeySource {
    if (cached === null || clock.now() - cached.fetchedAt > MAX_AGE_MS) throw new JWKSNoMatchingKey();
    return cached.keys;
  }

  return async (header, token) => {
    if (cached === null || clock.now() - cached.fetchedAt >= FRESH_MS) await refresh();
    try {
      return await current()(header, token);
    } catch (error) {
      if (!(error instanceof JWKSNoMatchingKey)) throw error;
      await refresh();
      return current()(header, token);
    }
  };
}
