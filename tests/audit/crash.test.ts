import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFailed } from 'vitest';
import { findLogPaths } from '../../src/audit/log-paths.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { systemClock } from '../../src/domain/clock.js';
import { openTestLog, readLogFile } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const WRITER = fileURLToPath(new URL('crash-writer.ts', import.meta.url));
const KILLS = 25;
const MAX_MILLISECONDS_BEFORE_KILL = 60;

/** How long each writer goes on before it is killed; the seed is said where the test fails, and may be set. */
function pausesInMilliseconds(): readonly number[] {
  const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 31));
  onTestFailed(() => void process.stderr.write(`the pauses before the kills: CRASH_SEED=${seed}\n`));
  const pause = fc.integer({ min: 0, max: MAX_MILLISECONDS_BEFORE_KILL });
  return fc.sample(fc.noBias(pause), { seed, numRuns: KILLS });
}

interface Writer {
  /** What was acknowledged to it, once it is dead. */
  acknowledged(): string[];
  opened(): Promise<void>;
  kill(): Promise<void>;
}

function startWriter(directory: string, durability: string, runName: string): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, directory, durability, runName], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const opened: PromiseWithResolvers<void> = Promise.withResolvers();
  child.stdout.once('data', () => {
    opened.resolve();
  });
  const closed = once(child, 'close');
  void closed.then(() => opened.reject(new Error('the writer ended before it opened the log')));
  opened.promise.catch(() => undefined);
  return {
    acknowledged: () => {
      const text = readFileSync(join(directory, `acknowledged-${runName}`), 'utf8');
      return text
        .slice(0, text.lastIndexOf('\n') + 1)
        .split('\n')
        .slice(0, -1);
    },
    opened: () => opened.promise,
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function countByRequest(directory: string): Promise<Map<unknown, number>> {
  const counts = new Map<unknown, number>();
  const { files } = await findLogPaths([join(directory, 'log')]);
  for (const event of files.flatMap((file) => readLogFile(file))) {
    counts.set(event['request_id'], (counts.get(event['request_id']) ?? 0) + 1);
  }
  return counts;
}

describe.each(['os', 'disk'] as const)('a process that is killed while it writes (%s)', (durability) => {
  it(`loses nothing it acknowledged, ${KILLS} times over`, { timeout: 120_000 }, async () => {
    const directory = temporaryDirectory();
    const acknowledged: string[] = [];
    let next = startWriter(directory, durability, 'run-0');
    for (const [index, milliseconds] of pausesInMilliseconds().entries()) {
      const run = index + 1;
      const writer = next;
      await writer.opened();
      await delay(milliseconds);
      await writer.kill();
      acknowledged.push(...writer.acknowledged());
      if (run < KILLS) next = startWriter(directory, durability, `run-${run}`);
    }
    await (await openTestLog(directory, { clock: systemClock })).close();

    const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ first_seq: 1, last_seq: report.event_count });
    const counts = await countByRequest(directory);
    expect(acknowledged.length).toBeGreaterThan(KILLS);
    expect(acknowledged.filter((name) => counts.get(name) !== 2)).toEqual([]);
  });
});

describe('two logs with one state directory', () => {
  it('are not both written at once, since the head in it belongs to one of them', async () => {
    const directory = temporaryDirectory();
    const first = startWriter(directory, 'os', 'first');
    await first.opened();
    const other = { directory: join(directory, 'other-log') };
    await expect(openTestLog(directory, other)).rejects.toMatchObject({
      code: 'audit_unavailable',
      fault: 'state_locked',
      message: expect.stringContaining('set ACP_STATE_DIR') as string,
    });
    await first.kill();
    // The first one is as it was, and can go on.
    await (await openTestLog(directory, { clock: systemClock })).close();
  });

  it('are told apart when one follows the other', async () => {
    const directory = temporaryDirectory();
    await (await openTestLog(directory)).close();
    const other = { directory: join(directory, 'other-log') };
    await expect(openTestLog(directory, other)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining('the head is that of another log directory') as string,
    });
    await (await openTestLog(directory)).close();
  });

  it('leave the lock of a log free that could not be opened', async () => {
    const directory = temporaryDirectory();
    const first = await openTestLog(directory);
    const other = { directory: join(directory, 'other-log') };
    await expect(openTestLog(directory, other)).rejects.toMatchObject({ fault: 'state_locked' });
    await openTestLog(directory, { ...other, stateDirectory: join(directory, 'other-state') });
    await first.close();
  });

  it('is no matter to a log that keeps its head beside it', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { stateDirectory: join(directory, 'log') });
    await log.close();
    expect(readdirSync(join(directory, 'log'))).toContain('audit-head');
  });
});

describe('two processes on one directory', () => {
  it('are refused, and the second takes over when the first is killed', async () => {
    const directory = temporaryDirectory();
    const first = startWriter(directory, 'os', 'first');
    await first.opened();
    await expect(openTestLog(directory)).rejects.toMatchObject({
      code: 'audit_unavailable',
      fault: 'locked',
    });
    await first.kill();
    await (await openTestLog(directory, { clock: systemClock })).close();
    const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
    expect(report.problems).toEqual([]);
    expect(readdirSync(join(directory, 'log'))).toContain('audit.lock');
  });

  it('are refused within one process too, and after an orderly close are not', async () => {
    const directory = temporaryDirectory();
    const first = await openTestLog(directory);
    await expect(openTestLog(directory)).rejects.toMatchObject({ fault: 'locked' });
    await first.close();
    await openTestLog(directory);
  });
});
