import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import { systemClock, type Clock } from '../../domain/clock.js';

/** Callers counted apart; of more, those whose minute began first are forgotten. */
const MAX_CALLERS = 50_000;

interface Window {
  readonly endsAt: number;
  current: number;
}

type Callback = Parameters<FastifyRateLimitStore['incr']>[1];

/** Counts by caller in fixed windows, in the memory of one process. Bounded, whoever calls. */
class MemoryStore implements FastifyRateLimitStore {
  readonly #windows = new Map<string, Window>();

  constructor(
    readonly clock: Clock,
    readonly maxCallers: number,
  ) {}

  incr(key: string, callback: Callback, windowMilliseconds: number): void {
    const now = this.clock.now();
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      this.#windows.delete(key);
      if (this.#windows.size >= this.maxCallers) this.#forgetFirst();
      window = { endsAt: now + windowMilliseconds, current: 0 };
      this.#windows.set(key, window);
    }
    window.current += 1;
    callback(null, { current: window.current, ttl: window.endsAt - now });
  }

  /** What `incr` would have found, counting nothing. */
  read(key: string, callback: Callback): void {
    const now = this.clock.now();
    const window = this.#windows.get(key);
    const isOver = window === undefined || window.endsAt <= now;
    callback(null, isOver ? { current: 0, ttl: 0 } : { current: window.current, ttl: window.endsAt - now });
  }

  child(): FastifyRateLimitStore {
    return new MemoryStore(this.clock, this.maxCallers);
  }

  #forgetFirst(): void {
    const [first] = this.#windows.keys();
    if (first !== undefined) this.#windows.delete(first);
  }
}

/**
 * The store of a process of its own. Another that keeps its counts elsewhere, for several processes together, has the
 * same shape: `incr`, `read` and `child`.
 */
export function memoryRateLimitStore(
  clock: Clock = systemClock,
  maxCallers = MAX_CALLERS,
): FastifyRateLimitStoreCtor {
  return class extends MemoryStore {
    constructor() {
      super(clock, maxCallers);
    }
  };
}
