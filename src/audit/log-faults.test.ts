import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  activeFile,
  findBreak,
  openTestLog,
  readLogFile,
  readLines,
  sampleEvent,
} from '../../tests/helpers/audit.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';
import { FaultFileSystem, type Fault } from '../../tests/helpers/fault-file-system.js';
import { ACTIVE_FILE } from './log-files.js';
import type { AuditLogOptions } from './audit-log.js';

async function openFaultyLog(overrides: Partial<AuditLogOptions> = {}) {
  const directory = temporaryDirectory();
  const fileSystem = new FaultFileSystem();
  const recovered = Promise.withResolvers<number>();
  const log = await openTestLog(directory, {
    fileSystem,
    probeMilliseconds: 5,
    hooks: { onRecovered: recovered.resolve },
    ...overrides,
  });
  return { directory, fileSystem, log, recovered: recovered.promise };
}

/** What the writes that follow meet, and the code that goes on record. */
const writeFaults: [string, Fault[], string | null][] = [
  ...['EIO', 'ENOSPC', 'EROFS', 'EBADF', 'EFBIG'].map((code): [string, Fault[], string] => [
    code,
    [code],
    code,
  ]),
  ['a short write, and a full disk for the rest', [{ takes: 100 }, 'ENOSPC'], 'ENOSPC'],
  ['two short writes', [{ takes: 100 }, { takes: 100 }], null],
  ['writes of nothing', [{ takes: 0 }, { takes: 0 }], null],
  ['an error after half of the block', [{ takes: 700, code: 'EIO' }], 'EIO'],
];

describe.each(['os', 'disk'] as const)('the audit log (%s), when writing fails', (durability) => {
  it.each(writeFaults)(
    'refuses everyone who waits, and recovers by itself: %s',
    async (_what, faults, code) => {
      const { directory, fileSystem, log, recovered } = await openFaultyLog({ durability });
      await log.append(sampleEvent({ request_id: 'before' }));
      fileSystem.failNext('append', ...faults);
      const outcomes = await Promise.allSettled([log.append(sampleEvent()), log.append(sampleEvent())]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
      expect(log.fault()).toContain('audit log cannot be written');
      await expect(log.append(sampleEvent())).rejects.toMatchObject({ code: 'audit_unavailable' });

      expect(await recovered).toBe(3);
      expect(log.stats().refusedEvents).toBe(3);
      expect(log.fault()).toBeNull();
      await log.append(sampleEvent({ request_id: 'after' }));
      const lines = readLines(activeFile(directory));
      expect(findBreak(lines)).toBeNull();
      const events = readLogFile(activeFile(directory));
      expect(
        events.filter((event) => event.event_type === 'tool_allowed').map((event) => event['request_id']),
      ).toEqual(['before', 'after']);
      expect(events.find((event) => event.event_type === 'audit_recovered')).toMatchObject({
        recovered_from: 'write_failed',
        system_code: code,
        refused_events: 3,
      });
    },
  );

  it('takes the rest of a short write where the system takes it', async () => {
    const { directory, fileSystem, log } = await openFaultyLog({ durability });
    fileSystem.failNext('append', { takes: 100 });
    await log.append(sampleEvent(), sampleEvent());
    expect(log.fault()).toBeNull();
    expect(findBreak(readLines(activeFile(directory)))).toBeNull();
    expect(readLines(activeFile(directory))).toHaveLength(4);
  });

  it('hands bytes over on the event loop with durability os alone, since a disk may hang', async () => {
    const { fileSystem, log } = await openFaultyLog({ durability });
    fileSystem.failAlways('blockingAppend', 'EIO');
    const { status } = await log.append(sampleEvent()).then(
      () => ({ status: 'written' }),
      () => ({ status: 'refused' }),
    );
    expect(status).toBe(durability === 'os' ? 'refused' : 'written');
    fileSystem.failAlways('blockingAppend', null);
  });

  it('counts the events that waited behind the write that failed, and none of its own', async () => {
    const { fileSystem, log, recovered } = await openFaultyLog({ durability, checkpointEvents: 2 });
    fileSystem.failNext('append', 'EIO', 'EIO');
    const first = log.append(sampleEvent(), sampleEvent(), sampleEvent());
    const second = log.append(sampleEvent());
    await Promise.allSettled([first, second]);
    expect(await recovered).toBe(4);
  });

  it('stays closed for as long as the disk is full', async () => {
    const { fileSystem, log, recovered } = await openFaultyLog({ durability });
    fileSystem.failAlways('append', 'ENOSPC');
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ code: 'audit_unavailable' });
    await fileSystem.reached('append', 4);
    expect(log.fault()).toContain('ENOSPC');
    fileSystem.failAlways('append', null);
    await recovered;
    await log.append(sampleEvent());
  });

  it.each([
    ['deleted', (path: string) => rmSync(path)],
    ['moved away', (path: string) => renameSync(path, `${path}.moved`)],
    ['cut', (path: string) => truncateSync(path, 100)],
    ['emptied', (path: string) => writeFileSync(path, '')],
    ['written to by someone else', (path: string) => appendFileSync(path, '{}\n')],
    [
      'replaced by a copy',
      (path: string) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    ],
  ])('refuses to write into a log that was %s', async (_what, tamper) => {
    const { directory, fileSystem, log } = await openFaultyLog({ durability });
    tamper(activeFile(directory));
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'log_replaced' });
    await fileSystem.reached('identify', 3);
    expect(log.fault()).toContain('deleted, replaced or cut');
  });
});

describe('the audit log, when a sync fails', () => {
  it('acknowledges nothing of it, and goes on in a new file', async () => {
    const { directory, fileSystem, log, recovered } = await openFaultyLog({ durability: 'disk' });
    await log.append(sampleEvent({ request_id: 'before' }));
    fileSystem.failNext('sync', 'EIO');
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'sync_failed' });
    await recovered;
    await log.append(sampleEvent({ request_id: 'after' }));
    const archived = readLines(join(directory, 'log', 'api_events-1.jsonl'));
    const active = readLines(join(directory, 'log', ACTIVE_FILE));
    expect(archived).toHaveLength(3);
    expect(findBreak([...archived, ...active])).toBeNull();
  });
});
