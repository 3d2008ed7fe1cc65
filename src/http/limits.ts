import { constrainedMemory } from 'node:process';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** How long a connection may take, and how many there may be. */
export interface ConnectionLimits {
  /** From the first byte of a request, or from the connection, to the end of its headers. */
  readonly headersTimeoutMilliseconds: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestTimeoutMilliseconds: number;
  /** How long a connection may wait for its next request; more than what proxies keep theirs for. */
  readonly keepAliveTimeoutMilliseconds: number;
  /** How long nothing may move on a connection either way: what a client does not read is not kept for ever. */
  readonly idleTimeoutMilliseconds: number;
  /** How often connections past their time are looked for, and so how late they may be found. */
  readonly checkIntervalMilliseconds: number;
  /** Connections beyond this are closed as they come. */
  readonly maxConnections: number;
  readonly maxHeaderBytes: number;
}

/** No honest client needs half a minute for a megabyte, or ten seconds for its headers. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  headersTimeoutMilliseconds: 10_000,
  requestTimeoutMilliseconds: 30_000,
  keepAliveTimeoutMilliseconds: 72_000,
  idleTimeoutMilliseconds: 120_000,
  checkIntervalMilliseconds: 1_000,
  maxConnections: 10_000,
  maxHeaderBytes: 16_384,
};

/** When the process is too busy to take on more. */
export interface LoadLimits {
  /** Mean delay of the event loop over a sample. */
  readonly maxEventLoopDelayMilliseconds: number;
  readonly maxHeapBytes: number;
  readonly maxResidentBytes: number;
  readonly sampleMilliseconds: number;
}

/** The part of the memory beyond which new requests are turned away, so that those under way can end. */
const USABLE_MEMORY = 0.9;

/** The limits of this machine: of its container where it has one. */
export function machineLoadLimits(): LoadLimits {
  const constrained = constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return {
    maxEventLoopDelayMilliseconds: 500,
    maxHeapBytes: getHeapStatistics().heap_size_limit * USABLE_MEMORY,
    maxResidentBytes: bytes * USABLE_MEMORY,
    sampleMilliseconds: 500,
  };
}

/** A route parameter longer than this names nothing. */
export const MAX_PARAM_LENGTH = 128;
