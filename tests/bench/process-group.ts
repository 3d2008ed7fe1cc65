import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How a program ended; `status` is null where it had to be killed. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
  /** Processes that it started and left running. */
  readonly survivors: readonly string[];
}

/** The processes of a group, as `/proc` has them; none where there is no `/proc`. */
function membersOf(group: number): readonly string[] {
  const files = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return files.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const isThere = Number(itsGroup) === group && state !== 'Z' && state !== 'X';
      return isThere ? [stat.slice(0, stat.lastIndexOf(')') + 1)] : [];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}

/** What is left of a group whose leader has ended, when whatever was about to end with it has had time to. */
export async function survivorsOf(group: number): Promise<readonly string[]> {
  for (let attempt = 0; attempt < 50 && membersOf(group).length > 0; attempt += 1) await delay(100);
  return membersOf(group);
}

/** Kills all that is left of a group. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/**
 * Runs a program as the leader of a process group and, when it has ended or its time is up, kills what is left of the
 * group. Its output goes to a file, since a pipe would be waited on for as long as anything that it started holds it.
 */
export async function runInGroup(
  args: readonly string[],
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly outputFile: string;
    readonly timeoutMs: number;
  },
): Promise<Ended> {
  const file = openSync(options.outputFile, 'w');
  const child = spawn(process.execPath, args, {
    env: options.environment,
    stdio: ['ignore', file, file],
    detached: true,
  });
  const group = child.pid ?? 0;
  const timer = setTimeout(() => killGroup(group), options.timeoutMs);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  clearTimeout(timer);
  closeSync(file);
  const survivors = await survivorsOf(group);
  killGroup(group);
  return { status, output: readFileSync(options.outputFile, 'utf8'), survivors };
}
