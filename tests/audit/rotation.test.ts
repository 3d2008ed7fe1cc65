import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashLine, type ChainLink } from '../../src/audit/chain.js';
import { ACTIVE_FILE, findArchives } from '../../src/audit/log-files.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import type { VerificationReport } from '../../src/audit/verify/report.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { findBreak, openTestLog, readLogFile, readLines, sampleEvent, TestClock } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const DAY = 86_400_000;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

function archivesOf(directory: string) {
  return findArchives(join(directory, 'log'), readdirSync(join(directory, 'log')));
}

function verify(directory: string, withKey = false): Promise<VerificationReport> {
  return verifyLog({
    paths: [join(directory, 'log')],
    publicKeys: withKey ? [publicKey] : [],
    expectHead: null,
  });
}

describe.each(['os', 'disk'] as const)('rotation (%s)', (durability) => {
  it('keeps one chain across twenty files under load', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { durability, rotateBytes: 40_000 });
    let rounds = 0;
    while (archivesOf(directory).length < 20) {
      rounds += 1;
      await Promise.all(Array.from({ length: 16 }, () => log.append(sampleEvent(), sampleEvent())));
    }
    await log.close();
    const paths = [
      ...archivesOf(directory).map((archive) => archive.path),
      join(directory, 'log', ACTIVE_FILE),
    ];
    const lines = paths.flatMap(readLines);
    expect(findBreak(lines)).toBeNull();
    expect(lines.filter((line) => line.includes('"tool_allowed"'))).toHaveLength(rounds * 32);
    for (const archive of archivesOf(directory)) {
      expect(readLogFile(archive.path)[0]!.seq).toBe(archive.firstSeq);
      expect(statSync(archive.path).size).toBeLessThanOrEqual(40_000);
      expect(statSync(archive.path).mode & 0o777).toBe(0o600);
    }
    expect(await verify(directory)).toMatchObject({ whole: true, event_count: lines.length });
  });
});

describe('rotation', () => {
  it('begins a new file on a new UTC day, and none when the clock steps back', async () => {
    const directory = temporaryDirectory();
    const clock = new TestClock();
    const log = await openTestLog(directory, { clock });
    await log.append(sampleEvent());
    clock.milliseconds -= 2 * DAY;
    await log.append(sampleEvent());
    expect(archivesOf(directory)).toHaveLength(0);
    clock.milliseconds += 3 * DAY;
    await log.append(sampleEvent());
    expect(archivesOf(directory)).toHaveLength(1);
    await log.close();
    expect((await verify(directory)).whole).toBe(true);
  });

  it('goes by the time in the file, also after a restart', async () => {
    const directory = temporaryDirectory();
    const clock = new TestClock();
    await (await openTestLog(directory, { clock })).close();
    utimesSync(join(directory, 'log', ACTIVE_FILE), 0, 0);
    await (await openTestLog(directory, { clock })).close();
    expect(archivesOf(directory)).toHaveLength(0);
    clock.milliseconds += DAY;
    await (await openTestLog(directory, { clock })).close();
    expect(archivesOf(directory)).toHaveLength(1);
  });

  it('continues the newest archive when a crash left no active file', async () => {
    const directory = temporaryDirectory();
    await (await openTestLog(directory)).close();
    renameSync(join(directory, 'log', ACTIVE_FILE), join(directory, 'log', 'api_events-1.jsonl'));
    const log = await openTestLog(directory);
    await log.append(sampleEvent());
    await log.close();
    expect(await verify(directory)).toMatchObject({ whole: true, first_seq: 1 });
  });
});

/** A log with one archive a day, the newest event on the last day. */
async function dailyLog(days: number, signed: boolean) {
  const directory = temporaryDirectory();
  const clock = new TestClock();
  const options = { clock, retentionDays: 5, signingKey: signed ? privateKey : null };
  const log = await openTestLog(directory, options);
  for (let day = 1; day < days; day += 1) {
    await log.append(sampleEvent());
    clock.milliseconds += DAY;
  }
  await log.append(sampleEvent());
  await log.close();
  return { directory, options, clock };
}

describe('retention', () => {
  it.each([true, false])(
    'deletes the oldest files on record, so that the gap verifies (signed: %s)',
    async (signed) => {
      const { directory, options } = await dailyLog(10, signed);
      await (await openTestLog(directory, options)).close();
      const events = [
        ...archivesOf(directory).map((archive) => archive.path),
        join(directory, 'log', ACTIVE_FILE),
      ].flatMap(readLogFile);
      expect(events[0]!.seq).toBeGreaterThan(1);
      const report = await verify(directory, signed);
      expect(report.problems).toEqual([]);
      expect(report.expired_through).toEqual({ seq: events[0]!.seq - 1, hash: events[0]!.prev_hash });
      expect(options.clock.now() - Date.parse(events[0]!.timestamp)).toBeLessThanOrEqual(5 * DAY);
    },
  );

  it('deletes what has expired when nothing but time has passed', async () => {
    const { directory, options, clock } = await dailyLog(3, true);
    clock.milliseconds += 30 * DAY;
    await (await openTestLog(directory, options)).close();
    const report = await verify(directory, true);
    expect(report).toMatchObject({ whole: true, files: [join(directory, 'log', ACTIVE_FILE)] });
  });

  it('leaves a gap that nobody recorded for verification to report', async () => {
    const { directory } = await dailyLog(4, true);
    rmSync(archivesOf(directory)[0]!.path);
    expect((await verify(directory, true)).problems).toMatchObject([{ code: 'missing_files' }]);
  });

  it('does not let a recorded expiry explain more than it names', async () => {
    const { directory, options } = await dailyLog(10, true);
    await (await openTestLog(directory, options)).close();
    rmSync(archivesOf(directory)[0]!.path);
    expect((await verify(directory, true)).problems).toMatchObject([{ code: 'missing_files' }]);
  });

  it('lets a head that is known be the end of a file that has expired, and no other line of it', async () => {
    const { directory, options } = await dailyLog(10, true);
    const archives = archivesOf(directory).map((archive) => readLines(archive.path));
    const lastOf = (lines: string[]) => ({
      seq: (JSON.parse(lines.at(-1)!) as { seq: number }).seq,
      hash: hashLine(lines.at(-1)!),
    });
    await (await openTestLog(directory, options)).close();
    const verifyFrom = async (expectHead: ChainLink) => {
      const paths = [join(directory, 'log')];
      const report = await verifyLog({ paths, publicKeys: [publicKey], expectHead });
      return report.problems.map((problem) => problem.code);
    };
    const [first, second] = archives as [string[], string[]];
    expect(await verifyFrom(lastOf(first))).toEqual([]);
    expect(await verifyFrom(lastOf(second))).toEqual([]);
    expect(await verifyFrom({ seq: 1, hash: '0'.repeat(64) })).toEqual(['head_expired']);
    expect(await verifyFrom({ ...lastOf(second), hash: '0'.repeat(64) })).toEqual(['head_expired']);
    expect(await verifyFrom({ seq: 9_000, hash: '0'.repeat(64) })).toEqual(['head_not_reached']);
  });

  it('leaves a gap in the middle for verification to report', async () => {
    const { directory } = await dailyLog(4, true);
    rmSync(archivesOf(directory)[1]!.path);
    const codes = (await verify(directory, true)).problems.map((problem) => problem.code);
    expect(codes).toContain('seq_gap');
  });

  it('verifies wherever a crash stopped the deletion', async () => {
    const { directory, options } = await dailyLog(12, true);
    const fileSystem = new FaultFileSystem();
    fileSystem.failNext('remove', null, null, 'EIO');
    await (await openTestLog(directory, { ...options, fileSystem })).close();
    expect(readLogFile(archivesOf(directory)[0]!.path)[0]!.seq).toBeGreaterThan(1);
    expect((await verify(directory, true)).whole).toBe(true);
    await (await openTestLog(directory, options)).close();
    expect((await verify(directory, true)).whole).toBe(true);
  });
});
