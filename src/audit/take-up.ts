import type { AuditEvent } from '../domain/audit-event.js';
import { isCheckpointSignedBy } from './checkpoint.js';
import type { Vouchers } from './file-scan.js';
import type { AuditFileSystem } from './file-system.js';
import { readHead, writeHead, type KnownHead } from './head-file.js';
import { findLogEnd, type LogEnd } from './log-end.js';
import type { OutageMark } from './outage-mark.js';
import type { AuditSigner } from './signing-key.js';
import { createStartEvents } from './start-events.js';
import { judgeStart } from './start-judgement.js';
import { setTailAside } from './torn-tail.js';

/** Which log to take up, and for whom. */
export interface TakeUpOptions {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly fileSystem: AuditFileSystem;
  readonly signer: AuditSigner | null;
  readonly acceptNewHead: boolean;
  /** An outage that ended with the process before. */
  readonly outage: OutageMark | null;
  /** The details of `audit_opened` that say who opens it. */
  readonly opened: Readonly<Record<string, unknown>>;
}

/** A log that is ready to be continued, and the events to begin with. */
export interface TakenUpLog {
  readonly end: LogEnd;
  readonly events: readonly AuditEvent[];
}

/**
 * Looks at a log as another process left it, and makes it ready to be continued. Changes nothing before it is judged.
 *
 * @throws ConfigError when it is not as the service left it, and the operator did not accept that.
 */
export async function takeUpLog(options: TakeUpOptions): Promise<TakenUpLog> {
  const { directory, stateDirectory, fileSystem, signer, outage } = options;
  const known = await readHead(stateDirectory);
  const end = await findLogEnd(directory, fileSystem, createVouchers(known, signer));
  const found = { known, end, outage };
  const concerns = judgeStart(found, options.acceptNewHead);
  // INVARIANT: before a byte is written behind it, the head no longer says that the log is closed, or a crash would
  // leave lines of the service's own where nothing may stand.
  if (known.state === 'known' && known.isClosed)
    await writeHead(stateDirectory, { link: known.link, isClosed: false });
  const partials = [];
  for (const tail of end.tails) partials.push(await setTailAside(tail, fileSystem));
  return { end, events: createStartEvents({ ...found, concerns, partials }, options.opened) };
}

/**
 * What vouches for the lines before it: the known head, and behind it a checkpoint with this key's signature. Without a
 * key anyone can write a checkpoint, so that one counts only where no head is known either.
 */
function createVouchers(known: KnownHead, signer: AuditSigner | null): Vouchers {
  const isKnown = known.state === 'known';
  return {
    known: isKnown ? known.link : null,
    isVouched: (line) => (signer === null ? !isKnown : isCheckpointSignedBy(line, signer.publicKey)),
  };
}
