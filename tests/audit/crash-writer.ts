/**
 * A process that appends to a log until it is killed, and notes in a file which appends were acknowledged.
 * Started by the crash tests: `tsx crash-writer.ts <directory> <durability> <run>`; says `open` when the log is.
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../../src/audit/audit-log.js';
import { systemClock } from '../../src/domain/clock.js';
import { randomIds } from '../../src/domain/ids.js';
import { sampleEvent } from '../helpers/audit-event.js';

const [directory, durability, runName] = process.argv.slice(2) as [string, 'os' | 'disk', string];
const CALLERS = 16;

const log = await openAuditLog({
  directory: join(directory, 'log'),
  stateDirectory: join(directory, 'state'),
  durability,
  rotateBytes: 200_000,
  retentionDays: 90,
  checkpointEvents: 50,
  checkpointSeconds: 60,
  queueBytes: 16 * 1024 * 1024,
  signingKey: null,
  acceptNewHead: false,
  clock: systemClock,
  ids: randomIds,
  redact: (text) => text,
});

const acknowledged = openSync(join(directory, `acknowledged-${runName}`), 'a');
let count = 0;

async function appendForever(): Promise<never> {
  for (;;) {
    const name = `${runName}-${(count += 1)}`;
    await log.append(sampleEvent({ request_id: name }), sampleEvent({ request_id: name }));
    // The operating system has it at once, so it outlives the kill.
    writeSync(acknowledged, `${name}\n`);
  }
}

writeSync(1, 'open\n');
await Promise.all(Array.from({ length: CALLERS }, appendForever));
