import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';
import type { ChainLink } from './chain.js';
import { HeadKeeper, readHead } from './head-file.js';

const link: ChainLink = { seq: 7, hash: 'a'.repeat(64) };

/** A keeper whose first writes fail, and how often it tried and complained. */
function failingKeeper(failures: number) {
  const stateDirectory = temporaryDirectory();
  // A directory in the place of the new file: it cannot be written.
  const obstacle = join(stateDirectory, 'audit-head.new');
  mkdirSync(obstacle);
  const kept = Promise.withResolvers<undefined>();
  const seen = { attempts: 0, complaints: 0 };
  const keeper = new HeadKeeper({
    stateDirectory,
    intervalMilliseconds: 1,
    syncLog: () => {
      seen.attempts += 1;
      if (seen.attempts > failures) {
        rmSync(obstacle, { recursive: true, force: true });
        kept.resolve(undefined);
      }
      return Promise.resolve();
    },
    onFailure: () => (seen.complaints += 1),
  });
  return { stateDirectory, keeper, seen, retried: kept.promise };
}

describe('the keeper of the head', () => {
  it('tries again when the head could not be kept, without another checkpoint, and complains once', async () => {
    const { stateDirectory, keeper, seen, retried } = failingKeeper(3);
    keeper.update(link);
    await retried;
    await keeper.flush();
    expect(await readHead(stateDirectory)).toEqual({ state: 'known', link, isClosed: false });
    expect(seen).toEqual({ attempts: 4, complaints: 1 });
    await keeper.stop();
  });

  it('writes nothing once it has stopped, whether or not it could', async () => {
    const { stateDirectory, keeper, seen } = failingKeeper(2);
    await keeper.close(link);
    await keeper.stop();
    expect(seen.attempts).toBe(2);
    rmSync(join(stateDirectory, 'audit-head.new'), { recursive: true });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    setTimeout(() => resolve(undefined), 5);
    await promise;
    expect(await readHead(stateDirectory)).toEqual({ state: 'none' });
  });
});
