import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { spawnChild } from './child-process.js';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly address: string;
  readonly directory: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until it said where it listens. */
  readonly readyAfterMilliseconds: number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** The environment of a server: this one's, without settings that the service would take for its own. */
function environmentWith(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ACP_') && name !== 'POLICY_PATH',
  );
  return { ...Object.fromEntries(others), ...variables };
}

/**
 * Starts a script that prints the address it listens on, with a scratch directory that is gone afterwards. It ends with
 * this process at the latest.
 */
export async function startServerProcess(
  args: readonly string[],
  variables: (directory: string) => Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  const startedAt = performance.now();
  const child = spawnChild(process.execPath, args, environmentWith(variables(directory)));
  const closed = once(child, 'close');
  const endAfter = (milliseconds: number) => setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const overdue = endAfter(START_TIMEOUT_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /(http:\/\/\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    clearTimeout(overdue);
    // What it says from here on nobody reads, but it must not wait for a reader.
    child.stdout.resume();
    return {
      address,
      directory,
      pid: child.pid ?? 0,
      readyAfterMilliseconds: performance.now() - startedAt,
      async stop() {
        child.kill('SIGTERM');
        const late = endAfter(STOP_TIMEOUT_MS);
        await closed;
        clearTimeout(late);
        rmSync(directory, { recursive: true, force: true });
      },
    };
  }
  clearTimeout(overdue);
  rmSync(directory, { recursive: true, force: true });
  throw new Error('the server did not start');
}

/** Whether the service runs from its sources: for a trial of a benchmark, never for figures. */
const fromSource = process.env['BENCH_FROM_SOURCE'] === '1';

/** Compiles the service, which is measured as it is deployed. */
export function buildService(): void {
  if (!fromSource) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}

const PROGRAM = fromSource ? ['--import', 'tsx', 'src/cli/main.ts'] : ['dist/cli/main.js'];

/** The service as it is deployed: compiled (`buildService`), quiet. */
export function startService(variables: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startServerProcess([...PROGRAM, 'serve'], (directory) => ({
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
