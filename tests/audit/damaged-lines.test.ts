import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findArchives } from '../../src/audit/log-files.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { ConfigError } from '../../src/domain/errors.js';
import { activeFile, openTestLog, readLines, readLogFile, sampleEvent } from '../helpers/audit.js';
import { copyAsKilled } from '../helpers/crashed-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

/** A log of seven lines: opened, checkpoint, five events, of a process that was killed. */
async function killedLog(): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openTestLog(directory);
  for (let count = 0; count < 5; count += 1) await log.append(sampleEvent());
  return copyAsKilled(directory);
}

function changeLines(directory: string, change: (lines: string[]) => string[]): void {
  const lines = change(readLines(activeFile(directory)));
  writeFileSync(activeFile(directory), lines.map((line) => `${line}\n`).join(''));
}

function verify(directory: string) {
  return verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
}

function partialsOf(directory: string): string[] {
  return readdirSync(join(directory, 'log')).filter((name) => name.endsWith('.partial'));
}

const otherUser = (line: string): string => line.replace('user-1', 'user-9');
const otherSeq = (line: string): string => line.replace('"seq":6', '"seq":99');

const damages: [string, number, (lines: string[]) => string[]][] = [
  ['the last line but one changed', 7, (lines) => lines.with(5, otherUser(lines[5]!))],
  ['the last line but one changed in its number', 6, (lines) => lines.with(5, otherSeq(lines[5]!))],
  ['a line further up changed', 5, (lines) => lines.with(3, otherUser(lines[3]!))],
  ['a line taken out', 6, (lines) => lines.toSpliced(5, 1)],
  ['a line repeated', 8, (lines) => [...lines, lines[6]!]],
  ['an older line at the end', 8, (lines) => [...lines, lines[2]!]],
  ['two lines swapped', 6, (lines) => lines.with(5, lines[6]!).with(6, lines[5]!)],
];

describe('damage behind the last checkpoint that no torn write leaves', () => {
  it.each(damages)(
    'stops a start with file and line, and nothing is moved: %s',
    async (_what, line, change) => {
      const directory = await killedLog();
      changeLines(directory, change);
      const before = readFileSync(activeFile(directory));
      const refusal = await openTestLog(directory).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigError);
      expect((refusal as ConfigError).violations[0]).toContain(`line ${line} of api_events.jsonl`);
      expect((refusal as ConfigError).violations[0]).toContain('ACP_AUDIT_ACCEPT_NEW_HEAD=true');
      expect(readFileSync(activeFile(directory))).toEqual(before);
      expect(partialsOf(directory)).toEqual([]);
    },
  );

  it.each(damages)('goes on record where an operator accepts it: %s', async (_what, line, change) => {
    const directory = await killedLog();
    changeLines(directory, change);
    await (await openTestLog(directory, { acceptNewHead: true })).close();
    const reset = readLogFile(activeFile(directory)).find((event) => event.event_type === 'audit_head_reset');
    expect(reset).toMatchObject({
      accepted: ['damaged_line'],
      damaged_file: 'api_events.jsonl',
      damaged_line: line,
    });
    await (await openTestLog(directory)).close();
  });

  it('stays in the log for verification to report, also where it was accepted', async () => {
    const directory = await killedLog();
    changeLines(directory, (lines) => lines.with(5, otherUser(lines[5]!)));
    await (await openTestLog(directory, { acceptNewHead: true })).close();
    expect((await verify(directory)).problems).toMatchObject([{ code: 'broken_link', line: 7 }]);
    expect(partialsOf(directory)).toEqual([]);
  });
});

describe('bytes that are no line, with whole lines behind them', () => {
  it.each([
    ['noise', 'x'],
    ['zeros, as a loss of power may leave them', '\0'.repeat(600)],
  ])('are set aside with them, and their number is on record: %s', async (_what, noise) => {
    const directory = await killedLog();
    changeLines(directory, (lines) => lines.with(5, noise));
    await (await openTestLog(directory)).close();
    const events = readLogFile(activeFile(directory));
    expect(events.find((event) => event.event_type === 'audit_recovered')).toMatchObject({
      recovered_from: 'torn_tail',
      complete_lines: 1,
    });
    expect((await verify(directory)).problems).toEqual([]);
  });

  it.each([
    ['two lines that follow each other', 4],
    ['three', 3],
  ])('take all of them along, even where they can be continued: %s', async (_what, index) => {
    const directory = await killedLog();
    changeLines(directory, (lines) => lines.with(index, 'x'));
    appendFileSync(activeFile(directory), 'torn');
    await (await openTestLog(directory)).close();
    const events = readLogFile(activeFile(directory));
    expect(events.find((event) => event.event_type === 'audit_recovered')).toMatchObject({
      complete_lines: 6 - index,
    });
    expect((await verify(directory)).problems).toEqual([]);
    expect(partialsOf(directory)).toHaveLength(1);
  });

  it('stay where they are, for verification to report, before a checkpoint that vouches', async () => {
    const running = temporaryDirectory();
    const { privateKey } = generateKeyPairSync('ed25519');
    const log = await openTestLog(running, { signingKey: privateKey, checkpointEvents: 3 });
    for (let count = 0; count < 5; count += 1) await log.append(sampleEvent());
    const directory = copyAsKilled(running);
    changeLines(directory, (lines) => lines.with(2, 'x'));
    await (await openTestLog(directory, { signingKey: privateKey })).close();
    expect(partialsOf(directory)).toEqual([]);
    const codes = (await verify(directory)).problems.map((problem) => problem.code);
    expect(codes).toContain('unparsable_line');
  });
});

describe('damage behind the last checkpoint, at the border of two files', () => {
  /** A log of three files and more, with its only checkpoint in the first, of a process that was killed. */
  async function killedFiles(): Promise<{ directory: string; archives: string[] }> {
    const running = temporaryDirectory();
    const log = await openTestLog(running, { rotateBytes: 5_000 });
    for (let count = 0; count < 16; count += 1) await log.append(sampleEvent());
    const directory = copyAsKilled(running);
    const folder = join(directory, 'log');
    const archives = findArchives(folder, readdirSync(folder)).map((archive) => archive.path);
    expect(archives.length).toBeGreaterThan(1);
    return { directory, archives };
  }

  function changeFile(path: string, change: (lines: string[]) => string[]): void {
    const lines = change(readLines(path));
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  }

  const damages: [string, (archive: string, active: string) => void][] = [
    ['the first line of a file taken out', (_, active) => changeFile(active, (lines) => lines.slice(1))],
    [
      'the last line before it changed',
      (path) => changeFile(path, (lines) => lines.with(-1, otherUser(lines.at(-1)!))),
    ],
    ['the last line of an archive taken out', (path) => changeFile(path, (lines) => lines.slice(0, -1))],
    ['an archive emptied', (path) => writeFileSync(path, '')],
    ['an archive deleted', (path) => rmSync(path)],
    ['bytes that are no line at the end of an archive', (path) => appendFileSync(path, 'torn')],
    ['an archive that holds no line', (path) => writeFileSync(path, 'torn')],
  ];

  it.each(damages)('stops a start with file and line, and goes on record: %s', async (_what, damage) => {
    const { directory, archives } = await killedFiles();
    damage(archives.at(-1)!, activeFile(directory));
    const refusal = await openTestLog(directory).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigError);
    expect((refusal as ConfigError).violations[0]).toContain('line 1 of api_events.jsonl');
    expect(partialsOf(directory)).toEqual([]);
    await (await openTestLog(directory, { acceptNewHead: true })).close();
    const reset = readLogFile(activeFile(directory)).find((event) => event.event_type === 'audit_head_reset');
    expect(reset).toMatchObject({ accepted: ['damaged_line'], damaged_line: 1 });
    await (await openTestLog(directory)).close();
  });

  it('is not seen where there is none', async () => {
    const { directory } = await killedFiles();
    await (await openTestLog(directory)).close();
    expect((await verify(directory)).problems).toEqual([]);
  });
});
