import type { BuiltInDefinition } from './definition.js';
import { deleteRecords } from './delete-records.js';
import { exportRecords } from './export-records.js';
import { readRecords } from './read-records.js';
import { runShell } from './run-shell.js';
import { sendEmail } from './send-email.js';

/** The tools that exist whatever the policy declares. A simulator only sees what its own schema has passed. */
export const builtIns: readonly BuiltInDefinition[] = [
  readRecords,
  sendEmail,
  exportRecords,
  deleteRecords,
  runShell,
] as readonly BuiltInDefinition[];
