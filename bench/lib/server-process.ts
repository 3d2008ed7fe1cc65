import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly address: string;
  readonly directory: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until it said where it listens. */
  readonly readyAfterMilliseconds: number;
  stop(): Promise<void>;
}

/** Starts a script that prints the address it listens on, with a scratch directory that is gone afterwards. */
export async function startServerProcess(
  args: readonly string[],
  variables: (directory: string) => Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  const startedAt = performance.now();
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, ...variables(directory) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  if (child.stdout === null) throw new Error('the server has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /(http:\/\/\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    return {
      address,
      directory,
      pid: child.pid ?? 0,
      readyAfterMilliseconds: performance.now() - startedAt,
      async stop() {
        child.kill('SIGTERM');
        await closed;
        rmSync(directory, { recursive: true, force: true });
      },
    };
  }
  throw new Error('the server did not start');
}

/** The service as it is deployed: compiled, quiet. */
export function startService(variables: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startServerProcess(['dist/cli/main.js', 'serve'], (directory) => ({
    ACP_ENVIRONMENT: 'local',
    ACP_PORT: '0',
    ACP_LOG_LEVEL: 'error',
    ACP_AUDIT_LOG_DIR: join(directory, 'audit'),
    ACP_STATE_DIR: join(directory, 'state'),
    ...variables,
  }));
}

/** The bare route that answers the same, with or without a group-committed append. */
export function startBaseline(
  mode: 'echo' | 'append' | 'fdatasync',
  answer: unknown,
): Promise<ServerProcess> {
  return startServerProcess(['--import', 'tsx', 'bench/lib/baseline-server.ts'], (directory) => ({
    BASELINE_MODE: mode,
    BASELINE_ANSWER: JSON.stringify(answer),
    BASELINE_FILE: join(directory, 'baseline.log'),
  }));
}
