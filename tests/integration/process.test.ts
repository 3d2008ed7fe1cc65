import { connect } from 'node:net';
import { once } from 'node:events';
import { createSecretKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Provenance } from '../../src/domain/provenance.js';
import { signProvenance } from '../../src/provenance/signature.js';
import { authorizeBody, runBody } from '../helpers/requests.js';
import { skipsProcFileSystem, UNMAKEABLE_DIRECTORY } from '../helpers/proc-file-system.js';
import { runAcp, spawnAcp, spawnService } from '../helpers/process.js';
import { openSocket, parseAnswers, rawPost } from '../helpers/raw-http.js';
import { readLogDirectory } from '../helpers/service.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

async function post(address: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${address}/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** Node's option that has a process say on standard error what it loads. */
const TELL_LOADED = `--import=data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
   registerHooks({ load: (url, ...rest) => (process.stderr.write('loads ' + url + '\\n'), rest[1](url, rest[0])) });`,
)}`;

/** Node's option that has a process say on standard output what its heap collects, and where it will make objects. */
const TELL_COLLECTED = `--import=data:text/javascript,${encodeURIComponent(
  `import { setFlagsFromString } from 'node:v8';
   for (const flag of ['--trace-gc', '--trace-pretenuring-statistics']) setFlagsFromString(flag);`,
)}`;

/** The package of a module; its address where it is in none. */
function packageOf(url: string): string {
  const [scope = '', name = ''] = (url.split('/node_modules/').at(-1) ?? '').split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** The packages that a service loads until it has answered a turn. */
async function packagesLoaded(variables: Record<string, string>): Promise<ReadonlySet<string>> {
  const service = await spawnService({ NODE_OPTIONS: TELL_LOADED, ...variables });
  await post(service.address, runBody());
  service.child.kill('SIGTERM');
  const { stderr } = await service.finished;
  const lines = stderr.split('\n').filter((line) => line.startsWith('loads '));
  return new Set(lines.map(packageOf));
}

describe('acp serve', () => {
  it('loads no database driver, schema compiler or page of documents that its settings do not ask for', async () => {
    const optional = ['pg', 'ajv', 'recheck', '@fastify/swagger', '@fastify/swagger-ui'];
    const loaded = await packagesLoaded({ ACP_ENABLE_API_DOCS: 'false' });
    expect([...loaded]).toEqual(expect.arrayContaining(['fastify', 'zod', 'jose']));
    expect(optional.filter((name) => loaded.has(name))).toEqual([]);
    const withDocuments = await packagesLoaded({ ACP_ENABLE_API_DOCS: 'true' });
    expect(optional.filter((name) => withDocuments.has(name))).toEqual([
      '@fastify/swagger',
      '@fastify/swagger-ui',
    ]);
  });

  it('makes no objects among the old ones, where they would keep answered requests from being collected', async () => {
    const service = await spawnService({ NODE_OPTIONS: `--max-semi-space-size=1 ${TELL_COLLECTED}` });
    for (let burst = 0; burst < 5; burst += 1) {
      await Promise.all(Array.from({ length: 100 }, () => post(service.address, runBody())));
    }
    service.child.kill('SIGTERM');
    const { stdout } = await service.finished;
    const afterStart = stdout.slice(stdout.indexOf('listening on'));
    expect(afterStart).toContain('Scavenge');
    expect(afterStart).not.toContain('pretenuring:');
  });

  it.skipIf(skipsProcFileSystem()).each([
    ['ACP_AUDIT_LOG_DIR', `${UNMAKEABLE_DIRECTORY}/log`, 'ACP_AUDIT_LOG_DIR'],
    ['ACP_STATE_DIR', `${UNMAKEABLE_DIRECTORY}/state`, 'ACP_STATE_DIR'],
    ['ACP_APPROVAL_DB', `${UNMAKEABLE_DIRECTORY}/approvals.db`, 'the directory of the approval database'],
  ])('ends with a message where %s is %s', async (variable, value, named) => {
    const directory = temporaryDirectory();
    const { code, stderr } = await runAcp(['serve'], {
      ACP_ENVIRONMENT: 'test',
      ACP_PORT: '0',
      ACP_APPROVAL_STORE: 'sqlite',
      ACP_AUDIT_LOG_DIR: join(directory, 'audit'),
      ACP_STATE_DIR: join(directory, 'state'),
      [variable]: value,
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain(named);
    expect(stderr).toContain('ENOENT');
  });

  it('finishes the turns it has accepted, flushes the log and exits 0 on SIGTERM', async () => {
    const service = await spawnService();
    const port = Number(new URL(service.address).port);
    await post(service.address, runBody());

    // A request whose last byte arrives only after the signal was sent.
    const slow = connect(port, '127.0.0.1');
    const body = JSON.stringify(runBody({ request_id: 'req-slow' }));
    slow.write(
      `POST /run HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n` +
        body.slice(0, -1),
    );
    // The answer on a second connection shows that the first one's head has been read.
    await post(service.address, runBody());
    service.child.kill('SIGTERM');
    const refused = async (): Promise<void> => {
      const probe = connect(port, '127.0.0.1');
      const outcome = await Promise.race([
        once(probe, 'connect').then(() => 'open'),
        once(probe, 'error').then(
          () => 'refused',
          () => 'refused',
        ),
      ]).catch(() => 'refused');
      probe.destroy();
      if (outcome === 'open') await refused();
    };
    await refused();
    slow.write(body.slice(-1));
    const [answer] = (await once(slow, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.toString()).toContain('"request_id":"req-slow"');

    const { code, signal } = await service.finished;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    const events = readLogDirectory(service.auditDirectory);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.filter(({ request_id }) => request_id === 'req-slow')).toHaveLength(1);
    expect(events.map(({ event_type }) => event_type)).toContain('audit_closed');
  });

  it('exits at once on a second signal', async () => {
    const service = await spawnService({ ACP_SHUTDOWN_TIMEOUT_SECONDS: '600', ACP_LOG_LEVEL: 'warn' });
    const held = connect(Number(new URL(service.address).port), '127.0.0.1');
    held.on('error', () => undefined);
    held.write(
      'POST /run HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n',
    );
    await post(service.address, runBody());
    service.child.kill('SIGTERM');
    service.child.kill('SIGINT');
    const { code, stderr } = await service.finished;
    expect(code).toBe(1);
    expect(stderr).toContain('second signal, stopping at once');
  });

  it('cuts off a request that never ends, undecided, and stops in order', async () => {
    const service = await spawnService({ ACP_SHUTDOWN_TIMEOUT_SECONDS: '2' });
    const held = connect(Number(new URL(service.address).port), '127.0.0.1');
    held.on('error', () => undefined);
    held.write(
      'POST /run HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n',
    );
    await post(service.address, runBody());
    service.child.kill('SIGTERM');
    expect((await service.finished).code).toBe(0);
    const events = readLogDirectory(service.auditDirectory).map(({ event_type }) => event_type);
    expect(events.slice(-3)).toEqual(['tool_allowed', 'audit_closed', 'audit_checkpoint']);
  });

  it('stops in order where it is told to while it starts', async () => {
    const directory = temporaryDirectory();
    const auditDirectory = join(directory, 'audit');
    const { child, finished } = spawnAcp(['serve'], {
      ACP_ENVIRONMENT: 'test',
      ACP_PORT: '0',
      ACP_AUDIT_LOG_DIR: auditDirectory,
      ACP_STATE_DIR: join(directory, 'state'),
    });
    // The log is opened long before anything listens.
    await expect.poll(() => existsSync(auditDirectory), { interval: 1, timeout: 20_000 }).toBe(true);
    child.kill('SIGTERM');
    const { code, signal } = await finished;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    const events = readLogDirectory(auditDirectory).map(({ event_type }) => event_type);
    expect(events.slice(-2)).toEqual(['audit_closed', 'audit_checkpoint']);
  });

  it('gives a slow reader its answers although half a request stands behind them', async () => {
    const service = await spawnService({ ACP_SHUTDOWN_TIMEOUT_SECONDS: '4' });
    const socket = await openSocket(Number(new URL(service.address).port));
    let received = '';
    socket.on('data', (data: Buffer) => (received += data.toString()));
    socket.pause();
    const whole = rawPost('/v1/filter', JSON.stringify({ text: 'plain words '.repeat(80_000) }));
    socket.write(whole.repeat(4) + whole.slice(0, 1_000));
    await expect.poll(() => socket.writableLength).toBe(0);
    service.child.kill('SIGTERM');
    // Beyond the half of the deadline at which half a request is given up, and before the deadline.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    socket.resume();
    await once(socket, 'close');
    expect((await service.finished).code).toBe(0);
    const answers = parseAnswers(received);
    expect(answers.length).toBeGreaterThan(0);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ allowed: true });
    }
  });

  it('cuts off at its deadline who does not read, closes the log, and exits 1', async () => {
    const service = await spawnService({ ACP_SHUTDOWN_TIMEOUT_SECONDS: '1' });
    const held = await openSocket(Number(new URL(service.address).port));
    held.pause();
    const request = rawPost('/run', JSON.stringify(runBody()));
    // Far more answers than the buffers of both sides take.
    for (let count = 0; count < 200; count += 1) held.write(request.repeat(100));
    await post(service.address, runBody());
    await expect.poll(() => readLogDirectory(service.auditDirectory).length).toBeGreaterThan(1_000);
    service.child.kill('SIGTERM');
    expect((await service.finished).code).toBe(1);
    held.destroy();
    const events = readLogDirectory(service.auditDirectory).map(({ event_type }) => event_type);
    expect(events.slice(-2)).toEqual(['audit_closed', 'audit_checkpoint']);
  });

  it('exits 78 before listening, with every violation in one message', async () => {
    const { code, stderr, stdout } = await runAcp(['serve'], {
      ACP_ENVIRONMENT: 'production',
      ACP_PORT: 'eighty',
      ACP_API_KEY: 'fake-gateway-key-for-tests-000000',
    });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toBe(
      'acp: invalid integer for ACP_PORT; production requires explicit allowed_origins; ' +
        'production requires policy_sha256; production requires approval_signing_key_file; ' +
        'production requires audit_signing_key_file\n',
    );
  });

  it('exits 78 when the policy is not the one that was expected', async () => {
    const directory = temporaryDirectory();
    const { code, stderr } = await runAcp(['serve'], {
      ACP_ENVIRONMENT: 'test',
      ACP_POLICY_SHA256: '0'.repeat(64),
      ACP_AUDIT_LOG_DIR: join(directory, 'audit'),
      ACP_STATE_DIR: join(directory, 'state'),
    });
    expect(code).toBe(78);
    expect(stderr).toMatch(/^acp: policy hash mismatch: expected 0{64}, got [\da-f]{64}\n$/);
  });
});

describe('SIGHUP', () => {
  it('brings a new policy and new keys into force without a restart', async () => {
    const directory = temporaryDirectory();
    const policyPath = join(directory, 'policy.yaml');
    const keysPath = join(directory, 'keys.txt');
    const policy = readFileSync('policies/default.yaml', 'utf8');
    writeFileSync(policyPath, policy);
    writeFileSync(keysPath, 'fake-first-key-for-tests-0000000000\n');
    const service = await spawnService({
      ACP_POLICY_PATH: policyPath,
      ACP_ALLOWED_API_KEYS_FILE: keysPath,
      ACP_REQUIRE_API_AUTH: 'true',
    });
    const ask = async (key: string) => {
      const response = await fetch(`${service.address}/run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify(runBody()),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    expect((await ask('fake-first-key-for-tests-0000000000')).body['reason']).toBe(
      'explicit_allow_after_policy_checks',
    );

    writeFileSync(policyPath, policy.replace('enabled: true', 'enabled: false'));
    writeFileSync(keysPath, 'fake-second-key-for-tests-000000000\n');
    service.child.kill('SIGHUP');
    await expect
      .poll(async () => (await ask('fake-second-key-for-tests-000000000')).body['reason'], { timeout: 5000 })
      .toBe('tool_disabled_by_policy');
    expect((await ask('fake-first-key-for-tests-0000000000')).status).toBe(401);

    // A file that has become empty takes its last key out of force.
    writeFileSync(keysPath, '# no keys\n');
    service.child.kill('SIGHUP');
    await expect
      .poll(async () => (await ask('fake-second-key-for-tests-000000000')).status, { timeout: 5000 })
      .toBe(401);
    service.child.kill('SIGTERM');
    expect((await service.finished).code).toBe(0);
    expect(
      readLogDirectory(service.auditDirectory).filter(({ event_type }) => event_type === 'policy_loaded'),
    ).toHaveLength(2);
  });
});

describe('SIGHUP with provenance keys', () => {
  it('ends the authority of a key that was removed, and signs with the one that is left', async () => {
    const keys = join(temporaryDirectory(), 'keys');
    mkdirSync(keys);
    const oldKey = Buffer.from('visibly-fake-old-provenance-key-0000');
    writeFileSync(join(keys, 'old'), oldKey);
    const service = await spawnService({
      ACP_ENABLE_STRICT_PROVENANCE: 'true',
      ACP_PROVENANCE_HMAC_KEY_FILE: keys,
    });
    const claim: Provenance = {
      source: 'model',
      trust: 'trusted',
      context_ids: ['model-turn'],
      tenant_id: 'tenant-a',
    };
    const signature = signProvenance(claim, createSecretKey(oldKey));
    const askByOld = async () => {
      const response = await fetch(`${service.address}/v1/authorize`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(authorizeBody({ provenance: { ...claim, signature } })),
      });
      return ((await response.json()) as Record<string, unknown>)['reason'];
    };
    expect(await askByOld()).toBe('explicit_allow_after_policy_checks');

    rmSync(join(keys, 'old'));
    writeFileSync(join(keys, 'new'), 'visibly-fake-new-provenance-key-0000');
    service.child.kill('SIGHUP');
    await expect.poll(askByOld, { timeout: 5000 }).toBe('provenance_signature_invalid');
    const simulated = await post(service.address, runBody({ scenario: 'strict_signed_read' }));
    expect(simulated['reason']).toBe('explicit_allow_after_policy_checks');
    service.child.kill('SIGTERM');
    expect((await service.finished).code).toBe(0);
  });
});

describe('acp config check', () => {
  it('prints each setting with its source, secrets masked', async () => {
    const { code, stdout } = await runAcp(['config', 'check'], {
      ACP_API_KEY: 'fake-gateway-key',
      ACP_PORT: '9000',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ACP_PORT +environment +9000$/m);
    expect(stdout).toMatch(/^ACP_HOST +default +127\.0\.0\.1$/m);
    expect(stdout).not.toContain('fake-gateway-key');
  });

  it('prints JSON for machines, and exits 78 with every violation', async () => {
    const { code, stdout } = await runAcp(['config', 'check', '--json'], {
      ACP_PORT: 'x',
      ACP_HOST: '0.0.0.0',
    });
    expect(code).toBe(78);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      violations: ['invalid integer for ACP_PORT', 'non-loopback bind requires API authentication'],
    });
  });
});

describe('files that a configuration names', () => {
  it('are all judged together, by the check and by a start', async () => {
    const directory = temporaryDirectory();
    const principals = join(directory, 'principals.yaml');
    const policy = join(directory, 'policy.yaml');
    writeFileSync(principals, 'principals: [{id: a}]\n');
    writeFileSync(policy, 'default_decision: allow\n');
    const variables = {
      ACP_ENVIRONMENT: 'test',
      ACP_PRINCIPALS_FILE: principals,
      ACP_POLICY_PATH: policy,
      ACP_AUDIT_LOG_DIR: join(directory, 'audit'),
      ACP_STATE_DIR: join(directory, 'state'),
    };
    for (const command of [['config', 'check'], ['serve']]) {
      const { code, stderr } = await runAcp(command, variables);
      expect(code).toBe(78);
      expect(stderr).toContain("default_decision must be 'deny'");
      expect(stderr).toContain('principals file');
    }
  });

  it('must hold a credential where one is required', async () => {
    const principals = join(temporaryDirectory(), 'principals.yaml');
    writeFileSync(principals, 'principals: []\n');
    const { code, stderr } = await runAcp(['config', 'check'], {
      ACP_REQUIRE_API_AUTH: 'true',
      ACP_PRINCIPALS_FILE: principals,
    });
    expect(code).toBe(78);
    expect(stderr).toContain('require_api_auth is set but the configured files hold no API key');
  });
});

describe('acp demo', () => {
  it('shows every documented outcome, never a key, and where the log is', async () => {
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await runAcp(['demo'], {}, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('23 of 23 outcomes as documented');
    expect(stdout).toMatch(/audit log: audit_logs\/demo \(\d+ events\)/);
    expect(stdout).not.toContain('sk-live');
    const [, count] = /\((\d+) events\)/.exec(stdout) ?? [];
    expect(readLogDirectory(join(cwd, 'audit_logs/demo'))).toHaveLength(Number(count));
  });

  it('prints JSON for machines', async () => {
    const { code, stdout } = await runAcp(['demo', '--json'], {}, { cwd: temporaryDirectory() });
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { ok: boolean; results: { ok: boolean }[] };
    expect(report.ok).toBe(true);
    expect(report.results.every(({ ok }) => ok)).toBe(true);
  });
});

describe('acp', () => {
  it.each([[['--help']], [['serve', '--help']], [['config', 'check', '--help']], [['demo', '--help']]])(
    'explains itself: %j',
    async (args) => {
      const { code, stdout } = await runAcp(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: acp/);
    },
  );

  it.each([[['fly']], [['serve', '--fast']], [['demo', 'extra']]])(
    'exits 2 on wrong usage: %j',
    async (args) => {
      expect((await runAcp(args)).code).toBe(2);
    },
  );
});
