import { spawn, type ChildProcess } from 'node:child_process';

const ENDING = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Makes a signal that ends this process an ordinary exit, so that what is to happen at exit happens. */
function exitOnSignals(): void {
  for (const [signal, code] of Object.entries(ENDING)) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(code));
  }
}

/** Does something when this process ends, by itself or by a signal, until told that it is no longer needed. */
export function atExit(work: () => void): () => void {
  exitOnSignals();
  process.once('exit', work);
  return () => process.off('exit', work);
}

/**
 * Starts a program whose standard output is read. It is killed when this process ends, however that comes about (a kill
 * of this process alone excepted, which nobody can see coming).
 */
export function spawnChild(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> } {
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const forget = atExit(() => child.kill('SIGKILL'));
  child.once('close', forget);
  return child;
}

/** Runs a program to its end and gives what it wrote. @throws where it could not start or failed */
export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = spawnChild(command, args);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const status = await ended;
  if (status !== 0) throw new Error(`${command} ended with ${status ?? 'a signal'}`);
  return output;
}
