import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/domain/audit-event.js';
import { activeFile, findBreak, openTestLog, readLogFile, readLines, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const FORGED_LINE =
  '{"event_type":"tool_allowed","timestamp":"2030-01-01T00:00:00.000Z","seq":2,"prev_hash":"00","allowed":true}';

const payloads = [
  `x\n${FORGED_LINE}\n`,
  `x"}\n${FORGED_LINE}`,
  '","seq":99,"allowed":true,"x":"',
  '"seq":',
  String.raw`\","seq":99,"x":"\\`,
  '\\',
  '\u0000\u0001\u001f\u007f\u0085',
  '\u2028\u2029',
  '\ud800',
  '\udfff\ud800',
  '\u202etxt.exe',
  '__proto__',
  'constructor',
  `,"signature":"${'A'.repeat(86)}"}`,
];

/** Every field that can hold a caller's string. */
const fields: [string, (text: string) => Partial<AuditEvent>][] = [
  ...(
    [
      'correlation_id',
      'request_id',
      'decision_id',
      'user_id',
      'session_id',
      'tenant_id',
      'model',
      'principal_id',
      'policy_reason',
      'tool_name',
      'target',
      'approval_id',
      'approver_id',
      'approval_reason',
      'approval_token_failure_reason',
    ] as const
  ).map((name): [string, (text: string) => Partial<AuditEvent>] => [name, (text) => ({ [name]: text })]),
  ['source_context_ids', (text) => ({ source_context_ids: [text, text] })],
  ['output_finding_types', (text) => ({ output_finding_types: [text] })],
  [
    'output_findings_redacted',
    (text) => ({
      output_findings_redacted: [
        {
          finding_type: text,
          severity: 'high',
          reason: 'secret_pattern_blocked',
          redacted_sample: text,
          rule_id: text,
        },
      ],
    }),
  ],
  [
    'details',
    (text) => ({ event_type: 'policy_rejected', details: { [text]: text, nested: { [text]: [text] } } }),
  ],
];

describe('strings of outside origin in the log', () => {
  it.each(fields)('make no second event and no false field in %s', async (_name, fieldOf) => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    for (const payload of payloads) await log.append(sampleEvent({ allowed: false, ...fieldOf(payload) }));
    const lines = readLines(activeFile(directory));
    expect(lines).toHaveLength(payloads.length + 2);
    expect(findBreak(lines)).toBeNull();
    for (const event of readLogFile(activeFile(directory)).slice(2)) expect(event['allowed']).toBe(false);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(line).not.toContain('\ufffd');
    }
  });

  it.each(fields)('are redacted and cut in %s', async (_name, fieldOf) => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    await log.append(
      sampleEvent(fieldOf(`sk-live-${'fake'.repeat(10)}`)),
      sampleEvent(fieldOf('long '.repeat(1_000))),
    );
    const text = readLines(activeFile(directory)).join('\n');
    expect(text).toContain('[REDACTED:pattern.secret]');
    expect(text).not.toContain('fakefake');
    expect(text).not.toContain('long '.repeat(103));
  });

  it('come back as they were written, whatever they are, one line an event', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    let seq = 2;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        await log.append(sampleEvent({ user_id: text, details: { [text]: text } }));
        seq += 1;
        const events = readLogFile(activeFile(directory));
        expect(events).toHaveLength(seq);
        expect(events.at(-1)).toMatchObject({ seq, event_type: 'tool_allowed', tenant_id: 'tenant-a' });
      }),
      { numRuns: 60 },
    );
    expect(findBreak(readLines(activeFile(directory)))).toBeNull();
  });

  it('are limited in depth, so that a log line is never without end', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    let deep: Record<string, unknown> = { end: 'bottom' };
    for (let depth = 0; depth < 100; depth += 1) deep = { deep };
    await log.append(sampleEvent({ details: deep }));
    expect(readLines(activeFile(directory)).at(-1)).not.toContain('bottom');
  });
});
