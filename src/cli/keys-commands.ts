import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { createApprovalKeyPem, parseApprovalKeys } from '../approval/signing-keys.js';
import { keyDigest } from '../identity/key-digest.js';
import { isUsableKey } from '../identity/keys-file.js';
import { registerAuditKeyCommand } from './audit-key-command.js';
import { EXIT } from './exit-codes.js';

async function createApprovalKey(file: string | undefined): Promise<void> {
  const pem = createApprovalKeyPem();
  const { signing } = await parseApprovalKeys([pem]);
  if (file === undefined) {
    process.stdout.write(pem);
    return;
  }
  try {
    // A key that is in use is never written over.
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    console.error(exists ? 'there is a file already; nothing was written' : 'the file cannot be written');
    process.exitCode = EXIT.failed;
    return;
  }
  console.log(`wrote a new approval signing key, id ${signing.kid}`);
}

async function readFirstLine(): Promise<string> {
  if (process.stdin.isTTY) console.error('type the API key, then press Enter');
  for await (const line of createInterface({ input: process.stdin })) return line;
  return '';
}

async function hashKey(): Promise<void> {
  const key = (await readFirstLine()).trim();
  if (!isUsableKey(key)) {
    console.error('an API key is 1 to 1024 visible ASCII characters without blanks');
    process.exitCode = EXIT.failed;
    return;
  }
  console.log(`sha256:${keyDigest(key)}`);
}

/** `acp keys …`: make the signing keys; turn an API key into what the principals file holds. */
export function registerKeysCommands(program: Command): void {
  const keys = program.command('keys').description('make and prepare keys');
  keys
    .command('approval')
    .description('make a key that signs approval tokens (Ed25519, PKCS#8 PEM)')
    .argument('[file]', 'where to write it, readable by its owner alone; standard output when left out')
    .action((file: string | undefined) => createApprovalKey(file));
  keys
    .command('hash')
    .description('read an API key from standard input, print its sha256 form for the principals file')
    .action(() => hashKey());
  registerAuditKeyCommand(keys);
}
