import type { AuditLog } from '../domain/audit-event.js';
import type { Metrics } from '../domain/metrics.js';

/** The audit log as approvals see it: what they record of their states is counted once it is on record. */
export function countTransitions(audit: AuditLog, metrics: Metrics): AuditLog {
  return {
    async append(...events) {
      await audit.append(...events);
      for (const { event_type } of events) metrics.recorded(event_type);
    },
    fault: () => audit.fault(),
    close: () => audit.close(),
  };
}
