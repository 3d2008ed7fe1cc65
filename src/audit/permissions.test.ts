import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTestLog } from '../../tests/helpers/audit.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';
import { isOpenToOthers } from './permissions.js';

describe('isOpenToOthers', () => {
  it.each([
    [0o600, false, false],
    [0o400, false, false],
    [0o640, true, false],
    [0o440, true, false],
    [0o620, true, false],
    [0o604, true, true],
    [0o602, true, true],
    [0o644, true, true],
    [0o777, true, true],
  ])('judges mode %o for who owns the file, and for who reads it by the group', (mode, byOwner, byGroup) => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    chmodSync(path, mode);
    const { uid } = statSync(path);
    expect(isOpenToOthers(path, uid)).toBe(byOwner);
    expect(isOpenToOthers(path, uid + 1)).toBe(byGroup);
    expect(isOpenToOthers(path, null)).toBe(false);
  });
});

describe('directories of the log that were there before', () => {
  it('are named in a warning where others may enter them, and kept as they are', async () => {
    const directory = temporaryDirectory();
    for (const [name, mode] of Object.entries({ log: 0o755, state: 0o770 })) {
      mkdirSync(join(directory, name));
      chmodSync(join(directory, name), mode);
    }
    const warnings: string[] = [];
    await openTestLog(directory, { hooks: { onWarning: (message) => warnings.push(message) } });
    expect(warnings).toEqual([
      'others may enter the directory that ACP_AUDIT_LOG_DIR names: set its mode to 0700',
      'others may enter the directory that ACP_STATE_DIR names: set its mode to 0700',
    ]);
    expect(statSync(join(directory, 'log')).mode & 0o777).toBe(0o755);
  });

  it('are not mentioned where the service has made them', async () => {
    const warnings: string[] = [];
    await openTestLog(temporaryDirectory(), { hooks: { onWarning: (message) => warnings.push(message) } });
    expect(warnings).toEqual([]);
  });
});
