import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { sharedDirectory } from './temporary-directory.js';

/** What a finished command said. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Spawned {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly finished: Promise<Finished>;
}

/** The environment of a child: this one's, without any setting of the service, and with what is given. */
function environment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ACP_') && name !== 'POLICY_PATH',
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', ...variables };
}

/** Runs `acp` from its sources in a process of its own. */
export function spawnAcp(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  options: { readonly cwd?: string } = {},
): Spawned {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const tsx = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, main, ...args], {
    env: environment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const finished = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  return { child, finished };
}

/** Runs `acp` to its end. */
export function runAcp(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  options: { readonly cwd?: string } = {},
): Promise<Finished> {
  return spawnAcp(args, variables, options).finished;
}

/** A service in a process of its own, listening on a free port. */
export interface ServiceProcess extends Spawned {
  readonly address: string;
  readonly auditDirectory: string;
}

export async function spawnService(
  variables: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const directory = sharedDirectory();
  const auditDirectory = join(directory, 'audit');
  const spawned = spawnAcp(['serve'], {
    ACP_ENVIRONMENT: 'test',
    ACP_PORT: '0',
    ACP_AUDIT_LOG_DIR: auditDirectory,
    ACP_STATE_DIR: join(directory, 'state'),
    ...variables,
  });
  for await (const line of createInterface({ input: spawned.child.stdout })) {
    const address = /listening on (http:\S+)/.exec(line)?.[1];
    if (address !== undefined) return { ...spawned, address, auditDirectory };
  }
  const { code, stderr } = await spawned.finished;
  throw new Error(`the service did not start: exit ${code}, ${stderr}`);
}
