import { describe, expect, it } from 'vitest';
import type { FilterContext, FilterVerdict } from '../domain/filter.js';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, MAX_FILTER_BYTES, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';
import type { Detector } from './detector.js';

const filter = createTestFilter();

function check(text: string, context: Partial<FilterContext> = {}): FilterVerdict {
  return filter.check({ text, context: { ...INSIDE, ...context } });
}

const TEXT_RULES: readonly (readonly [
  rule: string,
  type: string,
  severity: string,
  reason: string,
  text: string,
])[] = [
  [
    'pattern.private_key',
    'private_key_material',
    'critical',
    'private_key_material_blocked',
    '-----BEGIN EC PRIVATE KEY-----',
  ],
  [
    'pattern.jwt',
    'jwt_like_token',
    'critical',
    'jwt_like_token_blocked',
    'eyJ<alnum:10>.eyJ<alnum:10>.<alnum:10>',
  ],
  ['pattern.secret', 'secret_pattern', 'critical', 'secret_pattern_blocked', 'sk-<alnum:20>'],
  ['pattern.secret', 'secret_pattern', 'critical', 'secret_pattern_blocked', 'PASSWORD : hunter2'],
  ['pattern.secret', 'secret_pattern', 'critical', 'secret_pattern_blocked', 'api-key=abc123'],
  ['entropy.token', 'high_entropy_string', 'high', 'high_entropy_string_blocked', 'x <alnum:40> y'],
  [
    'tenant.marker_mismatch',
    'cross_tenant_content',
    'high',
    'cross_tenant_output_blocked',
    'tenant_id: tenant-b',
  ],
  [
    'classification.marker',
    'sensitive_classification',
    'medium',
    'sensitive_classification_detected',
    'Classification: Restricted',
  ],
];

describe('the rules on text', () => {
  it.each(TEXT_RULES)('%s reports %s, %s, %s', (ruleId, findingType, severity, reason, example) => {
    const text = expandExample(example);
    const verdict = check(text);
    const finding = verdict.findings.find((candidate) => candidate.rule_id === ruleId);
    expect(finding).toMatchObject({
      finding_type: findingType,
      severity,
      reason,
      destination: 'internal_display',
    });
    expect(verdict.allowed).toBe(false);
    expect(verdict.filtered_text).toBe('');
    expect(text.slice(finding!.start, finding!.end).length).toBeGreaterThan(0);
    expect(verdict.redacted_text).toContain(`[REDACTED:${ruleId}]`);
  });

  it.each([
    'password=hunter2',
    'Password: Tr0ub4dor&3',
    'my password is hunter2!',
    'api_key=abc123',
    'API-KEY: 12345',
    'apikey = "xyz"',
    'password:secret',
    'password = "my secret pw"',
    'the password is: Hunter22',
    'DB_PASS=Sup3rS3cret',
    'login: ann pass: Hunter22!',
    'password: correct-horse-battery',
    'password=super_secret',
    'api_key=test',
    'pwd: Kq7xZr2pLm9w',
    'PWD=Kq7xZr2pLm9w',
    'Server=db;Uid=sa;Pwd=/9xK2q+Zr7Lm',
    'passwd: qzxkvjwpqkzx',
    'passwd: hunter2',
    'Passwort: Sommer2026',
    'senha=esqueci',
    'password: admin',
    'password=await',
    'password == hunter2',
    'password::hunter2',
    'password = $ecret1',
    'password = :hunter2',
    'password: "required|string|hunter2!"',
    'PASSWORD: ${PASSWORD:-hunter2}',
    '<x v-model="password" : "hunter2">',
    'a,"password = ""Ab1x9!$cD34z""",b',
    'a,"{""password"":""Kq7!x$Zr2p""}",b',
    "'password' => 'hunter2|letmein'",
    'password=GoxzrihYynDs end',
    'password=aB3dE6gH9j.KlM2nPq end',
    'password = x7Kq9.zP3mQ8vL2',
    'password=aB3dE6gH9jKlM2nPq(',
    'password=aB3dE6gH9jKlM2nPq[0]',
    'password = kqxz_wvbj',
  ])('finds the value in %j and shows only the name', (text) => {
    const [finding] = check(text).findings;
    expect(finding?.reason).toBe('secret_pattern_blocked');
    expect(finding?.redacted_sample).toMatch(
      /^(?:password|api_key|api-key|apikey|credential)=\[REDACTED:\d+\]$/,
    );
  });

  it.each([
    'Reset password: click the button',
    'Username and password: see the vault',
    'The classification: sensitive-ish?',
    'password=getpass.getpass()',
    'password = crypto.pbkdf2Sync(input)',
    'password=settings.DB1.password',
    'password: SecretStr',
    'api_key=JwtTokenProvider',
    'password = read_from_vault',
  ])('passes %j, which only speaks of such a thing', (text) => {
    expect(check(text).findings).toEqual([]);
  });

  it('takes the blank of braille for a blank', () => {
    expect(check('password\u2800=\u2800hunter2').reason).toBe('secret_pattern_blocked');
  });

  it('reports an encoded blob of printable text as blob', () => {
    const blob = Buffer.from('plain words, over and over. '.repeat(4)).toString('base64');
    const verdict = check(`see ${blob}`);
    expect(ruleIds(verdict)).toContain('pattern.encoded_blob');
    expect(verdict.reason).toBe('encoded_blob_blocked');
  });

  it('passes a blob of the same length whose bytes are no text', () => {
    const blob = Buffer.from(Array.from({ length: 90 }, (_, index) => (index * 97 + 130) % 256)).toString(
      'base64',
    );
    expect(ruleIds(check(blob))).not.toContain('pattern.encoded_blob');
  });

  it('leaves the tenant marker off without a tenant, and for the own tenant', () => {
    expect(check('tenant_id=tenant-b', { tenant_id: null }).allowed).toBe(true);
    expect(check('"tenantId": "tenant-a"').allowed).toBe(true);
  });

  it("gives the finding of a tenant marker the marker's tenant and shows none in the sample", () => {
    const [finding] = check('tenant-id = tenant-b, tenant-id = tenant-c').findings;
    expect(finding).toMatchObject({
      tenant_id: 'tenant-b',
      occurrences: 2,
      redacted_sample: 'tenant_id:[REDACTED]',
    });
  });
});

describe('the size limit', () => {
  it('counts the UTF-8 bytes of text, keys and strings, and those examined before', () => {
    const verdict = filter.check({
      text: 'é',
      structured_output: { ab: ['ü'] },
      context: INSIDE,
      examined_bytes: 10,
    });
    expect(verdict).toMatchObject({ allowed: true, examined_bytes: 16 });
  });

  it('blocks what goes beyond it, unexamined', () => {
    const text = 'a '.repeat(MAX_FILTER_BYTES / 2);
    expect(filter.check({ text, context: INSIDE }).allowed).toBe(true);
    expect(filter.check({ text, context: INSIDE, examined_bytes: 1 })).toMatchObject({
      allowed: false,
      reason: 'output_too_large_blocked',
      filtered_text: '',
      redacted_text: '',
      findings: [],
      examined_bytes: MAX_FILTER_BYTES + 1,
    });
  });
});

describe('a text that holds more encoded text than the filter examines', () => {
  const inBase64 = (text: string): string => Buffer.from(text).toString('base64');
  const encoded = inBase64(inBase64('plain words, '.repeat(45_000))).slice(0, MAX_FILTER_BYTES - 16);
  const text = `%2541 ${encoded}`;

  it('is blocked as too large, which is no fault', () => {
    const told: unknown[] = [];
    const observed = createTestFilter({ onFault: (place) => told.push(place) });
    const verdict = observed.check({ text, context: INSIDE });
    expect(verdict).toMatchObject({ allowed: false, reason: 'output_too_large_blocked', findings: [] });
    expect(told).toEqual([]);
  });

  it('is redacted whole', () => {
    expect(filter.redact(text)).toBe('[REDACTED:output_filter_error]');
  });

  it('makes the turn that holds it sensitive', () => {
    const chunk = { content: text, trust: 'trusted', tenant_id: 'a' };
    const turn = { tenant_id: 'a', retrieved_chunks: [chunk], tool_output_segments: [] };
    expect(filter.contextOf(turn).source_sensitivity).toBe('sensitive');
  });
});

describe('a fault', () => {
  const throwing: Detector = {
    id: 'secret.throws',
    description: 'throws',
    keywords: ['boom'],
    pattern: /boom/y,
    validate: () => {
      throw new Error('the detector is broken');
    },
    examples: { found: [], passed: [] },
  };
  const broken = createTestFilter({ detectors: [throwing] });

  it('in a detector blocks the text, and shows nothing of it', () => {
    expect(broken.check({ text: 'boom', context: INSIDE })).toMatchObject({
      allowed: false,
      reason: 'output_filter_error',
      filtered_text: '',
      redacted_text: '',
      highest_severity: 'critical',
    });
  });

  it('in a detector is told of, and blocks the text though its observer has a fault too', () => {
    const told: unknown[] = [];
    const observed = createTestFilter({
      detectors: [throwing],
      onFault: (place, error) => {
        told.push([place, error]);
        throw new Error('the observer is broken');
      },
    });
    expect(observed.check({ text: 'boom', context: INSIDE }).reason).toBe('output_filter_error');
    expect(told).toEqual([['output_filter', new Error('the detector is broken')]]);
  });

  it('in a detector redacts the whole text', () => {
    expect(broken.redact('a boom b')).toBe('[REDACTED:output_filter_error]');
  });
});
