import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEvent } from '../domain/audit-event.js';
import { AuditUnavailableError, PolicyError } from '../domain/errors.js';
import type { Tool, ToolDeclaration, ToolRegistry } from '../domain/tool.js';
import { createPolicyLoader, type PolicyLoader, type PolicyLoaderOptions } from './loader.js';
import { policyDigest } from './digest.js';
import { parsePolicy } from './parse.js';

const adminOnly = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
/** Differs in who may delete. */
const userToo = adminOnly.replace(
  'destructive: true\n    requires_human_approval: true\n    allowed_roles:\n',
  '$&      - user\n',
);
const sha = {
  adminOnly: policyDigest(parsePolicy(adminOnly)),
  userToo: policyDigest(parsePolicy(userToo)),
};
const broken = adminOnly.replace('default_decision: deny', 'default_decision: allow');

let directory: string;
let path: string;
let digestPath: string;
let events: AuditEvent[];
let faults: unknown[];
let loader: PolicyLoader;

/** Registries whose tools accept everything: what a tool is, is not the loader's business. */
function buildTools(declarations: readonly ToolDeclaration[]): ToolRegistry {
  if (declarations.some(({ name }) => name === 'unbuildable')) throw new PolicyError('unbuildable');
  if (declarations.some(({ name }) => name === 'explosive')) throw new TypeError('a bug');
  const toolOf = (name: string): Tool => ({
    name,
    description: '',
    destination: 'internal_display',
    schema_sha256: '',
    checkArguments: (args) => ({ ok: true, arguments: args }),
    checkNarrowing: () => ({ ok: true }),
    simulate: () => ({ success: true, message: '', simulated_output: {} }),
  });
  const tools = new Map(declarations.map(({ name }) => [name, toolOf(name)]));
  return { get: (name) => tools.get(name), names: () => [...tools.keys()] };
}

function createLoader(options: Partial<PolicyLoaderOptions> = {}): PolicyLoader {
  return createPolicyLoader({
    path,
    expectedSha256: null,
    digestPath: null,
    buildTools,
    clock: { now: () => Date.UTC(2100, 0) },
    onEvent: (event) => {
      events.push(event);
      return Promise.resolve();
    },
    onFault: (error) => faults.push(error),
    ...options,
  });
}

/** As an operator should: written beside, then moved into place. */
function replace(target: string, content: string | Uint8Array): void {
  writeFileSync(`${target}.new`, content);
  renameSync(`${target}.new`, target);
}

function detailsOf(event: AuditEvent | undefined) {
  return { type: event?.event_type, sha256: event?.policy_sha256, ...event?.details };
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policy-loader-'));
  path = join(directory, 'policy.yaml');
  digestPath = join(directory, 'policy.sha256');
  events = [];
  faults = [];
  writeFileSync(path, adminOnly);
  loader = createLoader();
});

afterEach(() => {
  loader.stop();
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

describe('PolicyLoader.load', () => {
  it('has no policy before it has loaded one', () => {
    expect(loader.current()).toBeNull();
  });

  it('brings the policy into force and on record', async () => {
    const policy = await loader.load();
    expect(loader.current()).toBe(policy);
    expect(policy).toMatchObject({
      sha256: sha.adminOnly,
      source: 'policy.yaml',
      loaded_at: '2100-01-01T00:00:00.000Z',
      default_decision: 'deny',
    });
    expect(events.map(detailsOf)).toEqual([
      {
        type: 'policy_loaded',
        sha256: sha.adminOnly,
        old_sha256: null,
        new_sha256: sha.adminOnly,
        source: 'policy.yaml',
        error: null,
      },
    ]);
    expect(events[0]).toMatchObject({ stage: 'policy', allowed: true, policy_reason: 'policy_loaded' });
  });

  const refusals: [what: string, prepare: () => Partial<PolicyLoaderOptions>, message: string][] = [
    ['a missing file', () => ({ path: join(directory, 'none.yaml') }), 'policy file not found: none.yaml'],
    ['a directory', () => ({ path: directory }), 'policy file cannot be read: '],
    [
      'an invalid policy',
      () => {
        writeFileSync(path, broken);
        return {};
      },
      "default_decision must be 'deny'",
    ],
    [
      'another digest than expected',
      () => ({ expectedSha256: sha.userToo }),
      `policy hash mismatch: expected ${sha.userToo}, got ${sha.adminOnly}`,
    ],
    [
      'another digest than the named file holds',
      () => {
        writeFileSync(join(directory, 'other.sha256'), sha.userToo);
        return { digestPath: join(directory, 'other.sha256') };
      },
      `policy hash mismatch: expected ${sha.userToo}, got ${sha.adminOnly}`,
    ],
    [
      'another digest than the file beside it holds',
      () => {
        writeFileSync(digestPath, sha.userToo);
        return {};
      },
      `policy hash mismatch: expected ${sha.userToo}, got ${sha.adminOnly}`,
    ],
    [
      'a named digest file that is missing',
      () => ({ digestPath: join(directory, 'gone.sha256') }),
      'expected hash file not found: gone.sha256',
    ],
    [
      'a link in place of the digest that leads nowhere',
      () => {
        symlinkSync('nowhere', digestPath);
        return {};
      },
      'expected hash file not found: policy.sha256',
    ],
    [
      'an empty digest file',
      () => {
        writeFileSync(digestPath, '# nothing yet\n');
        return {};
      },
      'no hash found in policy.sha256',
    ],
    [
      'tools that cannot be built',
      () => {
        writeFileSync(path, adminOnly.replace('run_shell:', 'unbuildable:'));
        return {};
      },
      'unbuildable',
    ],
    [
      'tools that fail to be built',
      () => {
        writeFileSync(path, adminOnly.replace('run_shell:', 'explosive:'));
        return {};
      },
      'policy could not be loaded',
    ],
  ];

  it.each(refusals)('refuses %s and stays without a policy', async (_what, prepare, message) => {
    loader = createLoader(prepare());
    await expect(loader.load()).rejects.toThrow(PolicyError);
    await expect(loader.load()).rejects.toThrow(message);
    expect(loader.current()).toBeNull();
    expect(events).toEqual([]);
  });

  it.each([
    ['a given digest', () => ({ expectedSha256: sha.adminOnly.toUpperCase() })],
    [
      'the digest file beside it',
      () => {
        writeFileSync(digestPath, `${sha.adminOnly}\n`);
        return {};
      },
    ],
  ])('accepts a policy that matches %s', async (_what, prepare) => {
    loader = createLoader(prepare());
    expect((await loader.load()).sha256).toBe(sha.adminOnly);
  });

  it('stays without a policy when the loading cannot be recorded', async () => {
    const onEvent = () => Promise.reject(new AuditUnavailableError('audit log cannot be written'));
    loader = createLoader({ onEvent });
    await expect(loader.load()).rejects.toThrow(AuditUnavailableError);
    expect(loader.current()).toBeNull();
  });
});

describe('PolicyLoader.reload', () => {
  it('replaces the policy and leaves what a turn holds as it was', async () => {
    const before = await loader.load();
    replace(path, userToo);
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
    replace(path, `# only a comment\n${adminOnly}`);
    expect(await loader.reload()).toEqual({ outcome: 'unchanged' });
    expect(loader.current()).toBe(before);
    expect(events).toHaveLength(1);
  });

  const bad: [what: string, spoil: () => void, error: string, newSha: string | null][] = [
    ['is gone', () => unlinkSync(path), 'policy file not found: policy.yaml', null],
    ['is broken', () => replace(path, broken), "default_decision must be 'deny'", null],
    ['is binary', () => replace(path, Buffer.from([0xff, 0])), 'policy file is not valid UTF-8', null],
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
      () => replace(path, userToo),
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
    loader = createLoader({
      onEvent: () =>
        isLogWritable
          ? Promise.resolve()
          : Promise.reject(new AuditUnavailableError('audit log cannot be written')),
    });
    const before = await loader.load();
    replace(path, userToo);
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
    replace(path, userToo);
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
    loader = createLoader({ path: join(directory, 'data', 'policy.yaml') });
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
    loader = createLoader({ clock: { now: () => 0 } });
    await startWith(adminOnly);
    await aSecond();
    expect(events).toHaveLength(1);
    writeFileSync(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('records a bad file once, not every second', async () => {
    loader = createLoader({ clock: { now: () => 0 } });
    await startWith(adminOnly);
    replace(path, broken);
    for (let second = 0; second < 3; second++) await aSecond();
    expect(events.map(({ event_type }) => event_type)).toEqual(['policy_loaded', 'policy_rejected']);
    replace(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('waits for the digest file that comes after the policy', async () => {
    writeFileSync(digestPath, sha.adminOnly);
    await startWith(adminOnly);
    replace(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.adminOnly);
    replace(digestPath, sha.userToo);
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
    loader = createLoader({
      onEvent: () => (isLogWritable ? Promise.resolve() : Promise.reject(new AuditUnavailableError('full'))),
    });
    await startWith(adminOnly);
    isLogWritable = false;
    replace(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.adminOnly);
    expect(faults).toHaveLength(1);
    isLogWritable = true;
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.userToo);
  });

  it('looks no more once stopped', async () => {
    await startWith(adminOnly);
    loader.stop();
    replace(path, userToo);
    await aSecond();
    expect(loader.current()?.sha256).toBe(sha.adminOnly);
  });
});

describe('reload under load', () => {
  it('lets each of 10,000 turns see one version entirely, whatever happens to the file', async () => {
    await loader.load();
    const load = { isOver: false };
    const contents = [userToo, broken, adminOnly, 'tools: ['];
    const flips = (async () => {
      for (let flip = 0; !load.isOver || flip < contents.length; flip++) {
        replace(path, contents[flip % contents.length]!);
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
