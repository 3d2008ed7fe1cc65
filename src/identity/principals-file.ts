import { z } from 'zod';
import { ConfigError } from '../domain/errors.js';
import { scopeSchema, type Principal } from '../domain/principal.js';
import { identifierSchema } from '../domain/wire.js';
import { readYaml } from '../domain/yaml.js';
import type { KeyBinding } from './key-index.js';
import { ANY, isReservedId } from './well-known-principals.js';

const MAX_PRINCIPALS = 10_000;
const MAX_LIST_LENGTH = 1_000;
/** What the file may unfold to: a hundred values and keys for each of as many principals as may be. */
const MAX_NODES = 100 * MAX_PRINCIPALS;

const nameSchema = identifierSchema.refine((value) => value !== ANY, { error: "must not be '*'" });

const grantSchema = z.strictObject({
  tenant: identifierSchema,
  roles: z.array(nameSchema).min(1).max(MAX_LIST_LENGTH),
});

const entrySchema = z.strictObject({
  id: nameSchema,
  kind: z.enum(['agent', 'service', 'human']),
  owner: nameSchema.optional(),
  key_sha256: z.string().regex(/^(?:sha256:)?[0-9a-f]{64}$/i, { error: 'must be 64 hex digits' }),
  users: z.union([z.literal(ANY), z.array(nameSchema).max(MAX_LIST_LENGTH)]).optional(),
  grants: z.array(grantSchema).max(MAX_LIST_LENGTH).default([]),
  scopes: z.array(scopeSchema).min(1),
});

const fileSchema = z.strictObject({ principals: z.array(entrySchema).max(MAX_PRINCIPALS) });

type Entry = z.infer<typeof entrySchema>;

/** What the form of an entry cannot say: who answers for whom, and who may approve. */
function violationsOf(entry: Entry): string[] {
  const { id, kind, owner, users, scopes } = entry;
  const actsAsItself = users === undefined || (users !== ANY && users.length === 1 && users[0] === id);
  const rules: [broken: boolean, rule: string][] = [
    [isReservedId(id), 'this id is reserved'],
    [kind === 'human' && owner !== undefined, 'a human has no owner'],
    [kind === 'human' && !actsAsItself, 'a human acts as itself: leave users out'],
    [kind !== 'human' && scopes.includes('approve'), 'only a human may have the scope approve'],
  ];
  return rules.filter(([broken]) => broken).map(([, rule]) => `principals file: '${id}': ${rule}`);
}

function bindingOf(entry: Entry): KeyBinding {
  const principal: Principal = {
    id: entry.id,
    kind: entry.kind,
    assurance: 'verified',
    users: entry.users ?? (entry.kind === 'human' ? [entry.id] : []),
    grants: entry.grants,
    scopes: new Set(entry.scopes),
    owner: entry.owner ?? null,
    subject: null,
  };
  return { key_sha256: entry.key_sha256.replace(/^sha256:/i, '').toLowerCase(), principal };
}

/** Where a fault is, by keys and positions alone: values of the file never reach a message. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : path.map(String).join('.');
}

function parseYaml(text: string): unknown {
  const read = readYaml(text, { maxNodes: MAX_NODES });
  if (read.ok) return read.value;
  throw new ConfigError([`principals file: not valid YAML: ${read.fault.message}`]);
}

/**
 * The principals of a principals file (YAML).
 *
 * @throws ConfigError with every fault, by its place; never with a key, a digest or another value of the file but ids.
 */
export function parsePrincipals(text: string): readonly KeyBinding[] {
  const parsed = fileSchema.safeParse(parseYaml(text));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => `principals file: ${placeOf(path)}: ${message}`),
    );
  }
  const { principals } = parsed.data;
  const violations = principals.flatMap(violationsOf);
  if (violations.length > 0) throw new ConfigError(violations);
  return principals.map(bindingOf);
}
