import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.js';
import {
  activeFile,
  openTestLog,
  readLines,
  readLogFile,
  sampleEvent,
  TEST_EPOCH,
} from '../helpers/audit.js';
import { copyAsKilled, forgeLine } from '../helpers/crashed-log.js';
import { FaultFileSystem } from '../helpers/fault-file-system.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const faultedAt = new Date(TEST_EPOCH).toISOString();

function markOf(directory: string): string {
  return join(directory, 'state', 'audit-outage');
}

function recoveryOf(directory: string) {
  return readLogFile(activeFile(directory)).find((event) => event.event_type === 'audit_recovered');
}

describe('a log that was replaced under a process which then ended', () => {
  const tamperings: [string, (path: string) => void][] = [
    ['lines were put into it', () => undefined],
    [
      'its last line was cut off',
      (path) => writeFileSync(path, `${readLines(path).slice(0, -1).join('\n')}\n`),
    ],
  ];

  it.each(tamperings)('is not taken up without the word of an operator: %s', async (what, tamper) => {
    for (const how of ['stopped', 'killed']) {
      const running = temporaryDirectory();
      const log = await openTestLog(running);
      await log.append(sampleEvent());
      if (what === 'lines were put into it') forgeLine(running, { user_id: 'forged' });
      tamper(activeFile(running));
      await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'log_replaced' });
      if (how === 'stopped') await expect(log.close()).rejects.toMatchObject({ fault: 'log_replaced' });
      const directory = copyAsKilled(running);

      const refusal = await openTestLog(directory).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigError);
      expect((refusal as ConfigError).message).toContain('replaced or cut under the process');
      expect((refusal as ConfigError).message).toContain(faultedAt);

      await (await openTestLog(directory, { acceptNewHead: true })).close();
      expect(recoveryOf(directory)).toMatchObject({
        recovered_from: 'log_replaced',
        faulted_at: faultedAt,
        refused_events: null,
      });
      const reset = readLogFile(activeFile(directory)).find(
        (event) => event.event_type === 'audit_head_reset',
      );
      expect(reset).toMatchObject({ accepted: ['log_replaced'] });
      expect(existsSync(markOf(directory))).toBe(false);
      await (await openTestLog(directory)).close();
    }
  });

  it.each(['moved away and back', 'replaced by a copy of itself'])(
    'is taken up, with the outage on record, where it ends with the last acknowledged line: %s',
    async (how) => {
      const running = temporaryDirectory();
      const log = await openTestLog(running);
      await log.append(sampleEvent());
      const path = activeFile(running);
      renameSync(path, `${path}.moved`);
      await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'log_replaced' });
      if (how === 'moved away and back') renameSync(`${path}.moved`, path);
      else writeFileSync(path, readFileSync(`${path}.moved`));
      const directory = copyAsKilled(running);
      await (await openTestLog(directory)).close();
      expect(recoveryOf(directory)).toMatchObject({
        recovered_from: 'log_replaced',
        faulted_at: faultedAt,
        refused_events: null,
      });
      const types = readLogFile(activeFile(directory)).map((event) => event.event_type);
      expect(types).not.toContain('audit_head_reset');
      expect(existsSync(markOf(directory))).toBe(false);
    },
  );

  it('is not taken up where the mark does not say which line was the last', async () => {
    const directory = temporaryDirectory();
    await (await openTestLog(directory)).close();
    const mark = { fault: 'log_replaced', system_code: null, faulted_at: faultedAt };
    writeFileSync(markOf(directory), JSON.stringify(mark));
    await expect(openTestLog(directory)).rejects.toBeInstanceOf(ConfigError);
  });

  it('is found also where nothing was written until the stop', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    appendFileSync(activeFile(directory), '{}\n');
    await expect(log.close()).rejects.toMatchObject({ fault: 'log_replaced' });
    await expect(openTestLog(directory)).rejects.toBeInstanceOf(ConfigError);
  });

  it('is told from a log that merely could not be written before', async () => {
    const directory = temporaryDirectory();
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(directory, { fileSystem, probeMilliseconds: 1 });
    fileSystem.failAlways('append', 'EIO');
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'write_failed' });
    rmSync(activeFile(directory));
    await fileSystem.reached('identify', 3);
    expect(log.fault()).toContain('deleted, replaced or cut');
    expect(JSON.parse(readFileSync(markOf(directory), 'utf8'))).toMatchObject({ fault: 'log_replaced' });
  });
});

describe('an outage that ends with the process', () => {
  it('comes on record at the next start, which needs nobody', async () => {
    const running = temporaryDirectory();
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(running, { fileSystem });
    fileSystem.failAlways('append', 'ENOSPC');
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'write_failed' });
    const directory = copyAsKilled(running);
    await (await openTestLog(directory)).close();
    expect(recoveryOf(directory)).toMatchObject({
      recovered_from: 'write_failed',
      system_code: 'ENOSPC',
      faulted_at: faultedAt,
    });
    expect(existsSync(markOf(directory))).toBe(false);
  });

  it('makes the stop fail', async () => {
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(temporaryDirectory(), { fileSystem });
    fileSystem.failAlways('append', 'ENOSPC');
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'write_failed' });
    await expect(log.close()).rejects.toMatchObject({ systemCode: 'ENOSPC' });
  });

  it('is ended by the stop itself where the log can be written again', async () => {
    const directory = temporaryDirectory();
    const fileSystem = new FaultFileSystem();
    const log = await openTestLog(directory, { fileSystem });
    fileSystem.failNext('append', 'EIO');
    await log.close();
    const types = readLogFile(activeFile(directory)).map((event) => event.event_type);
    expect(types.slice(-4)).toEqual([
      'audit_recovered',
      'audit_checkpoint',
      'audit_closed',
      'audit_checkpoint',
    ]);
    expect(existsSync(markOf(directory))).toBe(false);
  });
});

describe('the mark of an outage', () => {
  it('is gone when the log works again', async () => {
    const directory = temporaryDirectory();
    const fileSystem = new FaultFileSystem();
    const recovered = Promise.withResolvers<number>();
    const hooks = { onRecovered: recovered.resolve };
    const log = await openTestLog(directory, { fileSystem, probeMilliseconds: 1, hooks });
    fileSystem.failNext('append', 'EIO');
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ fault: 'write_failed' });
    await recovered.promise;
    expect(existsSync(markOf(directory))).toBe(false);
  });

  it('stops a start where it cannot be read', async () => {
    const directory = temporaryDirectory();
    await (await openTestLog(directory)).close();
    writeFileSync(markOf(directory), 'nonsense');
    await expect(openTestLog(directory)).rejects.toBeInstanceOf(ConfigError);
    await (await openTestLog(directory, { acceptNewHead: true })).close();
    expect(recoveryOf(directory)).toMatchObject({ recovered_from: 'unknown', faulted_at: null });
  });
});
