import { describe, expect, it } from 'vitest';
import { createApplicationLog } from './application-log.js';

/** A log in memory, and its lines. */
function logInMemory() {
  const lines: string[] = [];
  const log = createApplicationLog({
    level: 'info',
    redact: (text) => text.replaceAll('FAKE-SECRET', '[REDACTED]'),
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('the application log', () => {
  it('writes an error and what caused it as one line', () => {
    const { log, lines, last } = logInMemory();
    const root = Object.assign(new Error('disk\nfull'), { code: 'ENOSPC' });
    log.error(
      { err: new TypeError('outer', { cause: new RangeError('middle', { cause: root }) }) },
      'failed',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(last()['err']).toMatchObject([
      { type: 'TypeError', message: 'outer' },
      { type: 'RangeError', message: 'middle' },
      { type: 'Error', code: 'ENOSPC', message: 'disk\nfull' },
    ]);
  });

  it('ends with a chain of causes that goes in a circle', () => {
    const { log, last } = logInMemory();
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    log.error({ err: first }, 'failed');
    expect(last()['err']).toHaveLength(8);
  });

  it('names where an error arose, and no path of the machine', () => {
    const { log, last } = logInMemory();
    log.error({ err: new Error('here') }, 'failed');
    const [{ at }] = last()['err'] as [{ at: string }];
    expect(at).toMatch(/^telemetry\/application-log\.test\.ts:\d+:\d+$/);
  });

  it('redacts and cuts messages, since a library may quote what it was given', () => {
    const { log, lines, last } = logInMemory();
    log.error({ err: new Error(`bad value FAKE-SECRET ${'x'.repeat(10_000)}`) }, 'failed');
    expect(lines[0]).not.toContain('FAKE-SECRET');
    const [{ message }] = last()['err'] as [{ message: string }];
    expect(message.length).toBe(512);
  });

  it('redacts the correlation id, which a caller chooses', () => {
    const { log, last } = logInMemory();
    log.error({ correlation_id: 'corr-FAKE-SECRET' }, 'failed');
    expect(last()['correlation_id']).toBe('corr-[REDACTED]');
  });

  it('shows no credential, header or body, should one be logged', () => {
    const { log, lines } = logInMemory();
    log.info(
      { authorization: 'canary', req: { headers: 'canary' }, request: { body: 'canary', headers: 'canary' } },
      'odd',
    );
    expect(lines[0]).not.toContain('canary');
  });

  it('takes what is thrown and no error', () => {
    const { log, last } = logInMemory();
    log.error({ err: 'canary' }, 'failed');
    expect(last()['err']).toEqual([{ type: 'string', message: 'something that is no error was thrown' }]);
  });
});
