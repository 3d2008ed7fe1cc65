/**
 * Makes, on first use, every key and password of the production profile, each a file; one that exists is kept.
 *
 *   node make-keys.mjs KEYS_FOLDER DATABASE_SECRET_FOLDER
 *
 * Needs Node alone. Prints the names of the files it makes and nothing that is in them.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OWNER_ONLY = 0o400;
/** The database server runs as another user and shares no other file. */
const READABLE = 0o444;
const SECRET_BYTES = 32;

const secret = () => randomBytes(SECRET_BYTES).toString('base64url');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const signingKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });

/** Writes a file unless it exists, and returns its text either way. */
function makeFile(path, createText, mode = OWNER_ONLY) {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const text = createText();
  writeFileSync(path, text, { mode, flag: 'wx' });
  console.log(`made ${path}`);
  return text;
}

const principals = (
  approverKey,
) => `# Who may call, and as whom. Add your own; each key is known by its SHA-256 only.
principals:
  - id: first-approver
    kind: human
    key_sha256: ${sha256(approverKey.trim())}
    grants:
      - {tenant: '*', roles: [approver]}
    scopes: [approve, policy:read, metrics]
`;

const [keysFolder, databaseFolder] = process.argv.slice(2);
if (keysFolder === undefined || databaseFolder === undefined) {
  console.error('usage: make-keys.mjs KEYS_FOLDER DATABASE_SECRET_FOLDER');
  process.exit(2);
}
const inKeys = (name) => join(keysFolder, name);

makeFile(inKeys('approval-signing.pem'), signingKey);
makeFile(inKeys('audit-signing.pem'), signingKey);
makeFile(inKeys('provenance.key'), secret);
makeFile(inKeys('gateway-keys.txt'), () => `# Keys of trusted gateways, one a line.\n${secret()}\n`);
const approverKey = makeFile(inKeys('first-approver.key'), () => `${secret()}\n`);
makeFile(inKeys('principals.yaml'), () => principals(approverKey));
const password = makeFile(join(databaseFolder, 'password'), secret, READABLE);
makeFile(inKeys('pgpass'), () => `database:5432:acp:acp:${password}\n`);
