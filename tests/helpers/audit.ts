import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openAuditLog, type AuditLogOptions, type OpenAuditLog } from '../../src/audit/audit-log.js';
import { hashLine } from '../../src/audit/chain.js';
import type { LogLine } from '../../src/audit/log-line.js';

export { sampleEvent } from './audit-event.js';

export const TEST_EPOCH = Date.UTC(2030, 0, 2, 3, 4, 5, 678);

/** A clock that stands still until it is moved. */
export class TestClock {
  constructor(public milliseconds: number = TEST_EPOCH) {}

  now(): number {
    return this.milliseconds;
  }
}

/** Predictable identifiers. */
export function countingIds(): { next(): string } {
  let count = 0;
  return { next: () => `id-${(count += 1)}` };
}

export function testOptions(directory: string, overrides: Partial<AuditLogOptions> = {}): AuditLogOptions {
  return {
    directory: join(directory, 'log'),
    stateDirectory: join(directory, 'state'),
    durability: 'os',
    rotateBytes: 100 * 1024 * 1024,
    retentionDays: 90,
    checkpointEvents: 1_000,
    checkpointSeconds: 60,
    queueBytes: 16 * 1024 * 1024,
    signingKey: null,
    acceptNewHead: false,
    clock: new TestClock(),
    ids: countingIds(),
    redact: (text) => text.replaceAll(/sk-live-\w+/g, '[REDACTED:pattern.secret]'),
    ...overrides,
  };
}

/** A log that is closed when the test ends. */
export async function openTestLog(
  directory: string,
  overrides: Partial<AuditLogOptions> = {},
): Promise<OpenAuditLog> {
  const log = await openAuditLog(testOptions(directory, overrides));
  // A log that a test left dead says so when it is closed; that is for the tests of the closing.
  onTestFinished(() => log.close().catch(() => undefined));
  return log;
}

/** The lines of a file; fails where it does not end with a newline. */
export function readLines(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new Error('the file ends without a newline');
  return text.slice(0, -1).split('\n');
}

/** Every line of a log file, parsed, in order. */
export function readLogFile(path: string): LogLine[] {
  return readLines(path).map((line) => JSON.parse(line) as LogLine);
}

/** The first line that does not follow the one before it, counted from 1; null where the chain is whole. */
export function findBreak(lines: readonly string[]): number | null {
  let previous = { seq: 0, hash: '0'.repeat(64) };
  for (const [index, line] of lines.entries()) {
    const event = JSON.parse(line) as LogLine;
    if (event.seq !== previous.seq + 1 || event.prev_hash !== previous.hash) return index + 1;
    previous = { seq: event.seq, hash: hashLine(line) };
  }
  return null;
}

export function activeFile(directory: string): string {
  return join(directory, 'log', 'api_events.jsonl');
}
