import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAcp } from '../../tests/helpers/process.js';
import { startService, type TestService } from '../../tests/helpers/service.js';
import { sharedDirectory } from '../../tests/helpers/temporary-directory.js';

function keyFile(): string {
  const path = join(sharedDirectory(), 'key');
  writeFileSync(path, 'fake-gateway-key-for-tests-000000\n');
  return path;
}

describe('acp status', () => {
  let service: TestService;
  let url: string;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => service.close());

  it('shows mode, readiness and policy of a running service, and exits 0', async () => {
    const { code, stdout } = await runAcp(['status', '--url', url]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mode +test$/m);
    expect(stdout).toMatch(/^state +ready$/m);
    expect(stdout).toMatch(/^policy +default\.yaml [\da-f]{64}$/m);
  });

  it('prints JSON for machines', async () => {
    const { code, stdout } = await runAcp(['status', '--url', url, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      url,
      mode: 'test',
      ready: true,
      failing: [],
      policy: { source: 'default.yaml' },
      notes: [],
    });
  });

  it('says why the policy is not shown', async () => {
    const { code, stdout } = await runAcp(['status', '--url', url, '--json', '--key-file', keyFile()]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ready: true,
      policy: null,
      notes: ['the policy is shown to callers with a key: --key-file'],
    });
  });

  it('exits 1 where nobody answers', async () => {
    const { code, stdout, stderr } = await runAcp(['status', '--url', 'http://127.0.0.1:1']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'the service could not be reached\n' });
    expect(stdout).toMatch(/^state +no answer$/m);
  });

  it('lets nothing that an impostor answers act on the terminal', async () => {
    const hostile = '\u001b[2J\u009b\u202e';
    const impostor = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          status: 'ok',
          mode: hostile,
          failing: [hostile],
          policy_sha256: 'a'.repeat(64),
          loaded_at: hostile,
          source: hostile,
        }),
      );
    }).listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    const { port } = impostor.address() as AddressInfo;
    const { code, stdout } = await runAcp(['status', '--url', `http://127.0.0.1:${port}`]);
    impostor.close();
    expect(code).toBe(1);
    expect(stdout.match(/\\u001b\[2J\\u009b\\u202e/g)).toHaveLength(4);
    for (const character of hostile.match(/\p{C}/gu)!) expect(stdout).not.toContain(character);
  });

  it('sends no key in clear to another machine', async () => {
    const args = ['status', '--url', 'http://service.example.invalid', '--key-file', keyFile()];
    const { code, stderr } = await runAcp(args);
    expect(code).toBe(2);
    expect(stderr).toContain('https');
  });
});
