import type { Command } from 'commander';
import { loadProcessConfig } from '../config/process-config.js';
import { withAllFaults } from './config-contents.js';
import { keepNewObjectsYoung } from './heap-settings.js';
import { startServer } from '../server.js';
import { readVersion } from './version.js';

/** `acp serve`: runs the service until a signal stops it. */
export function registerServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the service; it is configured by ACP_… environment variables')
    .action(async () => {
      keepNewObjectsYoung();
      const loaded = loadProcessConfig();
      const hooks = {
        on: (signal: NodeJS.Signals, listener: () => void) => void process.on(signal, listener),
        exit: (code: number) => process.exit(code),
      };
      const server = await startServer(loaded, { version: readVersion(), hooks }).catch(
        async (error: unknown) => Promise.reject(await withAllFaults(loaded.config, error)),
      );
      console.log(`control plane listening on ${server.address}`);
    });
}
