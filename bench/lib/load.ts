import { spawnSync } from 'node:child_process';
import { applyAutocannon } from './load-by-autocannon.js';
import { applyWrk } from './load-by-wrk.js';

/** What a load generator measured in one round. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** How many requests were answered. */
  readonly requests: number;
  /** Answers that were not 2xx, and connections that failed. */
  readonly failures: number;
}

export interface Load {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent, one after the other. */
  readonly bodies: readonly unknown[];
  /** Whether each body is sent once at most, and the load ends with the last; otherwise they are sent over and over. */
  readonly once?: boolean;
  readonly connections: number;
  /** How long to go on, in seconds or in requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
}

/** Whether wrk is installed: it takes less of the machine from what it measures. */
export const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

/**
 * Sends requests from a process of its own, so that the measured one is measured alone: by wrk where it is installed and
 * the load is bounded in whole seconds, else by autocannon.
 */
export function applyLoad(load: Load): Promise<LoadResult> {
  const { until } = load;
  const suitsWrk = 'seconds' in until && Number.isInteger(until.seconds);
  return hasWrk && suitsWrk ? applyWrk(load, until.seconds) : applyAutocannon(load);
}
