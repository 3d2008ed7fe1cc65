import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashLine } from '../../src/audit/chain.js';
import { checkHeadText } from '../../src/audit/head-file.js';
import { findArchives } from '../../src/audit/log-files.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { openTestLog, readLines, readLogFile, sampleEvent, TestClock } from '../helpers/audit.js';
import { copyAsKilled, forgeLine } from '../helpers/crashed-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const DAY = 86_400_000;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

function archivesOf(directory: string): string[] {
  const log = join(directory, 'log');
  return findArchives(log, readdirSync(log)).map((archive) => archive.path);
}

function verify(directory: string, withKey: boolean) {
  const publicKeys = withKey ? [publicKey] : [];
  return verifyLog({ paths: [join(directory, 'log')], publicKeys, expectHead: null });
}

/** What a process leaves that wrote three archives and was killed. */
async function killedLog(signed = true) {
  const directory = temporaryDirectory();
  const clock = new TestClock();
  const options = { clock, signingKey: signed ? privateKey : null };
  const log = await openTestLog(directory, options);
  for (let day = 0; day < 3; day += 1) {
    await log.append(sampleEvent());
    clock.milliseconds += DAY;
  }
  await log.close();
  // The head that is known is in the active file from here on.
  await (await openTestLog(directory, options)).append(sampleEvent());
  return { directory: copyAsKilled(directory), options };
}

function headOf(directory: string) {
  return checkHeadText(readFileSync(join(directory, 'state', 'audit-head'), 'utf8'))!.link;
}

/** Deletes all archives with the excuse that they have expired, in lines that follow the last one. */
function deleteWithExcuse(directory: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const archives = archivesOf(directory);
  const last = readLines(archives.at(-1)!).at(-1)!;
  const { seq, timestamp } = readLogFile(archives.at(-1)!).at(-1)!;
  forgeLine(directory, {
    event_type: 'audit_files_expired',
    first_seq: 1,
    last_seq: seq,
    last_hash: hashLine(last),
    last_timestamp: timestamp,
    ...fields,
  });
  for (const archive of archives) rmSync(archive);
}

describe('an expiry that the service did not write', () => {
  it.each([true, false])(
    'explains nothing after a start that takes it over and signs it (verified with the key: %s)',
    async (withKey) => {
      const { directory, options } = await killedLog();
      deleteWithExcuse(directory);
      await (await openTestLog(directory, options)).close();
      const { problems } = await verify(directory, withKey);
      expect(problems).toMatchObject([{ code: 'missing_files' }]);
      expect(problems[0]!.message).toContain('no checkpoint that counts stands directly behind their expiry');
    },
  );

  it.each([true, false])(
    'explains nothing with an unsigned checkpoint behind it, in a log that is signed (verified with the key: %s)',
    async (withKey) => {
      const { directory, options } = await killedLog();
      deleteWithExcuse(directory);
      forgeLine(directory, { event_type: 'audit_checkpoint', key_id: null, signature: null });
      await (await openTestLog(directory, options)).close();
      const codes = (await verify(directory, withKey)).problems.map((problem) => problem.code);
      expect(codes).toContain('missing_files');
    },
  );

  it.each([
    ['a signature that is none, in a log that is signed', true, 'A'.repeat(86)],
    ['an unsigned one, in a log that is not', false, null],
  ])(
    'explains nothing, even without the key, with a checkpoint behind it: %s',
    async (_what, signed, signature) => {
      const { directory, options } = await killedLog(signed);
      const { seq, hash } = headOf(directory);
      deleteWithExcuse(directory);
      forgeLine(directory, {
        event_type: 'audit_checkpoint',
        previous_checkpoint_seq: seq,
        previous_checkpoint_hash: hash,
        key_id: signed ? 'a'.repeat(16) : null,
        signature,
      });
      await (await openTestLog(directory, options)).close();
      expect((await verify(directory, false)).problems).toMatchObject([{ code: 'missing_files' }]);
    },
  );

  it('explains nothing where it is older than what it names', async () => {
    const { directory } = await killedLog(false);
    deleteWithExcuse(directory, { last_timestamp: '2040-01-01T00:00:00.000Z' });
    forgeLine(directory, { event_type: 'audit_checkpoint', key_id: null, signature: null });
    const codes = (await verify(directory, false)).problems.map((problem) => problem.code);
    expect(codes).toContain('missing_files');
  });
});

describe('an expiry on record', () => {
  it.each([
    ['checked', true, true],
    ['not_checked', true, false],
    ['unsigned', false, false],
  ])('says whether its signature was checked: %s', async (expected, signed, withKey) => {
    const { directory, options } = await killedLog(signed);
    options.clock.milliseconds += 100 * DAY;
    await (await openTestLog(directory, options)).close();
    expect(await verify(directory, withKey)).toMatchObject({ problems: [], expiry_signature: expected });
  });
});

describe('a start', () => {
  it('never writes a checkpoint directly behind a line that it takes over', async () => {
    const { directory, options } = await killedLog();
    deleteWithExcuse(directory);
    await (await openTestLog(directory, options)).close();
    const events = archivesOf(directory)
      .flatMap(readLogFile)
      .concat(readLogFile(join(directory, 'log', 'api_events.jsonl')));
    const at = events.findIndex((event) => event.event_type === 'audit_files_expired');
    expect(events[at + 1]).toMatchObject({ event_type: 'audit_opened' });
  });
});
