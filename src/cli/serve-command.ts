import type { Command } from 'commander';
import { loadProcessConfig } from '../config/process-config.js';
import { startServer } from '../server.js';
import { readVersion } from './version.js';

/** `acp serve`: runs the service until a signal stops it. */
export function registerServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the service; it is configured by ACP_… environment variables')
    .action(async () => {
      const server = await startServer(loadProcessConfig(), {
        version: readVersion(),
        hooks: {
          on: (signal, listener) => void process.on(signal, listener),
          exit: (code) => process.exit(code),
        },
      });
      console.log(`control plane listening on ${server.address}`);
    });
}
