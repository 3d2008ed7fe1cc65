import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAuditLog } from '../../src/audit/audit-log.js';
import { checkLink, formatLink, hashLine, type ChainLink } from '../../src/audit/chain.js';
import { LineSplitter } from '../../src/audit/line-reader.js';
import { LogVerification } from '../../src/audit/verify/log-verification.js';
import { verifyLog, type VerifyOptions } from '../../src/audit/verify/verify-log.js';
import { activeFile, readLines, sampleEvent, testOptions } from '../helpers/audit.js';
import { sharedDirectory, temporaryDirectory } from '../helpers/temporary-directory.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');

interface Sample {
  readonly bytes: Buffer;
  readonly lines: readonly string[];
  readonly head: ChainLink;
}

async function makeLog(directory: string, signed = true, eventCount = 1): Promise<string[]> {
  const log = await openAuditLog(
    testOptions(directory, { checkpointEvents: 3, signingKey: signed ? privateKey : null }),
  );
  for (let count = 0; count < eventCount; count += 1) {
    await log.append(sampleEvent({ request_id: `req-${count}`, tool_name: 'read_records' }));
  }
  await log.close();
  return readLines(activeFile(directory));
}

const workDirectory = sharedDirectory();
const workFile = join(workDirectory, 'work.jsonl');
const sample = await makeSample(workDirectory);

async function makeSample(directory: string): Promise<Sample> {
  const lines = await makeLog(directory);
  return {
    bytes: readFileSync(activeFile(directory)),
    lines,
    head: { seq: lines.length, hash: hashLine(lines.at(-1)!) },
  };
}

const lastStart = sample.bytes.length - Buffer.byteLength(sample.lines.at(-1)!) - 1;

/** The sample with each bit of a range flipped in turn. */
function* flippedBits(from: number, to: number) {
  const bytes = Buffer.from(sample.bytes);
  for (let at = from; at < to; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      bytes[at]! ^= 1 << bit;
      yield { bytes, at, bit };
      bytes[at]! ^= 1 << bit;
    }
  }
}

/** Verification without the file, for tests that need tens of thousands of them. */
function verifyBytes(bytes: Buffer, expectHead: ChainLink | null = null, keys: readonly KeyObject[] = []) {
  const verification = new LogVerification(keys, expectHead);
  const splitter = new LineSplitter();
  for (const line of [...splitter.push(bytes), ...splitter.end()]) verification.accept(workFile, line);
  return verification.finish({ files: [workFile], partials: [], byteCount: bytes.length });
}

function verify(content: Buffer | readonly string[], options: Partial<VerifyOptions> = {}) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content.map((line) => `${line}\n`).join(''));
  writeFileSync(workFile, bytes);
  return verifyLog({ paths: [workFile], publicKeys: [], expectHead: null, ...options });
}

describe('verification of a log', () => {
  it('finds nothing in a log that is whole', async () => {
    const report = await verify(sample.bytes, { publicKeys: [publicKey], expectHead: sample.head });
    expect(report).toMatchObject({
      whole: true,
      event_count: sample.lines.length,
      first_seq: 1,
      head: sample.head,
      checkpoint_count: 2,
      signatures: 'checked',
      lines_after_last_checkpoint: 0,
    });
  });

  it('finds every single flipped bit before the last line, with file and line', () => {
    for (const { bytes, at, bit } of flippedBits(0, lastStart)) {
      const { problems } = verifyBytes(bytes);
      if (problems[0]?.line == null) expect.fail(`bit ${bit} of byte ${at} was not found`);
    }
  });

  it('finds every bit flipped in the last line where its head is known', () => {
    for (const { bytes, at, bit } of flippedBits(lastStart, sample.bytes.length)) {
      if (verifyBytes(bytes, sample.head).whole) expect.fail(`bit ${bit} of byte ${at} was not found`);
    }
  });

  it('finds every bit flipped in a last line that is a signed checkpoint, where the key is known', () => {
    for (const { bytes, at, bit } of flippedBits(lastStart, sample.bytes.length)) {
      if (verifyBytes(bytes, null, [publicKey]).whole) expect.fail(`bit ${bit} of byte ${at} was not found`);
    }
  });

  it('finds each line removed', async () => {
    for (let at = 0; at < sample.lines.length; at += 1) {
      const report = await verify(sample.lines.toSpliced(at, 1), { expectHead: sample.head });
      expect(report.whole, `line ${at + 1}`).toBe(false);
    }
  });

  it('finds each line repeated, at each place', async () => {
    for (let from = 0; from < sample.lines.length; from += 1) {
      for (let to = 0; to <= sample.lines.length; to += 1) {
        const report = await verify(sample.lines.toSpliced(to, 0, sample.lines[from]!));
        expect(report.whole, `line ${from + 1} at ${to + 1}`).toBe(false);
      }
    }
  });

  it('finds each two lines swapped', async () => {
    for (let first = 0; first < sample.lines.length; first += 1) {
      for (let second = first + 1; second < sample.lines.length; second += 1) {
        const lines = sample.lines.with(first, sample.lines[second]!).with(second, sample.lines[first]!);
        const report = await verify(lines);
        expect(report.whole, `lines ${first + 1} and ${second + 1}`).toBe(false);
      }
    }
  });

  it('finds the log cut at each line, where its head is known', async () => {
    for (let length = 0; length < sample.lines.length; length += 1) {
      const report = await verify(sample.lines.slice(0, length), { expectHead: sample.head });
      expect(report.problems.map((problem) => problem.code)).toContain('head_not_reached');
    }
  });

  it('finds a chain that was rewritten whole, by the signatures and by the known head', async () => {
    const forged = await makeLog(temporaryDirectory(), false);
    expect((await verify(forged)).whole).toBe(true);
    const keyed = await verify(forged, { publicKeys: [publicKey] });
    expect(keyed.problems.map((problem) => problem.code)).toContain('unsigned_checkpoint');
    const known = await verify(forged, { expectHead: sample.head });
    expect(known.problems.map((problem) => problem.code)).toContain('head_mismatch');
  });

  it('does not take the signature of another key', async () => {
    const report = await verify(sample.bytes, { publicKeys: [stranger.publicKey] });
    expect(report.problems.map((problem) => problem.code)).toContain('unknown_key');
  });

  it('takes an unsigned checkpoint that a later signature stands over', async () => {
    const directory = temporaryDirectory();
    await makeLog(directory, false);
    const lines = await makeLog(directory, true);
    expect((await verify(lines, { publicKeys: [publicKey] })).whole).toBe(true);
  });

  it('says how many lines stand after the last checkpoint', async () => {
    expect(await verify(sample.lines.slice(0, -1))).toMatchObject({ lines_after_last_checkpoint: 2 });
  });

  it.each([
    ['an empty file', '', 'empty_log'],
    ['a line without its newline', '{}', 'unterminated_line'],
    ['a line that is not JSON', 'not JSON\n', 'unparsable_line'],
    ['JSON that is no event', '{"seq":1}\n', 'unparsable_line'],
    [
      'an unknown type of event',
      '{"event_type":"x","timestamp":"2030-01-01T00:00:00.000Z","seq":1,"prev_hash":""}\n',
      'unparsable_line',
    ],
  ])('does not call %s whole', async (_what, content, code) => {
    const report = await verify(Buffer.from(content));
    expect(report.problems.map((problem) => problem.code)).toContain(code);
  });

  it('reports a path that is not there', async () => {
    const report = await verifyLog({ paths: ['/nonexistent/log'], publicKeys: [], expectHead: null });
    expect(report.problems.map((problem) => problem.code)).toEqual(['unreadable_file', 'empty_log']);
  });

  it('keeps its report small, however much is wrong', async () => {
    const report = await verify(Array.from({ length: 500 }, () => 'x'));
    expect(report.problems).toHaveLength(100);
    expect(report.problem_count).toBe(501);
  });
});

describe('a link', () => {
  it('is written and read as SEQ:HASH', () => {
    expect(checkLink(`${formatLink(sample.head)}\n`)).toEqual(sample.head);
    for (const text of ['', '1', '1:abc', `x:${'0'.repeat(64)}`, `1:${'G'.repeat(64)}`])
      expect(checkLink(text)).toBeNull();
  });
});
