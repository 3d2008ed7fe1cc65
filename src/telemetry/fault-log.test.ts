import { describe, expect, it } from 'vitest';
import { createApplicationLog } from './application-log.js';
import { createFaultLog } from './fault-log.js';

/** A fault log in memory, its clock, and its lines. */
function faultLogInMemory(redact = (text: string) => text.replaceAll('FAKE-SECRET', '[REDACTED]')) {
  const written: string[] = [];
  const clock = { time: 5_000, now: () => clock.time };
  const destination = { write: (line: string) => void written.push(line) };
  const onFault = createFaultLog({
    logger: createApplicationLog({ level: 'info', redact, destination }),
    clock,
  });
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { onFault, clock, written, lines };
}

describe('the fault log', () => {
  it('names the place, what it befell and what failed, without a secret', () => {
    const { onFault, written, lines } = faultLogInMemory();
    const error = Object.assign(new TypeError('cannot use FAKE-SECRET'), { code: 'EPROTO' });
    onFault('policy', error, { correlation_id: 'corr-1', decision_id: 'decision-1' });
    expect(lines()).toMatchObject([
      {
        msg: 'a part failed',
        place: 'policy',
        correlation_id: 'corr-1',
        decision_id: 'decision-1',
        left_out: 0,
        err: [
          {
            type: 'TypeError',
            code: 'EPROTO',
            message: 'cannot use [REDACTED]',
            at: expect.stringMatching(/^telemetry\/fault-log\.test\.ts:/) as string,
          },
        ],
      },
    ]);
    expect(written.join('')).not.toContain('FAKE-SECRET');
  });

  it('writes a line a second for each place, and says how many faults were left out', () => {
    const { onFault, clock, lines } = faultLogInMemory();
    for (let count = 0; count < 1_000; count += 1) {
      onFault('approval_gate', new Error('down'));
      onFault('audit_record', new Error('down'));
    }
    clock.time += 999;
    onFault('approval_gate', new Error('down'));
    expect(lines().map(({ place, left_out }) => [place, left_out])).toEqual([
      ['approval_gate', 0],
      ['audit_record', 0],
    ]);
    clock.time += 1;
    onFault('approval_gate', new Error('down'));
    onFault('audit_record', new Error('down'));
    clock.time += 1_000;
    onFault('audit_record', new Error('down'));
    expect(lines().slice(2)).toMatchObject([
      { place: 'approval_gate', left_out: 1_000 },
      { place: 'audit_record', left_out: 999 },
      { place: 'audit_record', left_out: 0 },
    ]);
  });

  it('is not silent after the clock was set back', () => {
    const { onFault, clock, lines } = faultLogInMemory();
    onFault('tool', new Error('first'));
    clock.time -= 3_600_000;
    onFault('tool', new Error('second'));
    onFault('tool', new Error('third'));
    expect(lines()).toHaveLength(2);
  });

  it('ends where the part that fails is asked to redact the fault', () => {
    const { onFault, lines } = faultLogInMemory((text) => {
      onFault('output_filter', new Error('again'));
      return text;
    });
    onFault('output_filter', new Error('first'));
    expect(lines()).toHaveLength(1);
  });
});
