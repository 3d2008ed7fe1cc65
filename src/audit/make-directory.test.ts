import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testOptions } from '../../tests/helpers/audit.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';
import { skipsProcFileSystem, UNMAKEABLE_DIRECTORY } from '../../tests/helpers/proc-file-system.js';
import { openAuditLog } from './audit-log.js';
import { makeDirectory } from './make-directory.js';

describe('makeDirectory', () => {
  it('makes every missing level for its owner alone', () => {
    const path = join(temporaryDirectory(), 'a', 'b', 'c');
    makeDirectory(path);
    makeDirectory(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('takes a link to a directory for one', () => {
    const directory = temporaryDirectory();
    symlinkSync(directory, join(directory, 'link'));
    makeDirectory(join(directory, 'link', 'a'));
    expect(existsSync(join(directory, 'a'))).toBe(true);
  });

  it('fails where a file stands in the way', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'file'), '');
    expect(() => makeDirectory(join(directory, 'file'))).toThrow('EEXIST');
    expect(() => makeDirectory(join(directory, 'file', 'a'))).toThrow(/ENOTDIR|EEXIST/);
  });
});

describe.skipIf(skipsProcFileSystem())('a directory where none can be made', () => {
  it.each([
    ['directory', 'ACP_AUDIT_LOG_DIR'],
    ['stateDirectory', 'ACP_STATE_DIR'],
  ])('ends the start with the variable that names it: %s', async (option, variable) => {
    const options = testOptions(temporaryDirectory(), { [option]: `${UNMAKEABLE_DIRECTORY}/a` });
    await expect(openAuditLog(options)).rejects.toMatchObject({
      code: 'audit_unavailable',
      message: expect.stringMatching(new RegExp(`${variable} .*\\(ENOENT\\)`)) as string,
    });
  });
});
