import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { registerApprovalsCommands } from './approvals-commands.js';
import { registerAuditCommands } from './audit-commands.js';
import { registerConfigCommand } from './config-command.js';
import { registerDemoCommand } from './demo-command.js';
import { describeFault, EXIT, exitCodeOf } from './exit-codes.js';
import { registerKeysCommands } from './keys-commands.js';
import { registerPolicyCommands } from './policy-commands.js';
import { registerServeCommand } from './serve-command.js';
import { registerStatusCommand } from './status-command.js';
import { readVersion } from './version.js';

function createProgram(): Command {
  const program = new Command('acp')
    .description('The control plane between an LLM agent and its tools: agents propose, only it authorizes.')
    .version(readVersion())
    .showHelpAfterError()
    .exitOverride();
  registerServeCommand(program);
  registerDemoCommand(program);
  registerStatusCommand(program);
  registerConfigCommand(program);
  registerPolicyCommands(program);
  registerApprovalsCommands(program);
  registerAuditCommands(program);
  registerKeysCommands(program);
  return program;
}

/** Runs the command that the process was started with, and sets its exit code. */
export async function runProgram(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    console.error(pc.red(`acp: ${describeFault(error)}`));
    process.exitCode = exitCodeOf(error);
  }
}
