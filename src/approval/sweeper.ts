import type { Housekeeping } from './housekeeping.js';

/** What a sweep does, and how often. */
export interface SweeperOptions {
  readonly housekeeping: Housekeeping;
  readonly intervalMs?: number;
  /** Told of a sweep that failed; the next one tries again. */
  readonly onFault: (error: unknown) => void;
}

const DEFAULT_INTERVAL_MS = 10_000;

/** Sweeps at intervals, one sweep at a time, without keeping the process alive. */
export function startSweeper(options: SweeperOptions): { stop(): Promise<void> } {
  let sweeping: Promise<void> | null = null;
  const timer = setInterval(() => {
    sweeping ??= options.housekeeping
      .sweep()
      .catch(options.onFault)
      .finally(() => {
        sweeping = null;
      });
  }, options.intervalMs ?? DEFAULT_INTERVAL_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
