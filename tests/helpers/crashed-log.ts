import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { hashLine } from '../../src/audit/chain.js';
import { activeFile, readLines } from './audit.js';
import { temporaryDirectory } from './temporary-directory.js';

/** What a kill at this moment leaves of a log and its state: a copy of both, for another process to open. */
export function copyAsKilled(directory: string): string {
  const copy = temporaryDirectory();
  for (const part of ['log', 'state']) cpSync(join(directory, part), join(copy, part), { recursive: true });
  return copy;
}

/** A line that follows the last one rightly, made as someone would who can write the file and has no key. */
export function forgeLine(directory: string, fields: Readonly<Record<string, unknown>>): void {
  const last = readLines(activeFile(directory)).at(-1)!;
  const { seq, timestamp } = JSON.parse(last) as { seq: number; timestamp: string };
  const line = { event_type: 'tool_allowed', timestamp, seq: seq + 1, prev_hash: hashLine(last), ...fields };
  appendFileSync(activeFile(directory), `${JSON.stringify(line)}\n`);
}
