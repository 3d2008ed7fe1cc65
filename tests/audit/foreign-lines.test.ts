import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashLine } from '../../src/audit/chain.js';
import { checkHeadText } from '../../src/audit/head-file.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { ConfigError } from '../../src/domain/errors.js';
import { activeFile, openTestLog, readLines, readLogFile, sampleEvent } from '../helpers/audit.js';
import { copyAsKilled, forgeLine } from '../helpers/crashed-log.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const signed = { signingKey: privateKey };

/** A log of five lines: opened, checkpoint, an event, closed, checkpoint. */
async function closedLog(): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openTestLog(directory, signed);
  await log.append(sampleEvent());
  await log.close();
  return directory;
}

/** A log of five lines: opened, checkpoint, three events, of a process that was killed. */
async function killedLog(): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openTestLog(directory, signed);
  await log.append(sampleEvent(), sampleEvent(), sampleEvent());
  return copyAsKilled(directory);
}

function headOf(directory: string): string {
  return readFileSync(join(directory, 'state', 'audit-head'), 'utf8').trim();
}

function verify(directory: string) {
  return verifyLog({ paths: [join(directory, 'log')], publicKeys: [publicKey], expectHead: null });
}

async function refusalOf(directory: string): Promise<string> {
  const refusal = await openTestLog(directory, signed).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ConfigError);
  expect((refusal as ConfigError).message).toContain('ACP_AUDIT_ACCEPT_NEW_HEAD=true');
  return (refusal as ConfigError).message;
}

describe('the mark of a log that was closed', () => {
  it('stands only while no process has the log', async () => {
    const directory = temporaryDirectory();
    for (let run = 0; run < 3; run += 1) {
      const log = await openTestLog(directory, signed);
      expect(headOf(directory)).toMatch(/^\d+:[\da-f]{64}$/);
      await log.close();
      expect(headOf(directory)).toMatch(/^\d+:[\da-f]{64} closed$/);
    }
    const opened = readLogFile(activeFile(directory)).filter((event) => event.event_type === 'audit_opened');
    expect(opened).toHaveLength(3);
    for (const event of opened)
      expect(event).toMatchObject({ taken_over_lines: 0, taken_over_first_seq: null });
    expect(opened.map((event) => event['previous_closed'])).toEqual([null, true, true]);
    expect(opened.map((event) => event['known_head_seq'])).toEqual([null, 4, 8]);
    expect(await verify(directory)).toMatchObject({ whole: true, notes: [] });
  });

  it('is gone before the first byte of a start is written, so that no crash makes own lines foreign', async () => {
    const directory = await closedLog();
    const fileSystem = new FaultFileSystem();
    fileSystem.failNext('append', { takes: 1_500, code: 'EIO' });
    await expect(openTestLog(directory, { ...signed, fileSystem })).rejects.toMatchObject({
      code: 'audit_unavailable',
    });
    await (await openTestLog(directory, signed)).close();
    expect((await verify(directory)).whole).toBe(true);
  });

  it('is not written where the log was not closed in order', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, signed);
    appendFileSync(activeFile(directory), '{}\n');
    await expect(log.close()).rejects.toMatchObject({ fault: 'log_replaced' });
    expect(headOf(directory)).toMatch(/^\d+:[\da-f]{64}$/);
  });

  it.each(['', '1', ' closed', `1:${'0'.repeat(64)} open`, `1:${'0'.repeat(64)} closed closed`])(
    'is nothing else: %j',
    (text) => {
      expect(checkHeadText(text)).toBeNull();
    },
  );
});

describe('what stands behind the end of a log that was closed', () => {
  const additions: [string, number, (directory: string) => void][] = [
    ['a line that follows', 1, (directory) => forgeLine(directory, { user_id: 'forged' })],
    [
      'lines, and a copy of the last one that is known',
      1,
      (directory) => {
        const last = readLines(activeFile(directory)).at(-1)!;
        forgeLine(directory, { user_id: 'forged' });
        appendFileSync(activeFile(directory), `${last}\n`);
      },
    ],
    ['half a line', 0, (directory) => appendFileSync(activeFile(directory), '{"event_type":')],
  ];

  it.each(additions)('stops a start, which changes nothing: %s', async (_what, _lines, add) => {
    const directory = await closedLog();
    add(directory);
    const before = readFileSync(activeFile(directory));
    expect(await refusalOf(directory)).toContain('closed in order');
    expect(readFileSync(activeFile(directory))).toEqual(before);
    expect(readdirSync(join(directory, 'log')).sort()).toEqual(['api_events.jsonl', 'audit.lock']);
    expect(headOf(directory)).toMatch(/ closed$/);
  });

  it.each(additions)(
    'is taken over where an operator accepts it, on record: %s',
    async (_what, lines, add) => {
      const directory = await closedLog();
      const { seq } = readLogFile(activeFile(directory)).at(-1)!;
      add(directory);
      await (await openTestLog(directory, { ...signed, acceptNewHead: true })).close();
      const events = readLogFile(activeFile(directory));
      const reset = events.find((event) => event.event_type === 'audit_head_reset')!;
      expect(reset).toMatchObject({ expected_seq: seq, foreign_lines: lines });
      expect(reset['accepted']).toContain('lines_after_close');
      const report = await verify(directory);
      expect(report.problems).toEqual([]);
      expect(report.notes.map((note) => note.code)).toContain('accepted_on_record');
      await (await openTestLog(directory, signed)).close();
    },
  );
});

describe('lines behind the last checkpoint of a process that was killed', () => {
  const forgeries: [string, number, (directory: string) => void][] = [
    ['its own', 5, () => undefined],
    ['and lines of others', 6, (directory) => forgeLine(directory, { user_id: 'forged' })],
    [
      'and a checkpoint of others without a signature',
      6,
      (directory) => forgeLine(directory, { event_type: 'audit_checkpoint', key_id: null, signature: null }),
    ],
    [
      'and a start of others',
      6,
      (directory) => forgeLine(directory, { event_type: 'audit_opened', taken_over_lines: 0 }),
    ],
  ];

  it.each(forgeries)(
    'are taken over on record, and verification says which: %s',
    async (_what, last, forge) => {
      const directory = await killedLog();
      forge(directory);
      await (await openTestLog(directory, signed)).close();
      const opened = readLogFile(activeFile(directory))[last]!;
      const [first, lines] = [3, last - 2];
      expect(opened).toMatchObject({
        event_type: 'audit_opened',
        taken_over_lines: lines,
        taken_over_first_seq: first,
        taken_over_last_seq: last,
      });
      const { notes } = await verify(directory);
      expect(notes).toMatchObject([
        {
          code: 'taken_over',
          line: last + 1,
          first_seq: first,
          last_seq: last,
          message: `taken over unsigned after a crash: lines ${first} to ${last}; the process before did not close; its last known head was line 2`,
        },
      ]);
    },
  );

  it('may all be cut unseen; verification says up to where the log was known', async () => {
    const directory = await killedLog();
    const lines = readLines(activeFile(directory)).slice(0, 2);
    writeFileSync(activeFile(directory), `${lines.join('\n')}\n`);
    await (await openTestLog(directory, signed)).close();
    expect(readLogFile(activeFile(directory))[2]).toMatchObject({
      event_type: 'audit_opened',
      taken_over_lines: 0,
      previous_closed: false,
      known_head_seq: 2,
    });
    const message = 'the process before did not close; its last known head was line 2';
    expect(await verify(directory)).toMatchObject({
      whole: true,
      notes: [{ code: 'not_closed', line: 3, message, first_seq: 2, last_seq: 2 }],
    });
  });

  it('end where a checkpoint behind the known head has a good signature', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { ...signed, checkpointEvents: 3 });
    await log.append(sampleEvent(), sampleEvent(), sampleEvent());
    await log.append(sampleEvent());
    const killed = copyAsKilled(directory);
    expect(checkHeadText(headOf(killed))!.link.seq).toBe(2);
    await (await openTestLog(killed, signed)).close();
    expect(readLogFile(activeFile(killed))[7]).toMatchObject({
      taken_over_first_seq: 7,
      taken_over_last_seq: 7,
    });
  });

  it('do not end at a checkpoint that another key has signed', async () => {
    const directory = await killedLog();
    await (await openTestLog(directory, { signingKey: stranger.privateKey })).append(sampleEvent());
    const killed = copyAsKilled(directory);
    const first = readLines(activeFile(killed))[1]!;
    writeFileSync(join(killed, 'state', 'audit-head'), `2:${hashLine(first)}`);
    await (await openTestLog(killed, signed)).close();
    const opened = readLogFile(activeFile(killed)).filter((event) => event.event_type === 'audit_opened');
    expect(opened.at(-1)).toMatchObject({ taken_over_first_seq: 3, taken_over_last_seq: 8 });
  });

  it('are taken over by a start that knows a head without any mark, as older versions kept it', async () => {
    const directory = await closedLog();
    writeFileSync(join(directory, 'state', 'audit-head'), headOf(directory).replace(' closed', ''));
    forgeLine(directory, {});
    await (await openTestLog(directory, signed)).close();
    expect(readLogFile(activeFile(directory))[6]).toMatchObject({
      taken_over_first_seq: 6,
      taken_over_last_seq: 6,
    });
  });
});

describe('notes that somebody put among the lines behind the last checkpoint', () => {
  const forged: [string, Readonly<Record<string, unknown>>][] = [
    ['ranges', { event_type: 'audit_opened', taken_over_first_seq: 1, taken_over_last_seq: 1 }],
    [
      'ranges over the whole log',
      { event_type: 'audit_opened', taken_over_first_seq: 1, taken_over_last_seq: 5 },
    ],
    [
      'processes that did not close',
      { event_type: 'audit_opened', previous_closed: false, known_head_seq: 1 },
    ],
    ['acceptances', { event_type: 'audit_head_reset' }],
  ];

  it.each(forged)('hide no true one, however many they are: %s', async (_what, fields) => {
    const first = await killedLog();
    await (await openTestLog(first, signed)).append(sampleEvent());
    const directory = copyAsKilled(first);
    for (let count = 0; count < 150; count += 1) forgeLine(directory, fields);
    await (await openTestLog(directory, signed)).close();
    const opened = readLogFile(activeFile(directory)).findLast(
      (event) => event.event_type === 'audit_opened',
    )!;
    const { notes, note_count: count } = await verify(directory);
    expect(notes).toMatchObject([
      { code: 'taken_over', first_seq: 3, last_seq: 5 },
      { code: 'taken_over', first_seq: 8, last_seq: opened.seq - 1 },
    ]);
    expect(count).toBe(2);
  });

  it('never push the newest out, where no key tells which checkpoints count', async () => {
    const directory = temporaryDirectory();
    await openTestLog(directory);
    const killed = copyAsKilled(directory);
    for (let count = 0; count < 110; count += 1) {
      forgeLine(killed, { event_type: 'audit_opened', taken_over_first_seq: 1, taken_over_last_seq: 1 });
      forgeLine(killed, { event_type: 'audit_checkpoint', key_id: null, signature: null });
    }
    await (await openTestLog(killed)).close();
    const report = await verifyLog({ paths: [join(killed, 'log')], publicKeys: [], expectHead: null });
    expect(report.notes).toHaveLength(100);
    expect(report.notes.at(-1)).toMatchObject({ first_seq: 3, last_seq: 222 });
    expect(report.note_count).toBe(111);
  });
});
