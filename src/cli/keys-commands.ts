import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { createApprovalKeyPem, parseApprovalKeys } from '../approval/signing-keys.js';
import { isUsableKey } from '../domain/api-key.js';
import { keyDigest } from '../identity/key-digest.js';
import { registerAuditKeyCommand } from './audit-key-command.js';
import { EXIT } from './exit-codes.js';
import { namingFiles } from './named-file.js';

async function createApprovalKey(file: string | undefined): Promise<void> {
  const pem = createApprovalKeyPem();
  const { signing } = await parseApprovalKeys([pem]);
  if (file === undefined) {
    process.stdout.write(pem);
    return;
  }
  // A key that is in use is never written over.
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  console.log(`wrote a new approval signing key, id ${signing.kid}`);
}

/** Longer than any key, with blanks around it. */
const MAX_INPUT_CHARACTERS = 4_096;

/** Standard input to its end, or to the end of a line that a person types; no more than is needed to refuse it. */
async function readInput(input: typeof process.stdin): Promise<string> {
  if (input.isTTY) console.error('type the API key, then press Enter');
  let text = '';
  input.setEncoding('utf8');
  for await (const chunk of input as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MAX_INPUT_CHARACTERS || (input.isTTY && text.includes('\n'))) break;
  }
  return text;
}

function refuse(message: string): void {
  console.error(message);
  process.exitCode = EXIT.failed;
}

async function hashKey(): Promise<void> {
  const line = (await readInput(process.stdin)).replace(/\r?\n$/, '');
  if (line.includes('\n')) {
    refuse('more than one line was given, and an API key is one line: give one key at a time');
    return;
  }
  const key = line.trim();
  if (isUsableKey(key)) console.log(`sha256:${keyDigest(key)}`);
  else refuse('an API key is 1 to 1024 visible ASCII characters without blanks');
}

/** `acp keys …`: make the signing keys; turn an API key into what the principals file holds. */
export function registerKeysCommands(program: Command): void {
  const keys = program.command('keys').description('make and prepare keys');
  keys
    .command('approval')
    .description('make a key that signs approval tokens (Ed25519, PKCS#8 PEM)')
    .argument('[file]', 'where to write it, readable by its owner alone; standard output when left out')
    .action(namingFiles(createApprovalKey));
  keys
    .command('hash')
    .description('read an API key from standard input, print its sha256 form for the principals file')
    .action(() => hashKey());
  registerAuditKeyCommand(keys);
}
