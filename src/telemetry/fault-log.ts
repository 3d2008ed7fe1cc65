import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { FaultObserver, FaultPlace } from '../domain/fault.js';

/** Faults of one place within this time are one line. */
const WINDOW_MILLISECONDS = 1000;

interface Window {
  readonly openedAt: number;
  leftOut: number;
}

/** Where faults are written, and what tells the time between them. */
export interface FaultLogOptions {
  readonly logger: Pick<Logger, 'error'>;
  readonly clock: Clock;
}

/**
 * Creates the observer that writes faults to the application log: a line for a place's first fault, then at most one
 * a second, which says how many were left out before it.
 *
 * THREAT: an outage, or a caller who found what makes a part fail, has a fault for every request, and must not fill
 * the disk with them.
 */
export function createFaultLog({ logger, clock }: FaultLogOptions): FaultObserver {
  const windows = new Map<FaultPlace, Window>();
  return (place, error, subject) => {
    const now = clock.now();
    const window = windows.get(place);
    // A clock that was set back opens a window: a place must not be silent until it has caught up.
    if (window !== undefined && now >= window.openedAt && now - window.openedAt < WINDOW_MILLISECONDS) {
      window.leftOut += 1;
      return;
    }
    // Before the line is written: redacting its message asks the filter, which may be the part that fails.
    windows.set(place, { openedAt: now, leftOut: 0 });
    logger.error(
      {
        place,
        correlation_id: subject?.correlation_id,
        decision_id: subject?.decision_id,
        left_out: window?.leftOut ?? 0,
        err: error,
      },
      'a part failed',
    );
  };
}
