import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseApprovalKeys } from '../../src/approval/signing-keys.js';
import { registerApprovalsCommands } from '../../src/cli/approvals-commands.js';
import { keyDigest } from '../../src/identity/key-digest.js';
import { approvalIdOf, headersOf, propose, startApprovalService } from '../helpers/approval-service.js';
import type { TestService } from '../helpers/service.js';
import { sharedDirectory } from '../helpers/temporary-directory.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const keyFile = (who: string) =>
  fileURLToPath(new URL(`../../examples/approvals/keys/${who}.key`, import.meta.url));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function acp(args: readonly string[], input = ''): Promise<Run> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, out, err };
}

describe('acp keys', () => {
  let directory: string;
  beforeAll(() => {
    directory = sharedDirectory();
  });

  it('makes a signing key file for its owner alone, and never writes over one', async () => {
    const file = join(directory, 'approval.pem');
    const made = await acp(['keys', 'approval', file]);
    expect(made).toMatchObject({ code: 0, err: '' });
    const pem = readFileSync(file, 'utf8');
    const { signing } = await parseApprovalKeys([pem]);
    expect(made.out).toContain(signing.kid);
    expect(made.out).not.toContain('PRIVATE KEY');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await acp(['keys', 'approval', file]);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('approval.pem: there is a file already');
    expect(readFileSync(file, 'utf8')).toBe(pem);
  });

  it('writes a key to standard output where no file is named', async () => {
    const { code, out } = await acp(['keys', 'approval']);
    expect(code).toBe(0);
    await expect(parseApprovalKeys([out])).resolves.toBeDefined();
  });

  it('turns a key on standard input into what the principals file holds', async () => {
    const key = 'visibly-fake-key';
    const answer = { code: 0, out: `sha256:${keyDigest(key)}\n` };
    expect(await acp(['keys', 'hash'], `${key}\n`)).toMatchObject(answer);
    expect(await acp(['keys', 'hash'], `${key}\r\n`)).toMatchObject(answer);
    expect(await acp(['keys', 'hash'], key)).toMatchObject(answer);
  });

  it.each([['visibly-fake-key\nanother'], ['visibly-fake-key\n\n'], ['\nvisibly-fake-key\n']])(
    'refuses %j, since one key is one line',
    async (input) => {
      const { code, out, err } = await acp(['keys', 'hash'], input);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('more than one line');
      expect(err).not.toContain('visibly-fake-key');
    },
  );

  it('refuses more than a key can be, without waiting for its end', async () => {
    const { code, out, err } = await acp(['keys', 'hash'], 'x'.repeat(10_000));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('1 to 1024');
  });

  it.each([[''], ['two words'], ['ключ']])('refuses %j as a key, without repeating it', async (input) => {
    const { code, out, err } = await acp(['keys', 'hash'], input);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    if (input !== '') expect(err).not.toContain(input);
  });
});

/** Runs a command in this process, against the service that a test has started. */
async function approvals(...args: readonly string[]): Promise<Run> {
  const lines = { out: [] as string[], err: [] as string[] };
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.out.push(String(line)));
  const error = vi.spyOn(console, 'error').mockImplementation((line) => void lines.err.push(String(line)));
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeErr: (line) => void lines.err.push(line) });
  registerApprovalsCommands(program);
  for (const command of program.commands.flatMap((parent) => [parent, ...parent.commands])) {
    command.exitOverride().configureOutput({ writeErr: (line) => void lines.err.push(line) });
  }
  process.exitCode = 0;
  try {
    await program.parseAsync(['approvals', ...args], { from: 'user' });
    return { code: process.exitCode, out: lines.out.join('\n'), err: lines.err.join('\n') };
  } catch (fault) {
    if (!(fault instanceof CommanderError)) throw fault;
    return { code: 2, out: lines.out.join('\n'), err: lines.err.join('\n') };
  } finally {
    process.exitCode = 0;
    log.mockRestore();
    error.mockRestore();
  }
}

describe('acp approvals', () => {
  let service: TestService;
  let url: string;
  let id: string;

  beforeEach(async () => {
    service = await startApprovalService();
    url = await service.app.listen({ host: '127.0.0.1', port: 0 });
    id = approvalIdOf(
      await propose(service, {}, { arguments: { to: 'a\u202Eb@example.invalid', subject: 's', body: 'b' } }),
    );
  });
  afterEach(() => service.close());

  const as = (who: string, ...args: string[]) => approvals(...args, '--url', url, '--key-file', keyFile(who));

  it('lists and shows requests as their records do', async () => {
    const listed = await as('alice', 'list', '--status', 'pending');
    expect(listed.code).toBe(0);
    expect(listed.out).toContain(`${id}  pending`);
    expect(listed.out).toContain('warnings');
    const shown = await as('alice', 'show', id);
    expect(shown.out).toContain('"to": "a⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧b@example.invalid"');
    expect(shown.out).toContain('arguments/to: U+202E RIGHT-TO-LEFT OVERRIDE');
    expect(shown.out).not.toContain('\u202E');
    expect(shown.out).not.toContain('\u001b');
    const record = await service.get(`/v1/approvals/${id}`, headersOf('alice'));
    expect(JSON.parse((await as('alice', 'show', id, '--json')).out)).toEqual(record.body);
  });

  it('decides nothing that nobody confirmed', async () => {
    const { code, err } = await as('alice', 'approve', id, '--reason', 'fine');
    expect(code).toBe(1);
    expect(err).toContain('nothing was decided');
    expect(err).toContain('a⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧b@example.invalid');
    expect((await service.get(`/v1/approvals/${id}`, headersOf('alice'))).body.status).toBe('pending');
  });

  it('approves what it has shown, also without a question, then revokes', async () => {
    const granted = await as('alice', 'approve', id, '--reason', 'fine', '--yes', '--json');
    expect(granted.code).toBe(0);
    expect(granted.err).toContain('"to": "a⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧b@example.invalid"');
    expect(JSON.parse(granted.out)).toMatchObject({ status: 'approved', decision_reason: 'fine' });
    expect((await as('alice', 'revoke', id, '--reason', 'no longer', '--yes')).out).toContain('revoked');
  });

  it('denies', async () => {
    expect((await as('alice', 'deny', id, '--reason', 'no', '--yes')).out).toContain('denied');
  });

  it.each([
    ['separation of duties', 'carol', () => id, '403 separation_of_duties'],
    ['a stranger', 'dana', () => id, '404 not_found'],
    ['a missing scope', 'auditor', () => id, '403 insufficient_scope'],
    ['an id that is none', 'alice', () => '../../livez?', '404 not_found'],
  ])('says in one line why it failed: %s', async (_what, who, target, reason) => {
    const { code, out, err } = await as(who, 'approve', target(), '--reason', 'x', '--yes');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n').at(-1)).toBe(`the service refused: ${reason}`);
  });

  it.each([
    ['a service that is not there', ['--url', 'http://127.0.0.1:1'], 1],
    ['an address to which a key may not go', ['--url', 'http://acp.example.invalid'], 1],
    ['an unknown state', ['--url', 'http://127.0.0.1:1', '--status', 'open'], 2],
  ])('fails on %s', async (_what, args, code) => {
    expect(await approvals('list', '--key-file', keyFile('alice'), ...args)).toMatchObject({
      code,
      out: '',
    });
  });

  it('needs a key', async () => {
    expect((await approvals('list', '--url', url)).code).toBe(2);
  });
});
