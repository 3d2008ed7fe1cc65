import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTestLog, sampleEvent } from '../../../tests/helpers/audit.js';
import { temporaryDirectory } from '../../../tests/helpers/temporary-directory.js';
import type { LogLine } from '../log-line.js';
import { followLog } from './follow-log.js';

describe('following a log', () => {
  it('gives the last wanted events, and ends with the file where it is not to follow', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    for (let count = 0; count < 5; count += 1) await log.append(sampleEvent());
    const seen: number[] = [];
    await followLog({
      directory: join(directory, 'log'),
      lastCount: 2,
      isWanted: (event) => event.seq !== 6,
      pollMilliseconds: 1,
      signal: null,
      onEvent: (event) => seen.push(event.seq),
      onUnreadable: () => undefined,
    });
    expect(seen).toEqual([5, 7]);
  });

  it('misses nothing and repeats nothing across rotations', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { rotateBytes: 4_000 });
    const stop = new AbortController();
    const seen: LogLine[] = [];
    const started = Promise.withResolvers<boolean>();
    const caughtUp = Promise.withResolvers<boolean>();
    const following = followLog({
      directory: join(directory, 'log'),
      lastCount: 1,
      isWanted: (event) => event.event_type === 'audit_opened' || event.event_type === 'tool_allowed',
      pollMilliseconds: 1,
      signal: stop.signal,
      onUnreadable: () => undefined,
      onEvent: (event) => {
        seen.push(event);
        started.resolve(true);
        if (seen.length === 61) caughtUp.resolve(true);
      },
    });
    await started.promise;
    for (let count = 0; count < 60; count += 1) {
      await log.append(sampleEvent({ request_id: `req-${count}` }));
    }
    await caughtUp.promise;
    stop.abort();
    await following;
    expect(seen.slice(1).map((event) => event['request_id'])).toEqual(
      Array.from({ length: 60 }, (_, index) => `req-${index}`),
    );
  });
});
