import type { JWTPayload } from 'jose';
import { scopeSchema, type Principal, type Scope } from '../../domain/principal.js';
import { identifierSchema } from '../../domain/wire.js';
import { ANY } from '../well-known-principals.js';

/** The names of the claims that say what a token's `sub` may do. */
export interface ClaimNames {
  readonly tenant: string;
  readonly roles: string;
  readonly kind: string;
  readonly scope: string;
  readonly owner: string;
}

const MAX_LIST_LENGTH = 1_000;

type Kind = 'agent' | 'service' | 'human';

/**
 * A name that a token may state.
 *
 * THREAT: the wildcards of principals are this program's own; an issuer that lets its users choose a tenant or a role
 * must not be able to hand one out.
 */
function nameIn(claim: unknown): string | null {
  const name = identifierSchema.safeParse(claim).data;
  return name === undefined || name === ANY ? null : name;
}

/** A claim that is a list of words, or words with blanks between them (RFC 6749, `scope`). */
function wordsIn(claim: unknown): readonly string[] {
  const words: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return words
    .slice(0, MAX_LIST_LENGTH)
    .map(nameIn)
    .filter((word) => word !== null);
}

function kindIn(claim: unknown): Kind {
  return claim === 'human' || claim === 'agent' ? claim : 'service';
}

function scopesIn(claim: unknown, kind: Kind): ReadonlySet<Scope> {
  const scopes = wordsIn(claim)
    .map((word) => scopeSchema.safeParse(word).data)
    .filter((scope) => scope !== undefined);
  // INVARIANT: only a human approves, whatever the issuer says of others.
  return new Set(scopes.filter((scope) => scope !== 'approve' || kind === 'human'));
}

/**
 * The principal that a verified token is, acting as its own `sub`; null where it names nobody, or somebody answerable
 * whose name cannot be read.
 */
export function principalOfToken(payload: JWTPayload, names: ClaimNames): Principal | null {
  const claim = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined);
  const subject = nameIn(payload.sub);
  if (subject === null) return null;
  const stated = claim(names.owner) ?? null;
  const owner = nameIn(stated);
  // INVARIANT: an owner that is stated counts against the approver; one that cannot be compared is not dropped.
  if (stated !== null && owner === null) return null;
  const kind = kindIn(claim(names.kind));
  const tenant = nameIn(claim(names.tenant));
  return {
    id: `jwt:${subject}`,
    kind,
    assurance: 'verified',
    users: [subject],
    grants: tenant === null ? [] : [{ tenant, roles: wordsIn(claim(names.roles)) }],
    scopes: scopesIn(claim(names.scope), kind),
    owner,
    subject,
  };
}
