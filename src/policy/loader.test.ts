import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  adminOnly,
  broken,
  createPolicyWorld,
  sha,
  type PolicyWorld,
} from '../../tests/helpers/policy-world.js';
import type { AuditEvent } from '../domain/audit-event.js';
import { AuditUnavailableError, PolicyError } from '../domain/errors.js';
import type { PolicyLoader, PolicyLoaderOptions } from './loader.js';

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
});

function detailsOf(event: AuditEvent | undefined) {
  return { type: event?.event_type, sha256: event?.policy_sha256, ...event?.details };
}

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
    loader = world.createLoader(prepare());
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
    loader = world.createLoader(prepare());
    expect((await loader.load()).sha256).toBe(sha.adminOnly);
  });

  it('stays without a policy when the loading cannot be recorded', async () => {
    const onEvent = () => Promise.reject(new AuditUnavailableError('audit log cannot be written'));
    loader = world.createLoader({ onEvent });
    await expect(loader.load()).rejects.toThrow(AuditUnavailableError);
    expect(loader.current()).toBeNull();
  });
});
