import type { AuditEventType } from './event-types.js';
import type { Finding } from './filter.js';
import type { RiskLevel } from './policy.js';
import type { ReasonCode } from './reasons.js';

/** What of a turn is timed: the whole of it, its parts in their order, and the writing of the audit log. */
export const MEASURED_STAGES = [
  'turn',
  'agent',
  'output_filter',
  'broker',
  'approval',
  'audit',
  'tool',
  'result_filter',
] as const;

/** One of `MEASURED_STAGES`. */
export type MeasuredStage = (typeof MEASURED_STAGES)[number];

/** What came of a turn: a decision's effect, or that the teaching path asked for none. */
export type MeasuredEffect = 'allow' | 'deny' | 'step_up' | 'bypassed';

/** Stands for every tool that the policy does not name. */
export const UNNAMED_TOOL = 'other';

/** Stands where no tool was proposed. */
export const NO_TOOL = 'none';

/**
 * Watches what the control plane does, for operators. Nothing is decided by it.
 *
 * INVARIANT: no argument is text of a caller. Tools are given by a name that the policy has, or as `UNNAMED_TOOL`.
 */
export interface Metrics {
  /** Milliseconds of a clock that never steps back; only differences mean something. */
  now(): number;
  /** Notes how long a stage took that began at `since`; gives the present, where the next one begins. */
  lap(stage: MeasuredStage, since: number): number;
  /** Counts an outcome that is on record. */
  decided(effect: MeasuredEffect, reason: ReasonCode, tool: string, risk: RiskLevel | null): void;
  /** Counts what the filter found, by rule. */
  found(findings: readonly Finding[]): void;
  /** Counts the states that approvals came into, by the events that record them. */
  recorded(eventType: AuditEventType): void;
  /** Counts a request that was answered with an error code of this service. */
  refused(code: string): void;
  /** Notes one write of the audit log. */
  flushed(events: number, milliseconds: number): void;
}

/** What a scrape is answered with. */
export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

const nothing = (): void => undefined;

/** Watches nothing, for processes that nobody scrapes. */
export const NO_METRICS: Metrics = {
  now: () => 0,
  lap: () => 0,
  decided: nothing,
  found: nothing,
  recorded: nothing,
  refused: nothing,
  flushed: nothing,
};
