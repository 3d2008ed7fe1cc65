import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where containers find the keys. */
const KEYS_IN_CONTAINER = '/var/lib/acp/keys';

/** Keys as the production profile makes them on first use, in a folder of their own. */
export interface MadeKeys {
  readonly folder: string;
  /** Runs the maker again; what it prints. */
  readonly makeAgain: () => string;
  /** Reads a file as the container would: a key by its path there, anything else from the repository. */
  readonly read: (path: string) => Buffer | null;
  readonly remove: () => void;
}

/** Runs the key maker of the compose profile in a new temporary folder. */
export function makeKeys(): MadeKeys {
  const folder = mkdtempSync(join(tmpdir(), 'made-keys-'));
  const makeAgain = (): string =>
    execFileSync(process.execPath, ['deploy/compose/make-keys.mjs', folder, folder], { encoding: 'utf8' });
  makeAgain();
  return {
    folder,
    makeAgain,
    read: (named) => {
      const path = named.replace(KEYS_IN_CONTAINER, folder);
      return existsSync(path) ? readFileSync(path) : null;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
