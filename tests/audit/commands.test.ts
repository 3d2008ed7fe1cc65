import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { registerAuditCommands } from '../../src/cli/audit-commands.js';
import { registerAuditKeyCommand } from '../../src/cli/audit-key-command.js';
import { activeFile, openTestLog, readLines, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

/** Runs a command as the program would, and gives what it printed and its exit code. */
async function acp(...args: string[]) {
  const output: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void output.push(text));
  const errors: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((text: string) => void errors.push(text));
  const program = new Command('acp').exitOverride().configureOutput({ writeErr: () => undefined });
  registerAuditCommands(program);
  registerAuditKeyCommand(program.command('keys'));
  process.exitCode = 0;
  const failure: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => null,
    (error: unknown) => error,
  );
  const exitCode: unknown = process.exitCode;
  process.exitCode = 0;
  return { output: output.join('\n'), errors: errors.join('\n'), exitCode, failure };
}

async function signedLog() {
  const directory = temporaryDirectory();
  const keyFile = join(directory, 'audit.key');
  await acp('keys', 'audit', keyFile);
  const log = await openTestLog(directory, { signingKey: createPrivateKey(readFileSync(keyFile)) });
  await log.append(sampleEvent());
  await log.close();
  return { directory, log: join(directory, 'log'), publicKey: `${keyFile}.pub`, keyFile };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('acp keys audit', () => {
  it('writes a private key for its owner alone, and never over another', async () => {
    const { keyFile, publicKey } = await signedLog();
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(publicKey, 'utf8')).toContain('PUBLIC KEY');
    const before = readFileSync(keyFile, 'utf8');
    const { failure } = await acp('keys', 'audit', keyFile);
    expect(failure).toMatchObject({ message: 'audit.key: there is a file already; nothing was written' });
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
  });

  it('leaves no half of a pair where the public key cannot be written', async () => {
    const keyFile = join(temporaryDirectory(), 'audit.key');
    writeFileSync(`${keyFile}.pub`, 'kept');
    const { failure } = await acp('keys', 'audit', keyFile);
    expect(failure).toMatchObject({ message: 'audit.key.pub: there is a file already; nothing was written' });
    expect(existsSync(keyFile)).toBe(false);
    expect(readFileSync(`${keyFile}.pub`, 'utf8')).toBe('kept');
  });

  it('names what is missing, and no directory', async () => {
    const { failure } = await acp('keys', 'audit', join(temporaryDirectory(), 'none', 'audit.key'));
    expect(failure).toMatchObject({ message: 'audit.key: there is no such file or directory' });
  });
});

describe('acp audit verify', () => {
  it('exits 0 for a whole log, with its range and head', async () => {
    const { log, publicKey, directory } = await signedLog();
    const head = readFileSync(join(directory, 'state', 'audit-head'), 'utf8').trim();
    const { output, exitCode } = await acp(
      'audit',
      'verify',
      log,
      '--public-key',
      publicKey,
      '--expect-head',
      head,
    );
    expect(exitCode).toBe(0);
    expect(output).toContain('signatures checked');
    expect(head).toMatch(/ closed$/);
    expect(output).toContain(head.replace(' closed', ''));
    expect(output).toContain('1 to 5');
  });

  it('says that signatures were not checked where it has no key', async () => {
    const { log } = await signedLog();
    const { output, exitCode } = await acp('audit', 'verify', log);
    expect(exitCode).toBe(0);
    expect(output).toContain('signatures not checked');
  });

  it('takes the public key before what it verifies, and several keys one by one', async () => {
    const { log, publicKey, directory } = await signedLog();
    const other = join(directory, 'other.key');
    await acp('keys', 'audit', other);
    const keys = ['--public-key', publicKey, '--public-key', `${other}.pub`];
    const { output, exitCode, failure } = await acp('audit', 'verify', ...keys, log);
    expect(failure).toBeNull();
    expect(exitCode).toBe(0);
    expect(output).toContain('signatures checked');
  });

  it('reads a file once, however often it is named', async () => {
    const { log, directory } = await signedLog();
    const { output, exitCode } = await acp('audit', 'verify', log, activeFile(directory), log, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ files: [activeFile(directory)], event_count: 5 });
  });

  it('shows what is invisible in the name of a file', async () => {
    const { log } = await signedLog();
    writeFileSync(join(log, 'api_events-9-1\u001b[2J.partial'), 'torn');
    const { output } = await acp('audit', 'verify', log, join(log, 'api_events-9-1\u001b[2J.partial'));
    expect(output).not.toContain('\u001b[2J');
    expect(output.split(String.raw`api_events-9-1\u001b[2J.partial`)).toHaveLength(3);
  });

  it('exits 1 for a log that was changed, and says where', async () => {
    const { directory, log } = await signedLog();
    const lines = readLines(activeFile(directory));
    writeFileSync(
      activeFile(directory),
      `${lines.with(2, lines[2]!.replace('user-1', 'user-2')).join('\n')}\n`,
    );
    const text = await acp('audit', 'verify', log);
    expect(text.exitCode).toBe(1);
    expect(text.output).toContain(`${activeFile(directory)}:4: `);
    expect(text.output).toContain('broken_link');
    const json = await acp('audit', 'verify', log, '--json');
    expect(JSON.parse(json.output)).toMatchObject({
      whole: false,
      problems: [{ code: 'broken_link', line: 4 }],
    });
  });

  it.each([
    ['missing.pub', null, 'missing.pub: there is no such file or directory'],
    ['text.pub', 'no key', 'text.pub: this is no Ed25519 public key in PEM'],
    ['audit.key', null, 'audit.key: this is a private key: keep it secret, and give its public key'],
  ])('says what is wrong with the public key %s', async (name, content, message) => {
    const { directory, log } = await signedLog();
    if (content !== null) writeFileSync(join(directory, name), content);
    const { failure } = await acp('audit', 'verify', log, '--public-key', join(directory, name));
    expect(failure).toMatchObject({ message });
  });

  it('names a log that is not there', async () => {
    const { output, exitCode } = await acp('audit', 'verify', '/nonexistent/log');
    expect(exitCode).toBe(1);
    expect(output).toContain('/nonexistent/log: unreadable_file cannot be read (ENOENT)');
  });

  it('takes a head in upper case, as some tools print hashes', async () => {
    const { directory, log } = await signedLog();
    const head = readFileSync(join(directory, 'state', 'audit-head'), 'utf8')
      .trim()
      .toUpperCase();
    expect(await acp('audit', 'verify', log, '--expect-head', head)).toMatchObject({
      failure: null,
      exitCode: 0,
    });
  });

  it('says of a log without a checkpoint why no signature can be checked', async () => {
    const { directory, log, publicKey } = await signedLog();
    writeFileSync(activeFile(directory), `${readLines(activeFile(directory)).slice(0, 1).join('\n')}\n`);
    const { output, exitCode } = await acp('audit', 'verify', log, '--public-key', publicKey);
    expect(exitCode).toBe(1);
    expect(output).toContain('no_signed_checkpoint the log holds no checkpoint');
    expect(output).toContain('without --public-key the chain alone can be checked');
  });

  it('takes no head that is not one', async () => {
    const { log } = await signedLog();
    expect((await acp('audit', 'verify', log, '--expect-head', 'x')).failure).toMatchObject({
      code: 'commander.invalidArgument',
    });
  });
});

describe('acp audit export', () => {
  it('names a log that is not there', async () => {
    const { failure } = await acp('audit', 'export', '--format', 'jsonl', '/nonexistent/log');
    expect(failure).toMatchObject({ message: 'log: there is no such file or directory' });
  });

  it.each([
    ['jsonl', '{"event_type":"tool_allowed"'],
    ['cef', 'CEF:0|'],
    ['ocsf', '"class_uid":6003'],
  ])('writes %s to standard output', async (format, expected) => {
    const { log } = await signedLog();
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk, encoding, done) => {
      written.push(String(chunk));
      const callback = typeof encoding === 'function' ? encoding : done;
      callback?.();
      return true;
    });
    const { exitCode, failure } = await acp(
      'audit',
      'export',
      '--format',
      format,
      log,
      '--event-type',
      'tool_allowed',
    );
    vi.restoreAllMocks();
    expect(failure).toBeNull();
    expect(exitCode).toBe(0);
    expect(written.join('').trimEnd().split('\n')).toHaveLength(1);
    expect(written.join('')).toContain(expected);
  });

  it.each([
    ['--format', 'xml'],
    ['--format', 'cef', '--since', 'yesterday'],
    ['--format', 'cef', '--event-type', 'no_such_event'],
  ])('refuses %s %s %s', async (...args) => {
    expect((await acp('audit', 'export', '/nonexistent', ...args.filter(Boolean))).failure).toMatchObject({
      code: 'commander.invalidArgument',
    });
  });
});

describe('acp audit tail', () => {
  it.each([
    ['is not there', 'none', 'none: there is no such file or directory'],
    ['has no log', 'empty', 'empty: there is no log in this directory'],
  ])('says of a directory that it %s', async (_what, name, message) => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'empty'));
    for (const flags of [[], ['--no-follow']]) {
      const { failure } = await acp('audit', 'tail', join(directory, name), ...flags);
      expect(failure).toMatchObject({ message });
    }
  });

  it('names the lines that are no events, and fails', async () => {
    const { directory, log } = await signedLog();
    const lines = readLines(activeFile(directory));
    writeFileSync(activeFile(directory), `${lines.with(1, 'x').join('\n')}\n`);
    const { output, errors, exitCode } = await acp('audit', 'tail', log, '--no-follow');
    expect(output.split('\n')).toHaveLength(4);
    expect(errors).toContain(`${activeFile(directory)}:2: the line is not an event`);
    expect(exitCode).toBe(1);
  });

  it('prints the last events for a person or a machine', async () => {
    const { log } = await signedLog();
    const people = await acp('audit', 'tail', log, '--no-follow', '-n', '2');
    expect(people.output.split('\n')).toHaveLength(2);
    expect(people.output).toContain('audit_checkpoint');
    const machines = await acp('audit', 'tail', log, '--no-follow', '--json', '--tenant', 'tenant-a');
    expect(JSON.parse(machines.output)).toMatchObject({ event_type: 'tool_allowed', tenant_id: 'tenant-a' });
  });
});
