import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import type { LoadLimits } from '../limits.js';

/** Whether the process is too busy to take on another request. Costs a few comparisons. */
export type LoadCheck = () => boolean;

/**
 * Watches the event loop and the memory of this process.
 *
 * The plugin is given a scope without routes, so that its hook runs for none: the guard of each endpoint asks instead,
 * and the endpoints that say whether the process lives never do.
 */
export async function watchLoad(app: FastifyInstance, limits: LoadLimits): Promise<LoadCheck> {
  let check: LoadCheck = () => false;
  await app.register(async (scope) => {
    await scope.register(underPressure, {
      maxEventLoopDelay: limits.maxEventLoopDelayMilliseconds,
      maxHeapUsedBytes: limits.maxHeapBytes,
      maxRssBytes: limits.maxResidentBytes,
      sampleInterval: limits.sampleMilliseconds,
    });
    check = () => scope.isUnderPressure();
  });
  return check;
}
