import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  adminOnly,
  broken,
  createPolicyWorld,
  replaceFile,
  sha,
  userToo,
  type PolicyWorld,
} from '../../tests/helpers/policy-world.js';
import type { AuditEvent } from '../domain/audit-event.js';
import { AuditUnavailableError } from '../domain/errors.js';
import type { PolicyLoader } from './loader.js';

let world: PolicyWorld;
let path: string;
let digestPath: string;
let events: PolicyWorld['events'];
let loader: PolicyLoader;

beforeEach(() => {
  world = createPolicyWorld();
  ({ path, digestPath, events } = world);
  loader = world.createLoader();
});

afterEach(() => {
  loader.stop();
});

function detailsOf(event: AuditEvent | undefined) {
  return { type: event?.event_type, sha256: event?.policy_sha256, ...event?.details };
}

describe('PolicyLoader.reload', () => {
  it('replaces the policy and leaves what a turn holds as it was', async () => {
    const before = await loader.load();
    replaceFile(path, userToo);
    expect(await loader.reload()).toEqual({ outcome: 'loaded', sha256: sha.userToo });
    expect(loader.current()?.sha256).toBe(sha.userToo);
    expect(before.sha256).toBe(sha.adminOnly);
    expect(before.ruleFor('delete_records')?.allowed_roles).toEqual(['admin']);
    expect(detailsOf(events[1])).toMatchObject({
      type: 'policy_loaded',
      old_sha256: sha.adminOnly,
      new_sha256: sha.userToo,
    });
  });

  it('changes nothing where the meaning is the same', async () => {
    const before = await loader.load();
    replaceFile(path, `# only a comment\n${adminOnly}`);
    expect(await loader.reload()).toEqual({ outcome: 'unchanged' });
    expect(loader.current()).toBe(before);
    expect(events).toHaveLength(1);
  });

  const bad: [what: string, spoil: () => void, error: string, newSha: string | null][] = [
    ['is gone', () => unlinkSync(path), 'policy file not found: policy.yaml', null],
    ['is broken', () => replaceFile(path, broken), "default_decision must be 'deny'", null],
    ['is binary', () => replaceFile(path, Buffer.from([0xff, 0])), 'policy file is not valid UTF-8', null],
    [
      'is a directory',
      () => {
        unlinkSync(path);
        mkdirSync(path);
      },
      'policy file cannot be read: policy.yaml',
      null,
    ],
    [
      'has another digest',
      () => replaceFile(path, userToo),
      `policy hash mismatch: expected ${sha.adminOnly}, got ${sha.userToo}`,
      sha.userToo,
    ],
    [
      'has lost its digest file',
      () => unlinkSync(digestPath),
      'expected hash file not found: policy.sha256',
      sha.adminOnly,
    ],
  ];

  it.each(bad)(
    'keeps the old policy when the new one %s, and records why',
    async (_what, spoil, error, newSha) => {
      writeFileSync(digestPath, sha.adminOnly);
      const before = await loader.load();
      spoil();
      expect(await loader.reload()).toEqual({ outcome: 'rejected', error });
      expect(loader.current()).toBe(before);
      expect(detailsOf(events.at(-1))).toEqual({
        type: 'policy_rejected',
        sha256: sha.adminOnly,
        old_sha256: sha.adminOnly,
        new_sha256: newSha,
        source: 'policy.yaml',
        error,
      });
    },
  );

  it('keeps the old policy when the change cannot be recorded, and loads it once it can', async () => {
    let isLogWritable = true;
    loader = world.createLoader({
      onEvent: () =>
        isLogWritable
          ? Promise.resolve()
          : Promise.reject(new AuditUnavailableError('audit log cannot be written')),
    });
    const before = await loader.load();
    replaceFile(path, userToo);
    isLogWritable = false;
    await expect(loader.reload()).rejects.toThrow(AuditUnavailableError);
    expect(loader.current()).toBe(before);
    isLogWritable = true;
    expect(await loader.reload()).toMatchObject({ outcome: 'loaded' });
  });

  it('takes up a digest file that appears later, and then insists on it', async () => {
    await loader.load();
    writeFileSync(digestPath, sha.adminOnly);
    expect(await loader.reload()).toEqual({ outcome: 'unchanged' });
    unlinkSync(digestPath);
    expect(await loader.reload()).toMatchObject({ outcome: 'rejected' });
  });
});

describe('reload under load', () => {
  it('lets each of 10,000 turns see one version entirely, whatever happens to the file', async () => {
    await loader.load();
    const load = { isOver: false };
    const contents = [userToo, broken, adminOnly, 'tools: ['];
    const flips = (async () => {
      for (let flip = 0; !load.isOver || flip < contents.length; flip++) {
        replaceFile(path, contents[flip % contents.length]!);
        await loader.reload();
        await nextTurn();
      }
    })();

    const seen = new Map<string, number>();
    async function turn(): Promise<void> {
      const policy = loader.current()!;
      const question = {
        tool_name: 'delete_records',
        role: 'user',
        tenant_id: 't',
        target: 't',
        arguments: {},
      };
      const first = policy.evaluate(question);
      await nextTurn();
      const outcome = `${policy.sha256} ${String(first.ok)} ${String(policy.evaluate(question).ok)}`;
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    for (let batch = 0; batch < 100; batch++) await Promise.all(Array.from({ length: 100 }, turn));
    load.isOver = true;
    await flips;

    expect([...seen.keys()].sort()).toEqual(
      [`${sha.adminOnly} false false`, `${sha.userToo} true true`].sort(),
    );
    expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(10_000);
    expect(new Set(events.map(({ event_type }) => event_type))).toEqual(
      new Set(['policy_loaded', 'policy_rejected']),
    );
  });
});
