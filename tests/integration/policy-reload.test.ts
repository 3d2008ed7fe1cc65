import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizeRequestSchema } from '../../src/domain/request.js';
import { ANONYMOUS } from '../../src/identity/well-known-principals.js';
import { policyDigest } from '../../src/policy/digest.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { authorizeBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const adminOnly = readFileSync(join(import.meta.dirname, '..', '..', 'policies', 'default.yaml'), 'utf8');
/** Differs in who may read. */
const rule = [
  'tools:',
  '  read_records:',
  '    enabled: true',
  '    risk_level: medium',
  '    external_effect: false',
  '    destructive: false',
  '    requires_human_approval: false',
  '    allowed_roles: [admin, user]',
  '    arguments:',
  '      type: object',
  '      properties:',
  "        record_ids: {type: array, items: {type: string, pattern: '^r-[0-9]{1,9}$'}}",
  '',
].join('\n');
const userToo = adminOnly.replace('read_records:', 'read_archive:').replace('tools:\n', () => rule);
const strictReader = userToo.replace('allowed_roles: [admin, user]', 'allowed_roles: [admin]');
const broken = adminOnly.replace('default_decision: deny', 'default_decision: allow');
const unsafe = userToo.replace('^r-[0-9]{1,9}$', '^(r+)+$');

/** What each version says of the same call. */
const answers = new Map([
  [policyDigest(parsePolicy(userToo)), 'explicit_allow_after_policy_checks medium'],
  [policyDigest(parsePolicy(strictReader)), 'role_not_permitted_for_tool medium'],
  [policyDigest(parsePolicy(adminOnly)), 'explicit_allow_after_policy_checks low'],
]);

let directory: string;
let path: string;
let service: TestService;

function replace(content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

beforeEach(async () => {
  directory = temporaryDirectory();
  path = join(directory, 'policy.yaml');
  writeFileSync(path, adminOnly);
  service = await startService({ variables: { ACP_POLICY_PATH: path } });
});

afterEach(async () => {
  await service.close();
});

describe('a policy that changes under load', () => {
  it('gives each of 10,000 turns the answer of one version, in the response and in the log', async () => {
    const { composition } = service;
    const { plane } = composition;
    const request = authorizeRequestSchema.parse(authorizeBody());
    const seen = new Set<string>();

    async function turn(): Promise<void> {
      const outcome = await plane.authorize({ principal: ANONYMOUS, correlation_id: 'load' }, request);
      if (!outcome.ok) expect.unreachable(outcome.code);
      else {
        const { policy_sha256: sha256, reason, risk_level: risk } = outcome.value;
        expect(`${reason} ${risk}`).toBe(answers.get(String(sha256)));
        seen.add(String(sha256));
      }
    }

    const versions = [userToo, broken, strictReader, unsafe, adminOnly];
    for (let batch = 0; batch < 100; batch++) {
      const turns = Array.from({ length: 50 }, turn);
      replace(versions[batch % versions.length]!);
      const reloading = composition.reload();
      await Promise.all([...turns, ...Array.from({ length: 50 }, turn), reloading]);
    }

    expect(seen).toEqual(new Set(answers.keys()));
    const decisions = service.events();
    expect(decisions).toHaveLength(10_000);
    for (const { policy_sha256, policy_reason, risk_level } of decisions) {
      expect(`${String(policy_reason)} ${String(risk_level)}`).toBe(answers.get(String(policy_sha256)));
    }
    const types = service.allEvents().map(({ event_type }) => event_type);
    expect(types).toContain('policy_loaded');
    expect(types).toContain('policy_rejected');
  });

  it('names the narrowed argument in the answer, and shows the policy in force', async () => {
    replace(userToo);
    await service.composition.reload();
    const { body } = await service.post(
      '/v1/authorize',
      authorizeBody({ arguments: { record_ids: ['r-1', '../x'] } }),
    );
    expect(body).toMatchObject({ effect: 'deny', reason: 'argument_constraint_violated:/record_ids/1' });
  });
});

describe('a service whose policy does not load', () => {
  const policies: [what: string, content: string | Uint8Array, error: RegExp][] = [
    ['is empty', '', /^policy root must be a mapping$/],
    ['is binary', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0xff]), /^policy file is not valid UTF-8$/],
    ['has 10 MB', Buffer.alloc(10 * 1024 * 1024, adminOnly), /^policy file is larger than 262144 bytes$/],
    ['has a duplicate key', `${adminOnly}tools: {}\n`, /duplicate mapping key/],
    ['has an alias to itself', 'tools: &a {x: *a}', /alias without a finished anchor/],
    ['has an unknown tag', adminOnly.replace('deny', '!!js/function deny'), /tag resolve failed/],
    ['allows by default', broken, /^default_decision must be 'deny'$/],
    ['has an unknown key', `${adminOnly}mode: lax\n`, /^unknown top-level keys: mode$/],
    ['lacks a field', adminOnly.replace('    destructive: false\n', ''), /missing fields: destructive$/],
    ['opens the shell', adminOnly.replace('enabled: false', 'enabled: true'), /at least one allowed role$/],
    ['has an unsafe pattern', unsafe, /pattern may take super-linear time$/],
  ];

  it.each(policies)('does not start when it %s', async (_what, content, error) => {
    writeFileSync(path, content);
    await expect(startService({ variables: { ACP_POLICY_PATH: path } })).rejects.toThrow(error);
  });

  it('does not start with a policy of another digest', async () => {
    writeFileSync(join(directory, 'policy.sha256'), 'ab'.repeat(32));
    await expect(startService({ variables: { ACP_POLICY_PATH: path } })).rejects.toThrow(
      /^policy hash mismatch: expected (?:ab){32}, got [\da-f]{64}$/,
    );
  });
});
