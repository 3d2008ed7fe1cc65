import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { openTestLog, readLogFile, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { findLogPaths } from '../../src/audit/log-paths.js';

/** Lays out what a loss of power left, opens it as the next start would, and gives the request ids in it. */
async function restartAfter(survivors: ReadonlyMap<string, Buffer>, torn: Buffer): Promise<Set<unknown>> {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'log'));
  for (const [name, content] of survivors) {
    const bytes = name === 'api_events.jsonl' ? Buffer.concat([content, torn]) : content;
    writeFileSync(join(directory, 'log', name), bytes);
  }
  await (await openTestLog(directory)).close();
  const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
  expect(report.problems).toEqual([]);
  const { files } = await findLogPaths([join(directory, 'log')]);
  return new Set(files.flatMap((file) => readLogFile(file)).map((event) => event['request_id']));
}

describe('a loss of power, with durability disk', () => {
  it('takes nothing that was acknowledged, at whatever moment it comes', async () => {
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(temporaryDirectory(), {
      fileSystem,
      durability: 'disk',
      rotateBytes: 20_000,
    });
    const acknowledged: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const names = Array.from({ length: 5 }, (_, index) => `req-${round}-${index}`);
      await Promise.all(names.map((name) => log.append(sampleEvent({ request_id: name }))));
      acknowledged.push(...names);
      const survived = await restartAfter(fileSystem.survivors(), Buffer.alloc(0));
      expect(acknowledged.filter((name) => !survived.has(name))).toEqual([]);
    }
  });

  it('leaves a write that no sync covered torn at any byte, and the log goes on without it', async () => {
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(temporaryDirectory(), { fileSystem, durability: 'disk' });
    await log.append(sampleEvent({ request_id: 'req-safe' }));
    const survivors = fileSystem.survivors();
    await log.append(sampleEvent({ request_id: 'req-late' }), sampleEvent({ request_id: 'req-last' }));
    const write = fileSystem.lastAppend;
    // Every offset is covered where the tail is judged (recovery.test.ts); here every one through a whole start is too many.
    for (let size = 0; size <= write.length; size += size < write.length - 40 && size > 40 ? 163 : 1) {
      const survived = await restartAfter(survivors, write.subarray(0, size));
      expect(survived.has('req-safe'), `torn at ${size}`).toBe(true);
      expect(survived.has('req-last'), `torn at ${size}`).toBe(size === write.length);
    }
  });

  it('leaves a rotation at any step such that the chain goes on', async () => {
    for (const operation of ['rename', 'open', 'syncDirectory'] as const) {
      const fileSystem = new FaultFileSystem();
      const log = await openTestLog(temporaryDirectory(), {
        fileSystem,
        durability: 'disk',
        rotateBytes: 3_000,
      });
      const acknowledged = ['req-a', 'req-b'];
      for (const name of acknowledged) await log.append(sampleEvent({ request_id: name }));
      fileSystem.failNext(operation, 'EIO');
      await Promise.allSettled([1, 2].map(() => log.append(sampleEvent(), sampleEvent(), sampleEvent())));
      const survived = await restartAfter(fileSystem.survivors(), Buffer.alloc(0));
      expect(
        acknowledged.filter((name) => !survived.has(name)),
        operation,
      ).toEqual([]);
    }
  });
});
