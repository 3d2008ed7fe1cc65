import { describe, expect, it } from 'vitest';
import { CommitGather } from './commit-gather.js';

/** A gather over a clock that each look at it moves on. */
function createGather(stepMilliseconds: number) {
  let milliseconds = 0;
  return {
    gather: new CommitGather(() => (milliseconds += stepMilliseconds)),
    pass: (duration: number) => {
      milliseconds += duration;
    },
  };
}

function learnWrites(served: number, waiting: number, syncMilliseconds: number, stepMilliseconds = 0.05) {
  const { gather, pass } = createGather(stepMilliseconds);
  for (let count = 0; count < 50; count += 1) {
    const startedAt = gather.now();
    pass(syncMilliseconds);
    gather.learn(served, waiting, startedAt);
  }
  return gather;
}

describe('the gathering of a group commit', () => {
  it('does not delay a caller who is alone', () => {
    expect(learnWrites(1, 0, 3).wait(() => 1)).toBeNull();
  });

  it('does not wait before it has seen company', () => {
    expect(createGather(0.05).gather.wait(() => 1)).toBeNull();
  });

  it('waits until as many have come as were last there', async () => {
    const gather = learnWrites(8, 8, 3);
    let waiting = 1;
    await gather.wait(() => (waiting += 1));
    expect(waiting).toBeGreaterThanOrEqual(16);
    expect(waiting).toBeLessThan(20);
  });

  it('stops waiting for those who do not come back, and then does not wait for a while', async () => {
    const gather = learnWrites(8, 8, 3);
    await gather.wait(() => 4);
    for (let count = 0; count < 16; count += 1) expect(gather.wait(() => 4)).toBeNull();
    expect(gather.wait(() => 4)).not.toBeNull();
  });

  it('waits no longer than a sync takes, however many come', async () => {
    const gather = learnWrites(500, 500, 2, 0.1);
    let waiting = 1;
    const startedAt = gather.now();
    await gather.wait(() => (waiting += 1));
    expect(gather.now() - startedAt).toBeLessThan(3);
    expect(waiting).toBeLessThan(1_000);
  });
});
