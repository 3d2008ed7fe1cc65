import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OpenAuditLog } from '../../src/audit/audit-log.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { activeFile, openTestLog, readLogFile, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** A file system of one megabyte, where the machine allows mounting one. */
function mountSmallDisk(): string | null {
  const path = join(temporaryDirectory(), 'disk');
  mkdirSync(path);
  if (!run('mount', '-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', path)) return null;
  onTestFinished(() => {
    run('umount', '-l', path);
  });
  return path;
}

async function appendUntilRefused(log: OpenAuditLog): Promise<number> {
  for (let count = 0; ; count += 1) {
    const outcome = await log.append(sampleEvent()).catch((error: unknown) => error);
    if (outcome !== undefined) {
      expect(outcome).toMatchObject({ code: 'audit_unavailable' });
      return count;
    }
  }
}

async function verifyWhole(directory: string): Promise<number> {
  const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
  expect(report.problems).toEqual([]);
  return report.event_count;
}

describe.each(['os', 'disk'] as const)('a disk that is really full (%s)', (durability) => {
  it('refuses, and recovers without a restart when there is space again', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === null) return skip('this machine does not allow mounting a small file system');
    const recovered = Promise.withResolvers<number>();
    const log = await openTestLog(disk, {
      durability,
      probeMilliseconds: 10,
      hooks: { onRecovered: recovered.resolve },
    });
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(700 * 1024));
    const accepted = await appendUntilRefused(log);
    expect(accepted).toBeGreaterThan(10);
    expect(log.fault()).toBe('audit log cannot be written (ENOSPC)');

    rmSync(join(disk, 'ballast'));
    expect(await recovered.promise).toBe(1);
    const recovery = readLogFile(activeFile(disk)).find((event) => event.event_type === 'audit_recovered');
    expect(recovery).toMatchObject({ system_code: 'ENOSPC', refused_events: 1 });
    expect(log.fault()).toBeNull();
    await log.append(sampleEvent());
    await log.close();
    expect(await verifyWhole(disk)).toBeGreaterThan(accepted);
  });
});

describe.each(['os', 'disk'] as const)('a quota that is really used up (%s)', (durability) => {
  it('refuses, and recovers without a restart when it is raised', async ({ skip }) => {
    const directory = temporaryDirectory();
    const recovered = Promise.withResolvers<number>();
    const log = await openTestLog(directory, {
      durability,
      probeMilliseconds: 10,
      hooks: { onRecovered: recovered.resolve },
    });
    const limit = (bytes: string) =>
      run('prlimit', '--pid', String(process.pid), `--fsize=${bytes}:unlimited`);
    if (!limit('30000')) return skip('this machine does not let a process limit the size of its files');
    onTestFinished(() => {
      limit('unlimited');
    });
    const accepted = await appendUntilRefused(log);
    expect(accepted).toBeGreaterThan(10);
    limit('unlimited');
    await recovered.promise;
    await log.append(sampleEvent());
    await log.close();
    expect(await verifyWhole(directory)).toBeGreaterThan(accepted);
  });
});

describe('a directory that is really read-only', () => {
  it('refuses, and recovers without a restart when it is writable again', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === null) return skip('this machine does not allow mounting a small file system');
    const recovered = Promise.withResolvers<number>();
    const log = await openTestLog(disk, {
      rotateBytes: 2_500,
      probeMilliseconds: 10,
      hooks: { onRecovered: recovered.resolve },
    });
    // A file that is open for writing keeps a file system from becoming read-only, so the directory does.
    if (!run('chattr', '+i', join(disk, 'log')))
      return skip('this machine does not know immutable directories');
    onTestFinished(() => {
      run('chattr', '-i', join(disk, 'log'));
    });
    await appendUntilRefused(log);
    expect(log.fault()).toContain('audit log cannot be written');
    run('chattr', '-i', join(disk, 'log'));
    await recovered.promise;
    await log.append(sampleEvent());
    await log.close();
    await verifyWhole(disk);
  });

  it('stops the start', async ({ skip }) => {
    if (process.getuid?.() === 0) return skip('the superuser may write everywhere');
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'log'));
    chmodSync(join(directory, 'log'), 0o500);
    await expect(openTestLog(directory)).rejects.toMatchObject({ code: 'audit_unavailable' });
  });
});
