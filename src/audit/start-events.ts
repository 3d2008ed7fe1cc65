import type { AuditEvent } from '../domain/audit-event.js';
import { ConfigError } from '../domain/errors.js';
import { formatLink } from './chain.js';
import type { KnownHead } from './head-file.js';
import type { LogEnd } from './log-end.js';
import { createOwnEvent } from './own-events.js';

const REMEDIES =
  'restore the newest log; or, where the head is that of another log directory, set ACP_STATE_DIR to one that ' +
  'belongs to this log alone; or set ACP_AUDIT_ACCEPT_NEW_HEAD=true to accept the loss on record';

/**
 * The events with which a process opens the log as it was found: that it opened it, what it set aside, and what loss
 * the operator accepts.
 *
 * THREAT: a log that was emptied, shortened or restored from an older copy would be continued as if it were whole.
 *
 * @throws ConfigError when the log does not contain its known head, and that was not accepted.
 */
export function judgeStart(
  acceptNewHead: boolean,
  known: KnownHead,
  end: LogEnd,
  opened: Readonly<Record<string, unknown>>,
): AuditEvent[] {
  const events = [createOwnEvent('audit_opened', opened)];
  for (const partial of end.partials) {
    events.push(
      createOwnEvent('audit_recovered', {
        recovered_from: 'torn_tail',
        partial_file: partial.name,
        partial_bytes: partial.bytes,
      }),
    );
  }
  const loss = describeLoss(known, end);
  if (loss === null) return events;
  if (!acceptNewHead) throw new ConfigError([`${loss.message}: ${REMEDIES}`]);
  const { head } = end.state;
  events.push(
    createOwnEvent('audit_head_reset', { ...loss.details, found_seq: head.seq, found_hash: head.hash }),
  );
  return events;
}

function describeLoss(
  known: KnownHead,
  end: LogEnd,
): { message: string; details: Record<string, unknown> } | null {
  switch (known.state) {
    case 'none':
      return null;
    case 'damaged':
      return {
        message: 'the file that keeps the head of the audit log is damaged',
        details: { expected_seq: null, expected_hash: null },
      };
    case 'known':
      if (end.hasSought) return null;
      return {
        message: `the audit log does not contain its last known head ${formatLink(known.link)}`,
        details: { expected_seq: known.link.seq, expected_hash: known.link.hash },
      };
  }
}
