import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLANK_EVENT, type AuditEvent } from '../domain/audit-event.js';
import { GENESIS } from './chain.js';
import { createLineFormatter, type LineFormatter } from './line-format.js';

const createFormatter = (): LineFormatter =>
  createLineFormatter({ clean: (text) => text.replaceAll('hush', '[REDACTED]'), argumentsKey: null });

const text = fc.constantFrom('a', 'b', 'hush', '"', '\\', '","allowed":true,"x":"');
const textOrNull = fc.option(text);
const findings = fc.constantFrom(
  null,
  [],
  [
    {
      finding_type: 'secret_pattern',
      severity: 'high',
      reason: 'secret_pattern_blocked',
      redacted_sample: '…',
      rule_id: 'r',
    } as const,
  ],
);

/** Events of few values, so that each group of fields comes up again and again, alone and together. */
const events: fc.Arbitrary<AuditEvent> = fc
  .record({
    event_type: fc.constantFrom('tool_allowed', 'tool_blocked'),
    stage: fc.constantFrom('tool_broker', 'simulation'),
    allowed: fc.boolean(),
    policy_decision: fc.constantFrom('allow', 'deny'),
    policy_reason: text,
    tool_name: textOrNull,
    target: textOrNull,
    source_context_ids: fc.array(text, { maxLength: 2 }),
    contains_sensitive_data: fc.boolean(),
    approval_id: textOrNull,
    approval_token_valid: fc.option(fc.boolean()),
    output_finding_count: fc.constantFrom(null, 0, 1),
    output_finding_types: fc.constantFrom(null, [], ['secret_pattern']),
    output_findings_redacted: findings,
    principal_id: textOrNull,
    user_id: text,
  })
  .map((fields) => ({ ...BLANK_EVENT, ...fields }));

describe('a line formatter', () => {
  it('writes an event the same whatever it wrote before', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 60 }), (sequence) => {
        const format = createFormatter();
        for (const event of sequence) {
          expect(format(event, GENESIS, 0)).toBe(createFormatter()(event, GENESIS, 0));
        }
      }),
    );
  });

  it('writes what the event says, redacted', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 30 }), (sequence) => {
        const format = createFormatter();
        for (const event of sequence) {
          const line = JSON.parse(format(event, GENESIS, 0)) as Record<string, unknown>;
          const redacted = JSON.parse(JSON.stringify(event).replaceAll('hush', '[REDACTED]')) as AuditEvent;
          const { arguments: args, details, ...fields } = redacted;
          expect({ args, details }).toEqual({ args: null, details: null });
          expect(line).toMatchObject(fields);
        }
      }),
    );
  });
});
