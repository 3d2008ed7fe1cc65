import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { describeFault, EXIT, exitCodeOf } from './exit-codes.js';
import { readVersion } from './version.js';

type Registration = (program: Command) => void;

/** The commands by their first word. Each is loaded when it is asked for: most need little of what the others do. */
const COMMANDS: ReadonlyMap<string, () => Promise<Registration>> = new Map([
  ['serve', async () => (await import('./serve-command.js')).registerServeCommand],
  ['demo', async () => (await import('./demo-command.js')).registerDemoCommand],
  ['status', async () => (await import('./status-command.js')).registerStatusCommand],
  ['config', async () => (await import('./config-command.js')).registerConfigCommand],
  ['policy', async () => (await import('./policy-commands.js')).registerPolicyCommands],
  ['approvals', async () => (await import('./approvals-commands.js')).registerApprovalsCommands],
  ['audit', async () => (await import('./audit-commands.js')).registerAuditCommands],
  ['keys', async () => (await import('./keys-commands.js')).registerKeysCommands],
]);

/** The program with the command that this word names; with all of them where it names none, as help needs them. */
async function createProgram(word = ''): Promise<Command> {
  const program = new Command('acp')
    .description('The control plane between an LLM agent and its tools: agents propose, only it authorizes.')
    .version(readVersion())
    .showHelpAfterError()
    .exitOverride();
  const asked = COMMANDS.get(word);
  for (const load of asked === undefined ? COMMANDS.values() : [asked]) (await load())(program);
  return program;
}

/** Runs the command that the process was started with, and sets its exit code. */
export async function runProgram(): Promise<void> {
  try {
    await (await createProgram(process.argv[2])).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    console.error(pc.red(`acp: ${describeFault(error)}`));
    process.exitCode = exitCodeOf(error);
  }
}
