import { createPublicKey } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const sample = 'examples/audit-log';
const publicKeys = [createPublicKey(readFileSync(join(sample, 'public-key.pem')))];
const verify = (path: string) => verifyLog({ paths: [path], publicKeys, expectHead: null });

describe('the audit log in examples/', () => {
  it('verifies with its public key', async () => {
    expect(await verify(sample)).toMatchObject({ whole: true });
  });

  it('does not verify once a decision in it says something else', async () => {
    const copy = temporaryDirectory();
    cpSync(sample, copy, { recursive: true });
    const log = join(copy, 'api_events.jsonl');
    writeFileSync(log, readFileSync(log, 'utf8').replace('"tool_blocked"', '"tool_allowed"'));
    expect(await verify(copy)).toMatchObject({ whole: false });
  });

  it('holds no secret that the output filter knows', () => {
    const filter = createOutputFilter({ pii: true, maxBytes: 1_048_576 });
    const lines = readFileSync(join(sample, 'api_events.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    const fields = lines.flatMap((line) => Object.entries(JSON.parse(line) as Record<string, unknown>));
    for (const [name, value] of fields) {
      // A signature is as random as a secret.
      if (name === 'signature' || typeof value !== 'string') continue;
      expect(filter.redact(value), name).toBe(value);
    }
  });
});
