import { spawn } from 'node:child_process';

/** What a finished command left: its exit status (null when a signal ended it, or it could not start) and its output. */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
}

/**
 * Runs a command without a shell and without standard input.
 *
 * Its standard error is this process's own; its standard output too, unless `capture` keeps it.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { capture = false, environment }: { capture?: boolean; environment?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
      env: environment ?? process.env,
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => {
      resolve({ status: null, stdout: '' });
    });
    child.on('close', (status) => {
      resolve({ status, stdout: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
