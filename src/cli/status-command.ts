import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import pc from 'picocolors';
import { z } from 'zod';
import { showInvisible } from '../domain/visible.js';
import { EXIT } from './exit-codes.js';

interface StatusFlags {
  readonly url: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';
const TIMEOUT_MILLISECONDS = 5_000;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const healthSchema = z.object({ status: z.literal('ok'), mode: z.string().max(32) });
const readinessSchema = z.object({ status: z.string().max(32), failing: z.array(z.string().max(64)) });
const policySchema = z.object({
  policy_sha256: z.string().regex(/^[\da-f]{64}$/),
  loaded_at: z.string().max(64),
  source: z.string().max(256),
});

/** What a running service says of itself; null where it did not say. */
interface Status {
  readonly url: string;
  readonly mode: string | null;
  readonly ready: boolean;
  readonly failing: readonly string[];
  readonly policy: z.infer<typeof policySchema> | null;
  /** Why something is not known. */
  readonly notes: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(
  base: URL,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | null> {
  try {
    const response = await fetch(new URL(path, base), {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    return null;
  }
}

function baseOf({ url: text, keyFile }: StatusFlags): URL | null {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  // THREAT: a key that goes over the network in clear is anyone's.
  const isSafe = keyFile === undefined || url.protocol === 'https:' || LOOPBACK.has(url.hostname);
  return isSafe ? url : null;
}

function credentialOf({ keyFile }: StatusFlags): Readonly<Record<string, string>> {
  if (keyFile === undefined) return {};
  return { authorization: `Bearer ${readFileSync(keyFile === '-' ? 0 : keyFile, 'utf8').trim()}` };
}

/** Why the policy is not shown, for each status that a caller can do something about. */
const POLICY_NOTES: Readonly<Record<number, string>> = {
  401: 'the policy is shown to callers with a key: --key-file',
  403: 'the policy is shown to keys with the scope policy:read',
  404: 'no policy is in force, everything is denied',
};

async function readStatus(base: URL, flags: StatusFlags): Promise<Status> {
  const [health, readiness, policy] = await Promise.all([
    ask(base, '/health', {}),
    ask(base, '/readyz', {}),
    ask(base, '/v1/policy', credentialOf(flags)),
  ]);
  const ready = readinessSchema.safeParse(readiness?.body).data;
  const inForce = policy?.status === 200 ? policySchema.safeParse(policy.body).data : undefined;
  const note = policy === null ? undefined : POLICY_NOTES[policy.status];
  return {
    url: base.origin,
    mode: healthSchema.safeParse(health?.body).data?.mode ?? null,
    ready: readiness?.status === 200 && ready?.status === 'ready',
    failing: ready?.failing ?? [],
    policy: inForce ?? null,
    notes: [
      ...(health === null ? ['the service could not be reached'] : []),
      ...(note === undefined ? [] : [note]),
    ],
  };
}

/** THREAT: what answers at the address may not be the service, so nothing that it says reaches the terminal as it is. */
function print(status: Status): void {
  const { mode, ready, failing, policy, notes } = status;
  const readiness = ready
    ? pc.green('ready')
    : pc.red(['not ready', ...failing.map(showInvisible)].join(' '));
  console.log(`service  ${status.url}`);
  console.log(`mode     ${showInvisible(mode ?? '-')}`);
  console.log(`state    ${mode === null ? pc.red('no answer') : readiness}`);
  if (policy !== null) {
    console.log(`policy   ${showInvisible(policy.source)} ${policy.policy_sha256}`);
    console.log(`loaded   ${showInvisible(policy.loaded_at)}`);
  }
  for (const note of notes) console.error(pc.yellow(note));
}

async function showStatus(flags: StatusFlags): Promise<void> {
  const base = baseOf(flags);
  if (base === null) {
    console.error(pc.red('the URL must be http or https, and with a key https, or http on this machine'));
    process.exitCode = EXIT.usage;
    return;
  }
  const status = await readStatus(base, flags);
  if (flags.json === true) console.log(JSON.stringify(status, null, 2));
  else print(status);
  process.exitCode = status.ready ? EXIT.ok : EXIT.failed;
}

/** `acp status`: what a running service says of itself; exit 0 only where it is ready. */
export function registerStatusCommand(program: Command): void {
  program
    .command('status')
    .description(
      'ask a running service for its mode, its readiness and its policy; exit 1 when it is not ready',
    )
    .option('--url <url>', 'where the service listens', DEFAULT_URL)
    .option('--key-file <file>', 'file with a key that may read the policy; - is standard input')
    .option('--json', 'print JSON')
    .action(showStatus);
}
