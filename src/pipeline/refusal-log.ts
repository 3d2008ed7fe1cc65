import { BLANK_EVENT, type AuditEvent, type AuditLog } from '../domain/audit-event.js';
import { chooseCorrelationId } from '../domain/correlation.js';
import type { BoundaryRefusal } from '../domain/control-plane.js';
import { tellFault, type FaultObserver } from '../domain/fault.js';
import { REASONS, recordedEventTypeOf } from '../domain/reasons.js';

/** A window in which repeated refusals of one kind, from one caller at one address, are one event. */
const WINDOW_MILLISECONDS = 1000;

/** Callers counted apart; those beyond share one window a code, so that a crowd cannot fill memory or disk. */
const MAX_WINDOWS = 1024;

const CROWD = 'crowd';

/** The correlation id of a refused request; a name for all of its kind where it had none. */
function correlationIdOf({ code, correlation_id }: BoundaryRefusal): string {
  const nameless = code === 'request_entity_too_large' ? 'api-body-limit' : 'api-unauthenticated';
  return chooseCorrelationId(correlation_id, nameless);
}

/** Who is counted apart: a caller that is known by itself, and by the tenant that it claims; else an address. */
function windowKey({ code, address, principal, claimed }: BoundaryRefusal): string {
  return JSON.stringify(
    principal === null ? [code, address] : [code, address, principal.id, claimed?.tenant_id],
  );
}

/** A refusal of the crowd names nobody: it stands for many. */
function nameless(refusal: BoundaryRefusal): BoundaryRefusal {
  return { ...refusal, correlation_id: null, principal: null, claimed: null };
}

interface Window {
  repeated: number;
  readonly latest: BoundaryRefusal;
}

/** Refusals at the HTTP boundary, on record without letting a stranger fill the disk. */
export interface RefusalLog {
  /** Resolves when the first refusal of a window is on record; at once for the ones that it counts. */
  record(refusal: BoundaryRefusal): Promise<void>;
  /** Writes what was counted, and stops counting. */
  close(): Promise<void>;
}

function eventOf(refusal: BoundaryRefusal, count: number): AuditEvent {
  const { stage } = REASONS[refusal.code].placements[0];
  const correlation_id = correlationIdOf(refusal);
  const { principal, claimed } = refusal;
  return {
    ...BLANK_EVENT,
    ...(claimed === null
      ? { request_id: correlation_id }
      : {
          request_id: claimed.request_id,
          user_id: claimed.user_id,
          session_id: claimed.session_id,
          tenant_id: claimed.tenant_id,
        }),
    correlation_id,
    event_type: recordedEventTypeOf(refusal.code, stage),
    stage,
    allowed: false,
    policy_decision: 'deny',
    policy_reason: refusal.code,
    principal_id: principal?.id ?? null,
    principal_kind: principal?.kind ?? null,
    identity_assurance: principal?.assurance ?? null,
    details: { count },
  };
}

/**
 * A refusal log before an audit log; a refusal stands whether or not it can be recorded.
 *
 * @param onFault told of an event that could not be recorded
 */
export function createRefusalLog(audit: AuditLog, onFault?: FaultObserver): RefusalLog {
  const windows = new Map<string, Window>();
  const timers = new Map<string, NodeJS.Timeout>();

  async function write(refusal: BoundaryRefusal, count: number): Promise<void> {
    try {
      await audit.append(eventOf(refusal, count));
    } catch (error) {
      // The caller is refused either way.
      tellFault(onFault, 'refusal_record', error, { correlation_id: correlationIdOf(refusal) });
    }
  }

  async function closeWindow(key: string): Promise<void> {
    const window = windows.get(key);
    clearTimeout(timers.get(key));
    windows.delete(key);
    timers.delete(key);
    if (window !== undefined && window.repeated > 0) await write(window.latest, window.repeated);
  }

  return {
    async record(refusal) {
      const own = windowKey(refusal);
      const isApart = windows.has(own) || windows.size < MAX_WINDOWS;
      const key = isApart ? own : `${refusal.code} ${CROWD}`;
      const latest = isApart ? refusal : nameless(refusal);
      const window = windows.get(key);
      if (window !== undefined) {
        windows.set(key, { repeated: window.repeated + 1, latest });
        return;
      }
      windows.set(key, { repeated: 0, latest });
      timers.set(key, setTimeout(() => void closeWindow(key), WINDOW_MILLISECONDS).unref());
      await write(latest, 1);
    },
    async close() {
      await Promise.all([...windows.keys()].map(closeWindow));
    },
  };
}
