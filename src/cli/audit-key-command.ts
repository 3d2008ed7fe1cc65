import type { Command } from 'commander';
import { generateAuditKey } from '../audit/key-file.js';
import { namingFiles } from './named-file.js';

async function generate(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { keyId, privatePath, publicPath } = await generateAuditKey(file);
  if (json === true) {
    console.log(JSON.stringify({ key_id: keyId, private_key: privatePath, public_key: publicPath }));
    return;
  }
  console.log(
    `private key ${privatePath} (mode 0600): set ACP_AUDIT_SIGNING_KEY_FILE to it, and keep it secret`,
  );
  console.log(`public key  ${publicPath}: give it to whoever verifies the log`);
  console.log(`key id      ${keyId}`);
}

/** `acp keys audit FILE`: a new key to sign the audit log's checkpoints with. */
export function registerAuditKeyCommand(keys: Command): void {
  keys
    .command('audit')
    .description(
      'generate an Ed25519 key that signs the audit log, and its public key beside it; never overwrites',
    )
    .argument('<file>', 'where to write the private key; the public key goes to <file>.pub')
    .option('--json', 'print JSON')
    .action(namingFiles(generate));
}
