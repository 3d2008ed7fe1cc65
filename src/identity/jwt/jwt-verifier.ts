import { jwtVerify } from 'jose/jwt/verify';
import type { Clock } from '../../domain/clock.js';
import type { TokenVerifier } from '../identity-service.js';
import type { KeySource } from './jwks.js';
import { principalOfToken, type ClaimNames } from './jwt-principal.js';

/** Which tokens count. */
export interface JwtVerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: KeySource;
  readonly clock: Clock;
  readonly claims: ClaimNames;
}

/** THREAT: with a symmetric algorithm, whoever can verify can sign; a public key would become a secret. */
const ALGORITHMS = [
  'Ed25519',
  'EdDSA',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

/** Between an issuer's clock and this one. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** Creates the verifier of an issuer's JSON Web Tokens (RFC 7519). A token that is not good in every way is nobody's. */
export function createJwtVerifier(options: JwtVerifierOptions): TokenVerifier {
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, options.keys, {
          issuer: options.issuer,
          audience: options.audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(options.clock.now()),
        });
        return principalOfToken(payload, options.claims);
      } catch {
        return null;
      }
    },
  };
}
