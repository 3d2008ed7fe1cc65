import { describe, expect, it } from 'vitest';
import { UNNAMED_TOOL } from '../domain/metrics.js';
import { DecisionTally } from './decision-tally.js';
import { sampleLine } from './exposition.js';
import { BoundedHistogram } from './histogram.js';
import { createRecordingMetrics } from './observer.js';

describe('a sample line', () => {
  it('escapes what would end a label', () => {
    expect(sampleLine('m', { a: 'x"y\\z\n' }, 2)).toBe(String.raw`m{a="x\"y\\z\n"} 2`);
  });
});

describe('a histogram', () => {
  it('counts cumulatively, the bound itself included, and what is beyond the last', () => {
    const histogram = new BoundedHistogram([1, 10]);
    for (const value of [0.5, 1, 2, 10, 11]) histogram.observe(value);
    expect(histogram.lines('t', { stage: 's' }, 0.001)).toEqual([
      't_bucket{stage="s",le="0.001"} 2',
      't_bucket{stage="s",le="0.01"} 4',
      't_bucket{stage="s",le="+Inf"} 5',
      't_sum{stage="s"} 0.0245',
      't_count{stage="s"} 5',
    ]);
  });
});

describe('the tally of decisions', () => {
  it('counts each combination apart', () => {
    const tally = new DecisionTally();
    tally.add('deny', 'tool_disabled_by_policy', 'run_shell', 'critical');
    tally.add('deny', 'tool_disabled_by_policy', 'run_shell', 'critical');
    tally.add('deny', 'tool_disabled_by_policy', 'run_shell', 'high');
    tally.add('allow', 'explicit_allow_after_policy_checks', 'read_records', 'low');
    expect(tally.lines('d')).toEqual([
      'd{effect="deny",reason="tool_disabled_by_policy",tool="run_shell",risk_level="critical"} 2',
      'd{effect="deny",reason="tool_disabled_by_policy",tool="run_shell",risk_level="high"} 1',
      'd{effect="allow",reason="explicit_allow_after_policy_checks",tool="read_records",risk_level="low"} 1',
    ]);
  });

  it('stays bounded however many tools a policy names over time', () => {
    const tally = new DecisionTally();
    for (let index = 0; index < 5_000; index += 1)
      tally.add('deny', 'tool_disabled_by_policy', `tool-${index}`, null);
    const lines = tally.lines('d');
    expect(lines.length).toBeLessThanOrEqual(1_001);
    expect(lines.some((line) => line.includes(`tool="${UNNAMED_TOOL}"`))).toBe(true);
  });
});

describe('the recording observer', () => {
  it('shows every state of an approval from the start, and counts the events that bring it about', () => {
    const metrics = createRecordingMetrics();
    metrics.recorded('approval_requested');
    metrics.recorded('approval_granted');
    metrics.recorded('tool_allowed');
    const page = metrics.families().join('\n');
    expect(page).toContain('acp_approval_transitions_total{state="pending"} 1');
    expect(page).toContain('acp_approval_transitions_total{state="approved"} 1');
    expect(page).toContain('acp_approval_transitions_total{state="consumed"} 0');
  });

  it('times a stage from its beginning, and gives the moment where the next one begins', () => {
    const metrics = createRecordingMetrics();
    const beganAt = metrics.now();
    expect(metrics.lap('agent', beganAt)).toBeGreaterThanOrEqual(beganAt);
    expect(metrics.families().join('\n')).toContain('acp_stage_duration_seconds_count{stage="agent"} 1');
  });
});
