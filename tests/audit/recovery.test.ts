import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanLogFile } from '../../src/audit/file-scan.js';
import { checkHeadText } from '../../src/audit/head-file.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { ConfigError } from '../../src/domain/errors.js';
import { activeFile, findBreak, openTestLog, readLogFile, readLines, sampleEvent } from '../helpers/audit.js';
import { copyAsKilled } from '../helpers/crashed-log.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

/** A log of a process that closed in order, with its state. */
async function closedLog(eventCount = 3): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openTestLog(directory);
  for (let count = 0; count < eventCount; count += 1) await log.append(sampleEvent());
  await log.close();
  return directory;
}

/** What a process leaves that was killed after it wrote some events. */
async function killedLog(eventCount = 3): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openTestLog(directory);
  for (let count = 0; count < eventCount; count += 1) await log.append(sampleEvent());
  return copyAsKilled(directory);
}

async function isWhole(directory: string): Promise<boolean> {
  const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
  return report.whole;
}

describe('a log whose last write was torn', () => {
  it('ends with its last whole line, at whatever byte the write stopped', async () => {
    const directory = await closedLog();
    const path = activeFile(directory);
    const whole = readFileSync(path);
    const lines = readLines(path);
    const lastStart = whole.length - Buffer.byteLength(lines.at(-1)!) - 1;
    const previousStart = lastStart - Buffer.byteLength(lines.at(-2)!) - 1;
    for (let size = previousStart; size < whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      const { end } = await scanLogFile(path, { known: null, isVouched: () => false });
      expect(end?.endOffset, `cut at ${size}`).toBe(size >= lastStart ? lastStart : previousStart);
      expect(end?.link.seq, `cut at ${size}`).toBe(lines.length - (size >= lastStart ? 1 : 2));
    }
  });

  it.each([
    ['half a line', (line: string) => line.slice(0, 200)],
    ['a line without its newline', (line: string) => line],
    ['zeros', () => '\0'.repeat(4096)],
    ['noise that ends with a newline', () => 'not a line\n'],
  ])('sets the tail aside, notes it and goes on: %s', async (_what, makeTail) => {
    const directory = await killedLog();
    const before = readLines(activeFile(directory));
    const tail = makeTail(before[2]!);
    appendFileSync(activeFile(directory), tail);
    const log = await openTestLog(directory);
    await log.append(sampleEvent());
    await log.close();

    const events = readLogFile(activeFile(directory));
    expect(findBreak(readLines(activeFile(directory)))).toBeNull();
    const recovered = events.find((event) => event.event_type === 'audit_recovered');
    expect(recovered).toMatchObject({
      recovered_from: 'torn_tail',
      partial_bytes: Buffer.byteLength(tail),
      complete_lines: 0,
    });
    expect(readFileSync(join(directory, 'log', String(recovered!['partial_file'])), 'utf8')).toBe(tail);
    expect(await isWhole(directory)).toBe(true);
  });

  it('keeps its earlier partial files', async () => {
    let directory = await killedLog();
    for (let count = 0; count < 3; count += 1) {
      appendFileSync(activeFile(directory), 'torn');
      await openTestLog(directory);
      directory = copyAsKilled(directory);
    }
    expect(readdirSync(join(directory, 'log')).filter((name) => name.endsWith('.partial'))).toHaveLength(3);
    expect(await isWhole(directory)).toBe(true);
  });
});

describe('a log with damage in its middle', () => {
  it('is continued at its end, and the damage is left for verification to report', async () => {
    const directory = await closedLog(5);
    const lines = readLines(activeFile(directory));
    lines[3] = lines[3]!.replace('tenant-a', 'tenant-b');
    writeFileSync(activeFile(directory), `${lines.join('\n')}\n`);
    await (await openTestLog(directory)).close();
    const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
    expect(report.problems).toMatchObject([{ code: 'broken_link', line: 5 }]);
  });
});

describe('the known head', () => {
  it('is the newest checkpoint', async () => {
    const directory = await closedLog();
    const head = checkHeadText(readFileSync(join(directory, 'state', 'audit-head'), 'utf8'))!.link;
    const last = readLogFile(activeFile(directory)).at(-1)!;
    expect(last).toMatchObject({ event_type: 'audit_checkpoint', seq: head.seq });
    const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: head });
    expect(report).toMatchObject({ whole: true, head });
  });

  const losses: [string, (directory: string, old: string) => void][] = [
    ['emptied', (directory) => writeFileSync(activeFile(directory), '')],
    ['deleted', (directory) => rmSync(activeFile(directory))],
    [
      'cut at a line',
      (directory) =>
        writeFileSync(activeFile(directory), `${readLines(activeFile(directory)).slice(0, -1).join('\n')}\n`),
    ],
    [
      'restored from an older copy',
      (directory, old) => {
        rmSync(join(directory, 'log'), { recursive: true });
        cpSync(old, join(directory, 'log'), { recursive: true });
      },
    ],
    [
      'replaced by another log',
      (directory) => {
        const lines = readLines(activeFile(directory));
        writeFileSync(activeFile(directory), `${lines[0]!.replace('id-1', 'id-x')}\n`);
      },
    ],
  ];

  it.each(losses)(
    'stops a start on a log that was %s, unless the loss is accepted on record',
    async (_what, lose) => {
      const directory = await closedLog();
      const old = join(directory, 'old');
      cpSync(join(directory, 'log'), old, { recursive: true });
      await (await openTestLog(directory)).close();
      const head = checkHeadText(readFileSync(join(directory, 'state', 'audit-head'), 'utf8'))!.link;
      lose(directory, old);

      const refusal = await openTestLog(directory).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigError);
      expect((refusal as ConfigError).violations[0]).toContain('ACP_AUDIT_ACCEPT_NEW_HEAD=true');

      await (await openTestLog(directory, { acceptNewHead: true })).close();
      const reset = readLogFile(activeFile(directory)).find(
        (event) => event.event_type === 'audit_head_reset',
      );
      expect(reset).toMatchObject({ expected_seq: head.seq, expected_hash: head.hash });
      // Once on record the new head is the known one.
      await (await openTestLog(directory)).close();
    },
  );

  it('stops a start when its own file is damaged', async () => {
    const directory = await closedLog();
    writeFileSync(join(directory, 'state', 'audit-head'), 'nonsense');
    await expect(openTestLog(directory)).rejects.toBeInstanceOf(ConfigError);
    await openTestLog(directory, { acceptNewHead: true });
  });

  it('is found in an archive', async () => {
    const directory = await closedLog();
    copyFileSync(activeFile(directory), join(directory, 'log', 'api_events-1.jsonl'));
    writeFileSync(activeFile(directory), '');
    await (await openTestLog(directory)).close();
    expect(await isWhole(directory)).toBe(true);
  });

  it('does not note a loss where none is accepted or known', async () => {
    const directory = await closedLog();
    rmSync(join(directory, 'state'), { recursive: true });
    mkdirSync(join(directory, 'state'));
    await (await openTestLog(directory, { acceptNewHead: true })).close();
    expect(readLogFile(activeFile(directory)).some((event) => event.event_type === 'audit_head_reset')).toBe(
      false,
    );
  });
});

describe('a torn tail that cannot be set aside', () => {
  it.each(['syncDirectory', 'truncate'] as const)(
    'leaves no copy, however often a start fails: %s',
    async (operation) => {
      const directory = await killedLog();
      appendFileSync(activeFile(directory), 'torn');
      const before = readFileSync(activeFile(directory));
      const fileSystem = new FaultFileSystem();
      fileSystem.failAlways(operation, 'ENOSPC');
      for (let start = 0; start < 3; start += 1) {
        await expect(openTestLog(directory, { fileSystem })).rejects.toMatchObject({ systemCode: 'ENOSPC' });
      }
      expect(readdirSync(join(directory, 'log')).sort()).toEqual(['api_events.jsonl', 'audit.lock']);
      expect(readFileSync(activeFile(directory))).toEqual(before);
    },
  );

  it('keeps the copy where the tail is cut already', async () => {
    const directory = await killedLog();
    appendFileSync(activeFile(directory), 'torn');
    const fileSystem = new FaultFileSystem();
    fileSystem.failNext('sync', 'EIO');
    await expect(openTestLog(directory, { fileSystem })).rejects.toMatchObject({ systemCode: 'EIO' });
    const [partial] = readdirSync(join(directory, 'log')).filter((name) => name.endsWith('.partial'));
    expect(readFileSync(join(directory, 'log', partial!), 'utf8')).toBe('torn');
  });
});
