/**
 * An agent that asks before each call. See README.md beside this file.
 *
 *   npx tsx examples/agent-loop/main.ts [URL] [KEYFILE]
 */
import { readFileSync } from 'node:fs';
import { createGate, type ProposedCall } from './gate.js';
import { runAgentLoop } from './loop.js';

const [baseUrl = 'http://127.0.0.1:8080', keyFile = 'examples/approvals/keys/support-bot.key'] =
  process.argv.slice(2);
const proposals = JSON.parse(
  readFileSync(new URL('proposals.json', import.meta.url), 'utf8'),
) as ProposedCall[];
const log = (line: string): void => {
  console.log(line);
};

try {
  await runAgentLoop({
    proposals,
    log,
    ask: createGate({
      baseUrl,
      apiKey: readFileSync(keyFile, 'utf8').trim(),
      identity: { user_id: 'u-1', session_id: 'session-1', tenant_id: 'tenant-a' },
      pollMilliseconds: 500,
      patienceMilliseconds: 600_000,
      log,
    }),
  });
} catch (error) {
  // Without an answer nothing may run: the agent stops.
  console.error(`stopped: ${error instanceof Error ? error.message : 'unknown fault'} (${baseUrl})`);
  process.exitCode = 1;
}
