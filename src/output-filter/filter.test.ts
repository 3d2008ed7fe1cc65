import { describe, expect, it } from 'vitest';
import type { Destination, FilterContext, FilterVerdict } from '../domain/filter.js';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, MAX_FILTER_BYTES, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';
import type { Detector } from './detector.js';
import { standardDetectors } from './detectors/all.js';

const filter = createTestFilter();

function check(text: string, context: Partial<FilterContext> = {}): FilterVerdict {
  return filter.check({ text, context: { ...INSIDE, ...context } });
}

function checkStructure(
  structure: Record<string, unknown>,
  context: Partial<FilterContext> = {},
): FilterVerdict {
  return filter.check({ text: '', structured_output: structure, context: { ...INSIDE, ...context } });
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

describe('a verdict', () => {
  const DESTINATIONS: readonly (readonly [Destination, string, boolean, string, string])[] = [
    ['internal_display', 'fine', true, 'output_allowed', 'fine'],
    ['internal_display', 'classification: sensitive', false, 'sensitive_classification_detected', ''],
    ['audit_log', 'classification: sensitive', true, 'audit_log_redacted_only', ''],
    ['audit_log', 'password=hunter2', false, 'secret_pattern_blocked', ''],
    ['external_email', 'classification: sensitive', false, 'sensitive_classification_detected', ''],
    ['external_export', 'fine', true, 'output_allowed', 'fine'],
    ['webhook', 'classification: sensitive', false, 'sensitive_classification_detected', ''],
  ];

  it.each(DESTINATIONS)('to %s on %j: allowed %s, %s', (destination, text, allowed, reason, filteredText) => {
    expect(check(text, { destination })).toMatchObject({ allowed, reason, filtered_text: filteredText });
  });

  it('names the first reason of the fixed order, whatever the order in the text', () => {
    const text = expandExample(
      'classification: sensitive tenant_id=other -----BEGIN PRIVATE KEY----- <alnum:40>',
    );
    expect(check(text).reason).toBe('private_key_material_blocked');
    expect(check(`${expandExample('<alnum:40>')} password=hunter2`).reason).toBe('secret_pattern_blocked');
  });

  it('reports one finding a rule, the first by position, and counts the others', () => {
    const verdict = check('password=first1 and password=second2 and password=third3');
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({ start: 9, end: 15, occurrences: 3 });
    expect(verdict.finding_count).toBe(1);
    expect(verdict.redacted_text).not.toMatch(/first1|second2|third3/);
  });

  it('sorts findings by position and finding types by name', () => {
    const verdict = check('tenant_id=other classification: sensitive password=hunter2');
    expect(ruleIds(verdict)).toEqual(['tenant.marker_mismatch', 'classification.marker', 'pattern.secret']);
    expect(verdict.finding_types).toEqual([
      'cross_tenant_content',
      'secret_pattern',
      'sensitive_classification',
    ]);
    expect(verdict.highest_severity).toBe('critical');
  });

  it("names the context's first label as a finding's source", () => {
    const verdict = check('password=hunter2', { source_labels: ['first', 'second'] });
    expect(verdict.findings[0]?.source).toBe('first');
  });
});

describe('the rules on sources', () => {
  const external = { destination: 'webhook' } as const;

  it.each([
    [{ source_sensitivity: 'sensitive' }, 'source.sensitivity_external', 'sensitivity:sensitive'],
    [{ source_sensitivity: 'restricted' }, 'source.sensitivity_external', 'sensitivity:restricted'],
    [{ source_labels: ['retrieved_cross_tenant:b'] }, 'source.cross_tenant_external', 'source:cross_tenant'],
    [{ source_labels: ['tool_output_untrusted'] }, 'source.tool_output_external', 'source:tool_output'],
  ] as const)('%j to the outside is %s', (context, ruleId, sample) => {
    const verdict = check('fine', { ...context, ...external });
    expect(verdict.allowed).toBe(false);
    expect(verdict.findings).toEqual([expect.objectContaining({ rule_id: ruleId, redacted_sample: sample })]);
    expect(check('fine', context).allowed).toBe(true);
  });

  it('let internal material leave', () => {
    expect(check('fine', { source_sensitivity: 'internal', ...external }).allowed).toBe(true);
  });
});

describe('a structured output', () => {
  it.each([
    'password',
    'SECRET',
    'api_key',
    'apikey',
    'Token',
    'private_key',
    'credential',
    'access_token',
    'apiKey',
  ])('may not have the key %s, at any depth', (key) => {
    const verdict = checkStructure({ list: [{ inner: { [key]: 1 } }] });
    expect(verdict.reason).toBe('sensitive_response_key_blocked');
    expect(verdict.findings[0]?.redacted_sample).toMatch(/^key:[a-z_]+$/);
  });

  it('may have keys that only contain such a word', () => {
    expect(checkStructure({ token_count: 3, secretary: 'Ann', passwords_changed: 2 }).allowed).toBe(true);
  });

  it('may have only the allowed top-level keys when the schema is strict', () => {
    const strict = { strict_response_schema: true, allowed_response_keys: ['status'] };
    expect(checkStructure({ status: { free: 1 } }, strict).allowed).toBe(true);
    expect(checkStructure({ status: 1, extra: 2 }, strict)).toMatchObject({
      reason: 'unknown_response_key_blocked',
      findings: [{ redacted_sample: 'key:extra' }],
    });
    expect(checkStructure({ status: 1 }, { strict_response_schema: true }).allowed).toBe(false);
  });

  it('never shows a secret that stands in a key', () => {
    const secret = expandExample('sk-<alnum:40>');
    const verdict = checkStructure(
      { [secret]: 1 },
      { strict_response_schema: true, allowed_response_keys: [] },
    );
    expect(ruleIds(verdict)).toContain('pattern.secret');
    expect(JSON.stringify(verdict)).not.toContain(secret.slice(3, 9));
  });

  it('has its strings examined by the rules on text', () => {
    expect(ruleIds(checkStructure({ note: expandExample('use sk-<alnum:30>') }))).toContain('pattern.secret');
    expect(checkStructure({ tenant_id: 'tenant-b' }).reason).toBe('cross_tenant_output_blocked');
    expect(checkStructure({ tenant_id: 'tenant-a' }).allowed).toBe(true);
    expect(checkStructure({ db_password: 'hunter2' }).reason).toBe('secret_pattern_blocked');
  });

  it('has a secret found that is split over its fields', () => {
    const secret = expandExample('sk-<alnum:40>');
    const verdict = checkStructure({
      a: `x ${secret.slice(0, 10)}`,
      b: secret.slice(10, 30),
      c: secret.slice(30),
    });
    expect(ruleIds(verdict)).toEqual(['pattern.secret']);
  });

  it.each(standardDetectors.filter(({ looksBack }) => looksBack !== undefined).map((one) => [one.id, one]))(
    'has %s counted once in a field of its own, and found in two',
    (id, { examples }) => {
      const secret = expandExample(examples.found[0] ?? '');
      const countIn = (structure: Record<string, unknown>): number | undefined =>
        checkStructure(structure).findings.find(({ rule_id }) => rule_id === id)?.occurrences;
      expect(countIn({ a: 'word', b: secret })).toBe(1);
      expect(countIn({ a: `a ${secret.slice(0, 2)}`, b: secret.slice(2) })).toBe(1);
    },
  );

  it('is refused when it contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(checkStructure(loop).reason).toBe('output_too_large_blocked');
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

describe('redact', () => {
  it('replaces each secret by the id of its rule and keeps the rest', () => {
    const secret = expandExample('sk-<alnum:24>');
    expect(filter.redact(`user ${secret}!`)).toBe('user [REDACTED:pattern.secret]!');
    expect(filter.redact('r-100')).toBe('r-100');
  });

  it('keeps markers, which are no secrets', () => {
    expect(filter.redact('tenant_id: tenant-b, classification: sensitive')).toContain('tenant-b');
  });

  it('covers a private key to its footer, or to the end', () => {
    expect(filter.redact('a -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- b')).toBe(
      'a [REDACTED:pattern.private_key] b',
    );
    expect(filter.redact('a -----BEGIN PRIVATE KEY-----\nabc')).toBe('a [REDACTED:pattern.private_key]');
  });
});

describe('contextOf', () => {
  const chunk = { content: 'plain', trust: 'trusted', tenant_id: 'a' };
  const empty = { tenant_id: 'a', retrieved_chunks: [], tool_output_segments: [] };

  it.each([
    ['nothing', empty, 'public', []],
    [
      'a trusted chunk that says sensitive',
      { ...empty, retrieved_chunks: [{ ...chunk, content: 'sensitive' }] },
      'public',
      [],
    ],
    [
      'an untrusted one',
      { ...empty, retrieved_chunks: [{ ...chunk, trust: 'untrusted', content: 'Sensitive' }] },
      'sensitive',
      [],
    ],
    [
      'a marked chunk',
      { ...empty, retrieved_chunks: [{ ...chunk, content: 'classification: restricted' }] },
      'sensitive',
      [],
    ],
    [
      'a foreign chunk',
      { ...empty, retrieved_chunks: [{ ...chunk, tenant_id: 'b' }] },
      'public',
      ['retrieved_cross_tenant:b'],
    ],
    [
      'a segment',
      { ...empty, tool_output_segments: [{ content: 'x' }] },
      'public',
      ['tool_output_untrusted'],
    ],
    [
      'a confidential segment',
      { ...empty, tool_output_segments: [{ content: 'CONFIDENTIAL' }] },
      'restricted',
      ['tool_output_untrusted'],
    ],
  ] as const)('of %s', (_, turn, sensitivity, labels) => {
    expect(filter.contextOf(turn)).toEqual({ source_sensitivity: sensitivity, source_labels: labels });
  });
});
