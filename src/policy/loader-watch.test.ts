import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  adminOnly,
  broken,
  createPolicyWorld,
  replaceFile,
  sha,
  userToo,
  type PolicyWorld,
} from '../../tests/helpers/policy-world.js';
import { AuditUnavailableError } from '../domain/errors.js';
import type { PolicyLoader } from './loader.js';

let world: PolicyWorld;
let directory: string;
let path: string;
let digestPath: string;
let events: PolicyWorld['events'];
let loader: PolicyLoader;

beforeEach(() => {
  world = createPolicyWorld();
  ({ directory, path, digestPath, events } = world);
  loader = world.createLoader();
});

afterEach(() => {
  loader.stop();
  vi.useRealTimers();
});

describe('PolicyLoader.start', () => {
  async function aSecond(): Promise<void> {
    await vi.advanceTimersByTimeAsync(1_000);
    // Whatever the look began is done once a later piece of work in the same queue is.
    await vi.advanceTimersByTimeAsync(0);
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });

  async function startWith(content: string): Promise<void> {
    writeFileSync(path, content);
    await loader.load();
    loader.start();
  }

  it('finds a file that was renamed into place', async () => {
    await startWith(adminOnly);
    replaceFile(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('finds a file that was written in place', async () => {
    await startWith(adminOnly);
    writeFileSync(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('finds a link that was turned to another directory, as mounted configuration is', async () => {
    for (const [name, content] of [
      ['one', adminOnly],
      ['two', userToo],
    ] as const) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'policy.yaml'), content);
    }
    symlinkSync('one', join(directory, 'data'));
    loader = world.createLoader({ path: join(directory, 'data', 'policy.yaml') });
    await loader.load();
    loader.start();
    symlinkSync('two', join(directory, 'data.new'));
    renameSync(join(directory, 'data.new'), join(directory, 'data'));
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('reads nothing again while nothing changes', async () => {
    await startWith(adminOnly);
    const before = loader.current();
    for (let second = 0; second < 5; second++) await aSecond();
    expect(loader.current()).toBe(before);
    expect(events).toHaveLength(1);
  });

  it('reads a file again that changed a moment ago, since its marks may not tell another change', async () => {
    loader = world.createLoader({ clock: { now: () => 0 } });
    await startWith(adminOnly);
    await aSecond();
    expect(events).toHaveLength(1);
    writeFileSync(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('records a bad file once, not every second', async () => {
    loader = world.createLoader({ clock: { now: () => 0 } });
    await startWith(adminOnly);
    replaceFile(path, broken);
    for (let second = 0; second < 3; second++) await aSecond();
    expect(events.map(({ event_type }) => event_type)).toEqual(['policy_loaded', 'policy_rejected']);
    replaceFile(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('waits for the digest file that comes after the policy', async () => {
    writeFileSync(digestPath, sha.adminOnly);
    await startWith(adminOnly);
    replaceFile(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.adminOnly);
    replaceFile(digestPath, sha.userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
    expect(events.map(({ event_type }) => event_type)).toEqual([
      'policy_loaded',
      'policy_rejected',
      'policy_loaded',
    ]);
  });

  it('tries again a second later when the change could not be recorded', async () => {
    let isLogWritable = true;
    loader = world.createLoader({
      onEvent: () => (isLogWritable ? Promise.resolve() : Promise.reject(new AuditUnavailableError('full'))),
    });
    await startWith(adminOnly);
    isLogWritable = false;
    replaceFile(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.adminOnly);
    expect(world.faults).toHaveLength(1);
    isLogWritable = true;
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('looks no more once stopped', async () => {
    await startWith(adminOnly);
    loader.stop();
    replaceFile(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.adminOnly);
  });
});
