import { ConfigError } from '../domain/errors.js';
import { formatLink, isSameLink } from './chain.js';
import type { KnownHead } from './head-file.js';
import type { LogEnd } from './log-end.js';
import type { OutageMark } from './outage-mark.js';

/** What was found at a start: the log, and what the state directory says of it. */
export interface FoundLog {
  readonly known: KnownHead;
  readonly end: LogEnd;
  /** An outage that ended with the process in which it began. */
  readonly outage: OutageMark | null;
}

/** Why a log must not be continued as if nothing had happened. */
export type ConcernCode =
  'head_damaged' | 'head_missing' | 'lines_after_close' | 'damaged_line' | 'log_replaced';

/** One reason why, for the operator. */
export interface Concern {
  readonly code: ConcernCode;
  readonly message: string;
}

const REMEDIES =
  'restore the newest log; or, where the head is that of another log directory, set ACP_STATE_DIR to one that ' +
  'belongs to this log alone; or set ACP_AUDIT_ACCEPT_NEW_HEAD=true to accept the loss on record';

/**
 * Finds what keeps a log from being continued, and gives it back where the operator accepts it on record.
 *
 * THREAT: a log that was emptied, shortened, restored from an older copy, damaged, or lengthened while no process wrote
 * it would be continued, and signed, as if it were whole.
 *
 * @throws ConfigError when there is something, and it was not accepted.
 */
export function judgeStart(found: FoundLog, acceptNewHead: boolean): readonly Concern[] {
  const concerns = [checkHead(found), checkDamage(found.end), checkOutage(found)].filter(
    (concern) => concern !== null,
  );
  if (concerns.length > 0 && !acceptNewHead)
    throw new ConfigError(concerns.map(({ message }) => `${message}: ${REMEDIES}`));
  return concerns;
}

function checkHead({ known, end }: FoundLog): Concern | null {
  if (known.state === 'none') return null;
  if (known.state === 'damaged') {
    return { code: 'head_damaged', message: 'the file that keeps the head of the audit log is damaged' };
  }
  const head = formatLink(known.link);
  if (!end.hasKnown) {
    return {
      code: 'head_missing',
      message: `the audit log does not contain its last known head ${head}`,
    };
  }
  const isAsLeft = isSameLink(end.state.head, known.link) && end.tails.length === 0;
  if (!known.isClosed || isAsLeft) return null;
  const lines = end.state.head.seq - known.link.seq;
  return {
    code: 'lines_after_close',
    message: `the audit log was closed in order at ${head}, and ${lines > 0 ? lines : 'no'} lines and ${bytesOf(end)} other bytes that no process of the service wrote stand behind that`,
  };
}

function bytesOf({ tails }: LogEnd): number {
  return tails.reduce((sum, { scan }) => sum + scan.sizeBytes - (scan.end?.endOffset ?? 0), 0);
}

function checkDamage({ damage }: LogEnd): Concern | null {
  if (damage === null) return null;
  return {
    code: 'damaged_line',
    message: `the audit log is damaged: line ${damage.line} of ${damage.file} does not follow the line before it, and no torn write leaves that`,
  };
}

/** A log that was away and came back ends where the process left it: its chain says that it is the same. */
function checkOutage({ outage, end }: FoundLog): Concern | null {
  if (outage?.fault !== 'log_replaced' && outage?.fault !== 'unknown') return null;
  const isAsLeft = outage.acknowledged === formatLink(end.state.head) && end.tails.length === 0;
  if (isAsLeft && end.damage === null) return null;
  const since = outage.faulted_at === null ? '' : ` (${outage.faulted_at})`;
  return {
    code: 'log_replaced',
    message: `the audit log was deleted, replaced or cut under the process that wrote it last${since}`,
  };
}
