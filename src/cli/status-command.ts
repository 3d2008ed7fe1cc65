import type { Command } from 'commander';
import pc from 'picocolors';
import { z } from 'zod';
import { showInvisible } from '../domain/visible.js';
import { EXIT } from './exit-codes.js';
import { namingFiles } from './named-file.js';
import {
  DEFAULT_SERVICE_URL,
  parseServiceUrl,
  readCredential,
  ServiceAnswerError,
} from './service-client.js';

interface StatusFlags {
  readonly url: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

const TIMEOUT_MILLISECONDS = 5_000;

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

interface Target {
  readonly base: URL;
  readonly credential: Readonly<Record<string, string>>;
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

/** Where to ask, and with which key. @throws ServiceAnswerError where the URL is none, or no key may go there */
function parseTarget({ url: text, keyFile }: StatusFlags): Target {
  if (keyFile !== undefined) return { base: parseServiceUrl(text), credential: readCredential(keyFile) };
  const base = URL.parse(text);
  if (base !== null && ['http:', 'https:'].includes(base.protocol)) return { base, credential: {} };
  throw new ServiceAnswerError('the URL must be http or https');
}

/** Why the policy is not shown, for each status that a caller can do something about. */
const POLICY_NOTES: Readonly<Record<number, string>> = {
  401: 'the policy is shown to callers with a key: --key-file',
  403: 'the policy is shown to keys with the scope policy:read',
  404: 'no policy is in force, everything is denied',
};

async function readStatus({ base, credential }: Target): Promise<Status> {
  const [health, readiness, policy] = await Promise.all([
    ask(base, '/health', {}),
    ask(base, '/readyz', {}),
    ask(base, '/v1/policy', credential),
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
  let target: Target;
  try {
    target = parseTarget(flags);
  } catch (error) {
    if (!(error instanceof ServiceAnswerError)) throw error;
    console.error(pc.red(error.message));
    process.exitCode = EXIT.usage;
    return;
  }
  const status = await readStatus(target);
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
    .option('--url <url>', 'where the service listens', DEFAULT_SERVICE_URL)
    .option('--key-file <file>', 'file with a key that may read the policy; - is standard input')
    .option('--json', 'print JSON')
    .action(namingFiles(showStatus));
}
