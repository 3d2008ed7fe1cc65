import { CompactSign } from 'jose/jws/compact/sign';
import { compactVerify } from 'jose/jws/compact/verify';
import { z } from 'zod';
import type { ApprovalKeys } from './signing-keys.js';

const TOKEN_TYPE = 'approval+jwt';
/** RFC 9864: EdDSA with exactly this curve. */
const TOKEN_ALGORITHM = 'Ed25519';
const DEFAULT_ISSUER = 'llm-agent-control-plane';
const DEFAULT_AUDIENCE = 'llm-agent-control-plane/approvals';

const claimsSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  /** The approval's id. */
  jti: z.string(),
  /** The user for whom the action is. */
  sub: z.string(),
  /** Seconds since the epoch. */
  iat: z.int(),
  exp: z.int(),
  approver: z.string(),
  tenant: z.string(),
  tool: z.string(),
  fingerprint: z.string(),
});

type AllClaims = z.infer<typeof claimsSchema>;

/** What a token says of an approval. Binding it to an action is the gate's work. */
export type ApprovalClaims = Omit<AllClaims, 'iss' | 'aud'>;

/** The claims of a genuine token, whatever they say; or why it is none. */
export type TokenCheck =
  | { readonly ok: true; readonly claims: ApprovalClaims }
  | { readonly ok: false; readonly reason: 'approval_token_malformed' | 'approval_token_signature_invalid' };

/** Signs and checks approval tokens. */
export interface ApprovalTokens {
  sign(claims: ApprovalClaims): Promise<string>;
  /** Checks form, key, signature, type, issuer and audience, in that order; nothing else. Never throws. */
  check(token: string): Promise<TokenCheck>;
}

/** The keys that sign and check, and whom tokens name as their maker and reader. */
export interface ApprovalTokensOptions {
  readonly keys: ApprovalKeys;
  readonly issuer?: string;
  readonly audience?: string;
}

const MALFORMED: TokenCheck = { ok: false, reason: 'approval_token_malformed' };
const INVALID: TokenCheck = { ok: false, reason: 'approval_token_signature_invalid' };

/** Three parts of base64url; the last is empty in a token that claims to need no signature. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

const headerSchema = z.looseObject({});

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** THREAT: base64url may encode the same bytes in several ways; only one spelling of a token is the token. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

/**
 * Creates the signer and checker of approval tokens: compact JWS (RFC 7515), Ed25519, type `approval+jwt`.
 *
 * INVARIANT: the algorithm is this file's, never the header's; the header only selects among the configured keys, and
 * no claim is read before the signature holds.
 */
export function createApprovalTokens(options: ApprovalTokensOptions): ApprovalTokens {
  const { keys, issuer = DEFAULT_ISSUER, audience = DEFAULT_AUDIENCE } = options;

  async function check(token: string): Promise<TokenCheck> {
    const parts = COMPACT.exec(token)?.slice(1);
    if (parts === undefined) return MALFORMED;
    const header = headerSchema.safeParse(parseJson(Buffer.from(parts[0] ?? '', 'base64url'))).data;
    if (header === undefined) return MALFORMED;
    const key = typeof header.kid === 'string' ? keys.verification.get(header.kid) : undefined;
    if (key === undefined || header.typ !== TOKEN_TYPE || !parts.every(isCanonical)) return INVALID;
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [TOKEN_ALGORITHM] });
      const claims = claimsSchema.safeParse(parseJson(payload));
      if (!claims.success || claims.data.iss !== issuer || claims.data.aud !== audience) return INVALID;
      return { ok: true, claims: claims.data };
    } catch {
      return INVALID;
    }
  }

  return {
    check,
    sign(claims) {
      const payload: AllClaims = { iss: issuer, aud: audience, ...claims };
      return new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: keys.signing.kid })
        .sign(keys.signing.privateKey);
    },
  };
}
