import { z } from 'zod';
import type { BuiltInDefinition } from './definition.js';

const schema = z.strictObject({ command: z.string() });

/** Stands for the tool that must never run. */
export const runShell: BuiltInDefinition<typeof schema> = {
  name: 'run_shell',
  description: 'runs a shell command; never does',
  destination: 'webhook',
  schema,
  // INVARIANT: no policy, however it came into force, makes this succeed.
  simulate: () => ({
    success: false,
    message: 'run_shell_must_not_execute',
    simulated_output: { note: 'shell commands are never run here' },
  }),
};
