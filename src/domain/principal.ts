import { z } from 'zod';

/** What a credential may be used for; none follows from another. */
export const scopeSchema = z.enum([
  'run',
  'authorize',
  'filter',
  'approve',
  'policy:read',
  'metrics',
  'admin',
]);

/** One of the scopes of `scopeSchema`. */
export type Scope = z.infer<typeof scopeSchema>;

/** `gateway`: a trusted key that may state any identity. `anonymous`: nobody was authenticated. */
export type PrincipalKind = 'agent' | 'service' | 'human' | 'gateway' | 'anonymous';

/** `asserted`: the body's word. `verified`: bound to the credential. `delegated`: a trusted gateway's word. */
export type IdentityAssurance = 'asserted' | 'verified' | 'delegated';

/** The roles that a principal may act in for a tenant. */
export interface Grant {
  /** `*` for every tenant. */
  readonly tenant: string;
  readonly roles: readonly string[];
}

/** Who calls, as established by a credential. */
export interface Principal {
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly assurance: IdentityAssurance;
  /** Whom it may act for; `*` for anyone. */
  readonly users: '*' | readonly string[];
  readonly grants: readonly Grant[];
  readonly scopes: ReadonlySet<Scope>;
  /** The human answerable for an agent, who may not approve what it asks; null where nobody is named. */
  readonly owner: string | null;
  /** The token's `sub`, where a JWT established the principal. */
  readonly subject: string | null;
}

/** What a body claims about whom it is for. */
export interface IdentityClaims {
  readonly user_id: string;
  readonly tenant_id: string;
  readonly role: string;
}

/** The credential headers of a request, exactly as they came. */
export interface PresentedCredentials {
  readonly api_key: string | undefined;
  readonly authorization: string | undefined;
}

/** Who calls; or that no credential, or a wrong one, was presented. */
export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: 'unauthorized' };

/** Establishes who calls, and whether what a body claims is theirs to claim. */
export interface IdentityService {
  /** Synchronous where nothing must be fetched. A wrong credential is refused even where none is needed. */
  authenticate(credentials: PresentedCredentials): Authentication | Promise<Authentication>;
  /** Whether the principal may act for this user and tenant in this role. */
  holds(principal: Principal, claims: IdentityClaims): boolean;
}
