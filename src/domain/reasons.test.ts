import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from './event-types.js';
import {
  describeReason,
  detailedReasonOf,
  eventTypeOf,
  placementsOf,
  reasonOf,
  REASONS,
  severityOf,
  type ReasonCode,
} from './reasons.js';

const codes = Object.keys(REASONS) as ReasonCode[];

describe('the reason catalogue', () => {
  it.each(codes)('describes %s for anyone: a summary and a remedy in one line each', (code) => {
    const { summary, remedy } = describeReason(code);
    for (const text of [summary, remedy]) expect(text).toMatch(/^[a-z][^\n]{3,120}[^.\n]$/);
  });

  it.each(codes)('places %s at stages of its own, each once', (code) => {
    const stages = placementsOf(code).map(({ stage }) => stage);
    expect(new Set(stages).size).toBe(stages.length);
  });

  it('uses every event type', () => {
    const used = new Set(codes.flatMap((code) => placementsOf(code).map(({ event }) => event)));
    expect(Object.keys(EVENT_TYPES).filter((type) => !used.has(type as keyof typeof EVENT_TYPES))).toEqual(
      [],
    );
  });

  it('gives a reason the severity of its event', () => {
    expect(severityOf('cross_tenant_target_denied', 'tool_broker')).toBe('critical');
    expect(severityOf('secret_pattern_blocked', 'tool_result_filter')).toBe('high');
    expect(severityOf('output_allowed', 'output_filter')).toBe('info');
  });

  it('knows no reason at a stage where it cannot arise', () => {
    expect(() => eventTypeOf('no_tool_call', 'tool_broker')).toThrow(TypeError);
  });
});

describe('detailedReasonOf', () => {
  const keep = (text: string): string => text;

  it('names the offender after the code, printable and cut', () => {
    expect(detailedReasonOf('unknown_tool_schema', 'x\n"y"', keep).text).toBe('unknown_tool_schema:x"y"');
    expect(detailedReasonOf('unknown_tool_schema', 'n'.repeat(100), keep).text).toBe(
      `unknown_tool_schema:${'n'.repeat(64)}`,
    );
    expect(detailedReasonOf('would_have_called', 'read_records', keep).text).toBe(
      'would_have_called_read_records',
    );
  });

  it('redacts what is left of a detail, and before it cuts', () => {
    const redact = (text: string): string => text.replaceAll('secret', '[REDACTED]');
    expect(detailedReasonOf('unknown_tool_schema', `${'n'.repeat(60)}sec\u0436ret`, redact).text).toBe(
      `unknown_tool_schema:${'n'.repeat(60)}[RED`,
    );
  });

  it('ignores a detail where the code has no place for one', () => {
    expect(detailedReasonOf('no_tool_call', 'x', keep)).toEqual(reasonOf('no_tool_call'));
  });
});
