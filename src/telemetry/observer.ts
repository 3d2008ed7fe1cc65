import { performance } from 'node:perf_hooks';
import type { AuditEventType } from '../domain/event-types.js';
import { MEASURED_STAGES, type MeasuredStage, type Metrics } from '../domain/metrics.js';
import { DecisionTally } from './decision-tally.js';
import { family, sampleLine } from './exposition.js';
import { BoundedHistogram } from './histogram.js';

/** Upper bounds in milliseconds: most stages take microseconds, a disk or a store milliseconds. */
const DURATION_BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 5000];

const BATCH_BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The state that an approval came into, by the event that records it. */
const APPROVAL_STATES: Partial<Record<AuditEventType, string>> = {
  approval_requested: 'pending',
  approval_granted: 'approved',
  approval_rejected: 'denied',
  approval_revoked: 'revoked',
  approval_consumed: 'consumed',
  approval_expired: 'expired',
};

const SECONDS = 0.001;

class Tally {
  readonly #counts: Map<string, number>;

  constructor(keys: readonly string[] = []) {
    this.#counts = new Map(keys.map((key) => [key, 0]));
  }

  add(key: string, count = 1): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  lines(name: string, label: string): readonly string[] {
    return [...this.#counts].map(([key, count]) => sampleLine(name, { [label]: key }, count));
  }
}

/** An observer that keeps what it is told, and shows it as families of the Prometheus text format. */
export interface RecordingMetrics extends Metrics {
  families(): readonly string[];
}

function timeStages() {
  const entries = MEASURED_STAGES.map((stage) => [stage, new BoundedHistogram(DURATION_BOUNDS)] as const);
  const byStage = Object.fromEntries(entries) as Record<MeasuredStage, BoundedHistogram>;
  return {
    byStage,
    lines: (name: string) =>
      entries.flatMap(([stage, histogram]) => histogram.lines(name, { stage }, SECONDS)),
  };
}

/** What is counted and timed. */
interface Counts {
  readonly stages: ReturnType<typeof timeStages>;
  readonly decisions: DecisionTally;
  readonly findings: Tally;
  readonly approvals: Tally;
  readonly refusals: Tally;
  readonly batches: BoundedHistogram;
  readonly flushes: BoundedHistogram;
}

function familiesOf({ stages, decisions, findings, approvals, refusals, batches, flushes }: Counts) {
  return [
    family(
      'acp_decisions_total',
      'counter',
      'Outcomes on record, by effect, reason code, tool of the policy and its risk.',
      decisions.lines('acp_decisions_total'),
    ),
    family(
      'acp_stage_duration_seconds',
      'histogram',
      'Time taken by a turn and by each of its stages.',
      stages.lines('acp_stage_duration_seconds'),
    ),
    family(
      'acp_filter_findings_total',
      'counter',
      'Matches of the output filter, by rule.',
      findings.lines('acp_filter_findings_total', 'rule'),
    ),
    family(
      'acp_approval_transitions_total',
      'counter',
      'Approvals that came into a state, on record.',
      approvals.lines('acp_approval_transitions_total', 'state'),
    ),
    family(
      'acp_error_responses_total',
      'counter',
      'Requests answered with an error, by its code.',
      refusals.lines('acp_error_responses_total', 'code'),
    ),
    family(
      'acp_audit_batch_events',
      'histogram',
      'Events written to the audit log together.',
      batches.lines('acp_audit_batch_events', {}),
    ),
    family(
      'acp_audit_flush_duration_seconds',
      'histogram',
      'Time until a write of the audit log was as safe as configured.',
      flushes.lines('acp_audit_flush_duration_seconds', {}, SECONDS),
    ),
  ];
}

/** Creates the observer of a process. Its labels come from the policy and the program, never from a request. */
export function createRecordingMetrics(): RecordingMetrics {
  const stages = timeStages();
  const decisions = new DecisionTally();
  const findings = new Tally();
  const approvals = new Tally(Object.values(APPROVAL_STATES));
  const refusals = new Tally();
  const batches = new BoundedHistogram(BATCH_BOUNDS);
  const flushes = new BoundedHistogram(DURATION_BOUNDS);

  return {
    now: () => performance.now(),
    lap(stage, since) {
      const now = performance.now();
      stages.byStage[stage].observe(now - since);
      return now;
    },
    decided: (effect, reason, tool, risk) => decisions.add(effect, reason, tool, risk),
    found(found) {
      for (const { rule_id, occurrences } of found) findings.add(rule_id, occurrences);
    },
    recorded(eventType) {
      const state = APPROVAL_STATES[eventType];
      if (state !== undefined) approvals.add(state);
    },
    refused: (code) => refusals.add(code),
    flushed(events, milliseconds) {
      batches.observe(events);
      flushes.observe(milliseconds);
    },
    families: () => familiesOf({ stages, decisions, findings, approvals, refusals, batches, flushes }),
  };
}
