import { lockDirectory, type DirectoryLock } from './directory-lock.js';
import { AuditFaultError, type AuditFaultCode } from './faults.js';
import type { AuditFileSystem } from './file-system.js';
import { isOpenToOthers } from './permissions.js';

/**
 * Makes the directories of a log and of its state where they are missing, and takes the right to write them.
 *
 * @throws AuditUnavailableError when one cannot be made, or another process has one of them.
 */
export function takeDirectories(
  directory: string,
  stateDirectory: string,
  fileSystem: AuditFileSystem,
): DirectoryLock {
  makeDirectory(directory, 'log_directory_failed', fileSystem);
  makeDirectory(stateDirectory, 'state_directory_failed', fileSystem);
  const log = lockDirectory(directory, 'log');
  try {
    // THREAT: two logs that keep their heads in one place overwrite each other's, and each looks cut at its next start.
    const state = lockDirectory(stateDirectory, 'state');
    return {
      release() {
        state.release();
        log.release();
      },
    };
  } catch (error) {
    log.release();
    throw error;
  }
}

function makeDirectory(path: string, fault: AuditFaultCode, fileSystem: AuditFileSystem): void {
  try {
    fileSystem.makeDirectory(path);
  } catch (error) {
    throw new AuditFaultError(fault, error);
  }
}

/** A sentence for each of the directories that others may enter: what they hold is the service's alone. */
export function describeOpenDirectories(directory: string, stateDirectory: string): string[] {
  return Object.entries({ ACP_AUDIT_LOG_DIR: directory, ACP_STATE_DIR: stateDirectory })
    .filter(([, path]) => isOpenToOthers(path))
    .map(([name]) => `others may enter the directory that ${name} names: set its mode to 0700`);
}
