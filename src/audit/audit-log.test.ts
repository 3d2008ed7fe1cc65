import { generateKeyPairSync } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  activeFile,
  findBreak,
  openTestLog,
  readLogFile,
  readLines,
  sampleEvent,
} from '../../tests/helpers/audit.js';
import { temporaryDirectory } from '../../tests/helpers/temporary-directory.js';
import { BLANK_EVENT } from '../domain/audit-event.js';
import { AuditUnavailableError } from '../domain/errors.js';

const FIELD_ORDER = [
  'event_type timestamp seq prev_hash stage allowed policy_decision policy_reason tool_name',
  'retrieved_context_trust risk_level human_approval_required contains_sensitive_data',
  'approval_id approver_id approval_decision approval_reason approval_token_valid approval_token_failure_reason',
  'output_filter_decision output_finding_count output_finding_types output_highest_severity',
  'output_findings_redacted policy_sha256 model principal_id principal_kind identity_assurance',
  'correlation_id request_id decision_id user_id session_id tenant_id target source_context_ids arguments_hmac',
].flatMap((line) => line.split(' '));

describe('the audit log', () => {
  it('writes every field, in the order of the documents', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    await log.append(
      sampleEvent({
        principal_id: 'agent-1',
        principal_kind: 'agent',
        identity_assurance: 'verified',
        tool_name: 'read_records',
        source_context_ids: ['model-turn'],
        output_findings_redacted: [
          {
            finding_type: 'secret_pattern',
            severity: 'critical',
            reason: 'secret_pattern_blocked',
            redacted_sample: 'sk-…[REDACTED:48]',
            rule_id: 'pattern.secret',
          },
        ],
      }),
    );
    const line = readLogFile(activeFile(directory))[2]!;
    expect(Object.keys(line)).toEqual(FIELD_ORDER);
    expect(line).toMatchObject({
      event_type: 'tool_allowed',
      timestamp: '2030-01-02T03:04:05.678Z',
      seq: 3,
      tenant_id: 'tenant-a',
      principal_kind: 'agent',
      source_context_ids: ['model-turn'],
      approval_id: null,
      output_findings_redacted: [{ redacted_sample: 'sk-…[REDACTED:48]', rule_id: 'pattern.secret' }],
      arguments_hmac: null,
    });
  });

  it('chains each line to the one before, from 64 zeros, and ends with a checkpoint', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    await Promise.all(Array.from({ length: 50 }, () => log.append(sampleEvent(), sampleEvent())));
    await log.close();
    const lines = readLines(activeFile(directory));
    expect(findBreak(lines)).toBeNull();
    const types = lines.map((line) => (JSON.parse(line) as { event_type: string }).event_type);
    expect(types.slice(0, 2)).toEqual(['audit_opened', 'audit_checkpoint']);
    expect(types.slice(-2)).toEqual(['audit_closed', 'audit_checkpoint']);
    expect(lines).toHaveLength(104);
  });

  it('continues the chain of an earlier process', async () => {
    const directory = temporaryDirectory();
    for (let run = 0; run < 3; run += 1) {
      const log = await openTestLog(directory);
      await log.append(sampleEvent());
      await log.close();
    }
    expect(findBreak(readLines(activeFile(directory)))).toBeNull();
  });

  it('keeps the events of one append together, in the order of the calls', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    const names = Array.from({ length: 20 }, (_, index) => `req-${index}`);
    await Promise.all(
      names.map((name) =>
        log.append(sampleEvent({ request_id: name }), sampleEvent({ request_id: `${name}b` })),
      ),
    );
    const written = readLogFile(activeFile(directory)).map((event) => event['request_id']);
    expect(written.slice(2)).toEqual(names.flatMap((name) => [name, `${name}b`]));
  });

  it.each(['os', 'disk'] as const)(
    'has the line in the file when an append resolves (%s)',
    async (durability) => {
      const directory = temporaryDirectory();
      const log = await openTestLog(directory, { durability });
      await log.append(sampleEvent({ request_id: 'req-now' }));
      expect(readLogFile(activeFile(directory)).at(-1)).toMatchObject({ request_id: 'req-now' });
    },
  );

  it('keeps the file and its directory to their owner', async () => {
    const directory = temporaryDirectory();
    await openTestLog(directory);
    expect(statSync(activeFile(directory)).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'log')).mode & 0o777).toBe(0o700);
  });

  it('says of arguments only whether they were equal, and only where there is a key', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { signingKey: generateKeyPairSync('ed25519').privateKey });
    await log.append(
      sampleEvent({ arguments: { to: 'someone@example.invalid', subject: 'x' } }),
      sampleEvent({ arguments: { subject: 'x', to: 'someone@example.invalid' } }),
      sampleEvent({ arguments: { subject: 'y', to: 'someone@example.invalid' } }),
    );
    const [first, second, third] = readLogFile(activeFile(directory))
      .slice(2)
      .map((event) => event['arguments_hmac']);
    expect(first).toMatch(/^[\da-f]{64}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(readLines(activeFile(directory)).join('')).not.toContain('someone@example');
  });

  it('writes details after all fields, and lets none of them stand for a field', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    await log.append(
      sampleEvent({
        event_type: 'policy_loaded',
        details: {
          seq: 99,
          prev_hash: 'forged',
          timestamp: 'forged',
          event_type: 'x',
          7: 'seven',
          method: 'm',
          headers: 'h',
          socket: 's',
          source: 'default.yaml',
        },
      }),
    );
    const line = readLogFile(activeFile(directory))[2]!;
    expect(Object.keys(line).slice(FIELD_ORDER.length).sort()).toEqual([
      'detail_7',
      'detail_event_type',
      'detail_headers',
      'detail_method',
      'detail_prev_hash',
      'detail_seq',
      'detail_socket',
      'detail_timestamp',
      'source',
    ]);
    expect(line).toMatchObject({ event_type: 'policy_loaded', seq: 3 });
  });

  it('writes what is not known as null, whatever kind of value it would be', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    const unknown = {
      ...BLANK_EVENT,
      event_type: 'api_auth_failure',
      stage: 'audit',
      allowed: false,
      policy_decision: 'deny',
      policy_reason: 'unauthenticated',
    } as const;
    await log.append(unknown);
    const line = readLogFile(activeFile(directory))[2]!;
    const nulls = Object.entries(BLANK_EVENT).filter(([, value]) => value === null);
    expect(nulls.length).toBeGreaterThan(10);
    for (const [name] of nulls) {
      if (name !== 'arguments' && name !== 'details') expect(line).toHaveProperty(name, null);
    }
    expect(line).toHaveProperty('arguments_hmac', null);
  });

  it('chains lines with characters of several bytes by their bytes', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    await Promise.all(
      ['é', 'ключ', '鍵', '🔑'].map((text) => log.append(sampleEvent({ target: text, user_id: text }))),
    );
    const lines = readLines(activeFile(directory));
    expect(lines.join('')).toContain('"target":"🔑"');
    expect(findBreak(lines)).toBeNull();
    expect(log.stats().writtenBytes).toBe(statSync(activeFile(directory)).size);
  });

  it('writes a checkpoint after the configured number of events', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { checkpointEvents: 5 });
    for (let count = 0; count < 12; count += 1) await log.append(sampleEvent());
    const events = readLogFile(activeFile(directory));
    const checkpoints = events.filter((event) => event.event_type === 'audit_checkpoint');
    expect(checkpoints.map((event) => event.seq)).toEqual([2, 8, 14]);
    expect(checkpoints[2]).toMatchObject({ previous_checkpoint_seq: 8, key_id: null, signature: null });
  });

  it('refuses what does not fit into its queue, and takes what comes later', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, { queueBytes: 5_000 });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => log.append(sampleEvent())));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.reason).toBeInstanceOf(AuditUnavailableError);
    expect(log.stats().refusedEvents).toBe(refused.length);
    await log.append(sampleEvent());
    expect(log.fault()).toBeNull();
    expect(findBreak(readLines(activeFile(directory)))).toBeNull();
  });

  it('refuses an event it cannot format, and keeps the chain whole', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory, {
      redact: (text) => {
        if (text.includes('break the redactor')) throw new Error('broken');
        return text;
      },
    });
    const broken = sampleEvent({ user_id: 'break the redactor' });
    await expect(log.append(sampleEvent(), broken)).rejects.toBeInstanceOf(AuditUnavailableError);
    await log.append(sampleEvent());
    const lines = readLines(activeFile(directory));
    expect(lines).toHaveLength(3);
    expect(findBreak(lines)).toBeNull();
  });

  it('refuses events after it was closed, and closes once', async () => {
    const log = await openTestLog(temporaryDirectory());
    await Promise.all([log.close(), log.close()]);
    await expect(log.append(sampleEvent())).rejects.toMatchObject({ code: 'audit_unavailable' });
  });
});
