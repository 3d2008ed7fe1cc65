import type { Command } from 'commander';
import { registerAuditExportCommand } from './audit-export-command.js';
import { registerAuditTailCommand } from './audit-tail-command.js';
import { registerAuditVerifyCommand } from './audit-verify-command.js';

/** `acp audit …`: read the audit log, and prove it whole. */
export function registerAuditCommands(program: Command): void {
  const audit = program.command('audit').description('verify, export and follow the audit log');
  registerAuditVerifyCommand(audit);
  registerAuditExportCommand(audit);
  registerAuditTailCommand(audit);
}
