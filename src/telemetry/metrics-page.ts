import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MetricsPage } from '../domain/metrics.js';
import { family, sampleLine } from './exposition.js';
import type { RecordingMetrics } from './observer.js';

/** What is looked up at the moment of a scrape. */
export interface MetricsSources {
  /** The policy in force; null in a process without one. */
  policy(): { readonly sha256: string; readonly loaded_at: string; readonly source: string } | null;
  audit(): {
    readonly seq: number;
    readonly queuedBytes: number;
    readonly writtenBytes: number;
    readonly writes: number;
    readonly refusedEvents: number;
    readonly failed: boolean;
  };
}

const MILLISECONDS_PER_SECOND = 1000;

function gauge(name: string, help: string, value: number): string {
  return family(name, 'gauge', help, [sampleLine(name, {}, value)]);
}

function counter(name: string, help: string, value: number): string {
  return family(name, 'counter', help, [sampleLine(name, {}, value)]);
}

function policyFamilies(policy: ReturnType<MetricsSources['policy']>): readonly string[] {
  if (policy === null) return [];
  const { sha256, source, loaded_at } = policy;
  return [
    family('acp_policy_info', 'gauge', 'The policy in force, by digest and file name.', [
      sampleLine('acp_policy_info', { sha256, source }, 1),
    ]),
    gauge(
      'acp_policy_loaded_timestamp_seconds',
      'When the policy in force was loaded.',
      Date.parse(loaded_at) / MILLISECONDS_PER_SECOND,
    ),
  ];
}

function auditFamilies(audit: ReturnType<MetricsSources['audit']>): readonly string[] {
  return [
    gauge('acp_audit_queue_bytes', 'Bytes of events that wait to be written.', audit.queuedBytes),
    gauge('acp_audit_failed', 'Whether the audit log refuses every event.', audit.failed ? 1 : 0),
    gauge('acp_audit_sequence', 'Number of the last event that is on record.', audit.seq),
    counter('acp_audit_written_bytes_total', 'Bytes written to the audit log.', audit.writtenBytes),
    counter('acp_audit_writes_total', 'Writes of the audit log.', audit.writes),
    counter('acp_audit_refused_events_total', 'Events that could not be recorded.', audit.refusedEvents),
  ];
}

/**
 * Creates the page that a scrape is answered with: what was observed, what is looked up now, and the process itself.
 *
 * The process is watched from the first scrape on, so that one that nobody scrapes pays nothing for it.
 */
export function createMetricsPage(metrics: RecordingMetrics, sources: MetricsSources): MetricsPage {
  const registry = new Registry();
  let isWatching = false;
  return {
    contentType: registry.contentType,
    async render() {
      if (!isWatching) {
        isWatching = true;
        collectDefaultMetrics({ register: registry });
      }
      const families = [
        ...metrics.families(),
        ...policyFamilies(sources.policy()),
        ...auditFamilies(sources.audit()),
      ];
      return `${families.join('\n')}\n${await registry.metrics()}`;
    },
  };
}
