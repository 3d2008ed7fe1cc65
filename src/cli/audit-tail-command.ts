import { InvalidArgumentError, type Command } from 'commander';
import pc from 'picocolors';
import { followLog, hasLog } from '../audit/export/follow-log.js';
import { matchesFilter } from '../audit/export/read-events.js';
import { showInvisible } from '../domain/visible.js';
import type { LogLine } from '../audit/log-line.js';
import { EVENT_TYPES, type EventSeverity } from '../domain/event-types.js';
import { addFilterOptions, toEventFilter, type FilterFlags } from './audit-filter-options.js';
import { EXIT } from './exit-codes.js';
import { nameOf, namingFiles } from './named-file.js';

interface TailFlags extends FilterFlags {
  readonly lines: number;
  readonly follow: boolean;
  readonly json?: boolean;
}

const POLL_MILLISECONDS = 250;
const DEFAULT_LINES = 10;
const MAX_LINES = 10_000;

const COLOURS: Record<EventSeverity, (text: string) => string> = {
  info: pc.dim,
  low: pc.cyan,
  medium: pc.yellow,
  high: pc.red,
  critical: (text) => pc.bold(pc.red(text)),
};

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > MAX_LINES) {
    throw new InvalidArgumentError(`expected a number from 0 to ${MAX_LINES}.`);
  }
  return count;
}

/** THREAT: a line that was tampered with must not act on the terminal it is shown on. */
function text(value: unknown): string {
  return typeof value === 'string' ? showInvisible(value) : '-';
}

/** One event for a person, in one line: when, how grave, what, whose, which tool, why. */
export function describeEvent(event: LogLine): string {
  const { severity } = EVENT_TYPES[event.event_type];
  const who = `${text(event['tenant_id'])}/${text(event['user_id'])}`;
  return [
    pc.dim(event.timestamp),
    String(event.seq).padStart(8),
    COLOURS[severity](severity.padEnd(8)),
    event.event_type.padEnd(26),
    who,
    text(event['tool_name']),
    text(event['policy_reason']),
    pc.dim(text(event['correlation_id'])),
  ].join('  ');
}

async function tail(directory: string, flags: TailFlags): Promise<void> {
  if (!(await hasLog(directory))) throw new Error(`${nameOf(directory)}: there is no log in this directory`);
  const filter = toEventFilter(flags);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  await followLog({
    directory,
    lastCount: flags.lines,
    isWanted: (event) => matchesFilter(event, filter),
    pollMilliseconds: POLL_MILLISECONDS,
    signal: flags.follow ? stop.signal : null,
    onEvent: (event) => console.log(flags.json === true ? JSON.stringify(event) : describeEvent(event)),
    onUnreadable: (path, line) => {
      console.error(pc.red(`${showInvisible(path)}:${line}: the line is not an event`));
      process.exitCode = EXIT.failed;
    },
  });
}

/** `acp audit tail DIRECTORY`: the last events, then each new one. */
export function registerAuditTailCommand(audit: Command): void {
  const command = audit
    .command('tail')
    .description('print the last events, then each new one, until interrupted')
    .argument('<directory>', 'the directory of the log')
    .option('-n, --lines <count>', 'events of the past to begin with', parseCount, DEFAULT_LINES)
    .option('--no-follow', 'end with the last event')
    .option('--json', 'print the events as JSON lines');
  addFilterOptions(command).action(namingFiles(tail));
}
