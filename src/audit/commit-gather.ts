/** Milliseconds from any fixed moment, never stepping back. */
export type MonotonicClock = () => number;

/** Nobody has come for so long: those who are missing are not coming back. */
const MIN_QUIET_MILLISECONDS = 0.25;
const MAX_WAIT_MILLISECONDS = 5;
/** After a wait in vain: waiting pays only where all come back sooner than a sync takes. */
const WRITES_WITHOUT_WAIT = 16;
/** How much the newest sync counts in the running mean. */
const MEAN_WEIGHT = 0.2;

/**
 * Decides how long a write should wait for company.
 *
 * Callers who wait for a sync come back together when it is done, one after the other. A write that begins with the
 * first of them leaves the others to the next, and each sync then serves half of the callers. So a write waits until as
 * many have come as were last served or waiting, for at most as long as a sync takes, and not at all for a caller who
 * is alone.
 */
export class CommitGather {
  readonly #now: MonotonicClock;
  #expected = 1;
  #meanMilliseconds = 0;
  #writesWithoutWait = 0;

  constructor(now: MonotonicClock) {
    this.#now = now;
  }

  /** Learns from a write that is done: how many it served, how many came meanwhile, and when it began. */
  learn(served: number, waiting: number, startedAt: number): void {
    this.#expected = served + waiting;
    const taken = this.#now() - startedAt;
    this.#meanMilliseconds += (taken - this.#meanMilliseconds) * MEAN_WEIGHT;
  }

  now(): number {
    return this.#now();
  }

  /** Null where enough have come, which spares a caller who is alone every delay. */
  wait(countWaiting: () => number): Promise<void> | null {
    if (countWaiting() >= this.#expected) return null;
    if (this.#writesWithoutWait > 0) {
      this.#writesWithoutWait -= 1;
      return null;
    }
    return this.#wait(countWaiting);
  }

  async #wait(countWaiting: () => number): Promise<void> {
    const limit = Math.min(this.#meanMilliseconds, MAX_WAIT_MILLISECONDS);
    const quiet = Math.max(this.#meanMilliseconds / 4, MIN_QUIET_MILLISECONDS);
    const startedAt = this.#now();
    let lastCame = startedAt;
    let count = countWaiting();
    while (count < this.#expected) {
      // A turn of the event loop, so that requests that have arrived are handled; timers are too coarse for this.
      await new Promise((resolve) => setImmediate(resolve));
      const now = this.#now();
      if (countWaiting() > count) lastCame = now;
      count = countWaiting();
      if (now - startedAt > limit || now - lastCame > quiet) {
        this.#writesWithoutWait = WRITES_WITHOUT_WAIT;
        return;
      }
    }
  }
}
