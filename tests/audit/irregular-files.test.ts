import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followLog } from '../../src/audit/export/follow-log.js';
import { readEvents } from '../../src/audit/export/read-events.js';
import { readLastLine } from '../../src/audit/last-line.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { activeFile, openTestLog, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const everything = { since: null, until: null, eventTypes: null, tenants: null };

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function makePipe(path: string): void {
  if (!run('mkfifo', path)) throw new Error('this machine cannot make a pipe');
}

async function makeSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

const irregulars: [string, (path: string) => unknown][] = [
  ['a pipe', makePipe],
  [
    'a symbolic link to a pipe',
    (path) => {
      makePipe(`${path}.pipe`);
      symlinkSync(`${path}.pipe`, path);
    },
  ],
  ['a symbolic link to a device', (path) => symlinkSync('/dev/zero', path)],
  ['a socket', makeSocket],
  ['a directory', mkdirSync],
];

async function closedLog(): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openTestLog(directory);
  await log.append(sampleEvent());
  await log.close();
  return directory;
}

function verify(...paths: string[]) {
  return verifyLog({ paths, publicKeys: [], expectHead: null });
}

async function exportAll(path: string): Promise<number> {
  let count = 0;
  for await (const batch of readEvents([path], everything)) count += batch.events.length;
  return count;
}

describe.each(irregulars)('%s in the place of a log file', (_what, make) => {
  it('holds up neither a verification, which names it and reads the rest, nor an export', async () => {
    const directory = await closedLog();
    const archive = join(directory, 'log', 'api_events-90.jsonl');
    await make(archive);
    const report = await verify(join(directory, 'log'));
    expect(report.problems).toMatchObject([{ code: 'unreadable_file', file: archive }]);
    expect(report.event_count).toBe(5);
    expect((await verify(archive)).whole).toBe(false);
    await expect(exportAll(join(directory, 'log'))).rejects.toThrow();
  });

  it('holds up neither a start nor whoever follows the log', async () => {
    const directory = await closedLog();
    renameSync(activeFile(directory), join(directory, 'log', 'api_events-1.jsonl'));
    await make(activeFile(directory));
    await expect(openTestLog(directory)).rejects.toMatchObject({ code: 'audit_unavailable' });
    const following = followLog({
      directory: join(directory, 'log'),
      lastCount: 1,
      isWanted: () => true,
      pollMilliseconds: 1,
      signal: null,
      onEvent: () => undefined,
      onUnreadable: () => undefined,
    });
    await expect(following).rejects.toThrow();
    await expect(readLastLine(activeFile(directory), 100)).rejects.toThrow();
  });
});

describe('a symbolic link to a log file', () => {
  it('is followed by a verification, and counts as the file that it names', async () => {
    const directory = await closedLog();
    const link = join(directory, 'link.jsonl');
    symlinkSync(activeFile(directory), link);
    expect(await verify(link)).toMatchObject({ whole: true, files: [link] });
    const log = join(directory, 'log');
    expect(await verify(log, link, activeFile(directory), log)).toMatchObject({
      whole: true,
      files: [activeFile(directory)],
    });
  });

  it('is not followed by a start', async () => {
    const directory = await closedLog();
    cpSync(activeFile(directory), join(directory, 'elsewhere.jsonl'));
    rmSync(activeFile(directory));
    symlinkSync(join(directory, 'elsewhere.jsonl'), activeFile(directory));
    await expect(openTestLog(directory)).rejects.toMatchObject({ code: 'audit_unavailable' });
  });
});
