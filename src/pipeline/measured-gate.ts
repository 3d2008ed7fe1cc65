import type { ApprovalGate } from '../domain/approval.js';
import type { Metrics } from '../domain/metrics.js';

/** The gate with its answers timed where a store must be asked; the others cost no time worth noting. */
export function measureGate(gate: ApprovalGate, metrics: Metrics): ApprovalGate {
  return {
    check(action, presented) {
      const beganAt = metrics.now();
      const verdict = gate.check(action, presented);
      if (!(verdict instanceof Promise)) return verdict;
      return verdict.finally(() => metrics.lap('approval', beganAt));
    },
  };
}
