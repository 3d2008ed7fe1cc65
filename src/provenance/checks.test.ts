import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Provenance } from '../domain/provenance.js';
import { createProvenanceChecks } from './checks.js';
import { hashContent } from './content.js';
import type { ProvenanceKeys } from './keys.js';
import { signProvenance } from './signature.js';

function keyOf(text: string) {
  return createSecretKey(Buffer.from(text));
}

const oldKey = keyOf('fake-key-for-tests-only-0123456789');
const newKey = keyOf('another-fake-key-for-tests-only-01');
const keys: ProvenanceKeys = { signing: newKey, verification: [newKey, oldKey] };
const strict = createProvenanceChecks({ strict: true, keys });
const relaxed = createProvenanceChecks({ strict: false, keys });

const content = 'Grüße 🔑';
const turn = {
  tenant_id: 'tenant-a',
  retrieved_chunks: [{ id: 'c-1', content, trust: 'trusted' as const }],
};

const unsigned: Provenance = {
  source: 'model',
  trust: 'trusted',
  context_ids: ['model-turn', 'c-1'],
  tenant_id: 'tenant-a',
  chunk_id: 'c-1',
  content_hash: hashContent(content),
};

function signed(changes: Partial<Provenance> = {}, key = newKey): Provenance {
  const claim = { ...unsigned, ...changes };
  return { ...claim, signature: signProvenance(claim, key) };
}

function integrityOf(provenance: Provenance, checks = strict): string {
  const verdict = checks.checkIntegrity(provenance, turn);
  return verdict.ok ? 'ok' : verdict.reason;
}

describe('signProvenance', () => {
  it('agrees with a signature made by another implementation of the form', () => {
    const claim: Provenance = {
      source: 'model',
      trust: 'trusted',
      context_ids: ['\u{1f511}', '\uffee', 'model-turn', 'é'],
      tenant_id: 'tenant-a',
      chunk_id: 'Zürich\u007f\u0001',
    };
    expect(signProvenance(claim, oldKey)).toBe(
      '55e81b99450f2731fddada4e893fe58a82741875877a59db3d4e33cc73a6d05c',
    );
  });

  it('does not depend on the order of context ids, or on null instead of absent', () => {
    const absent: Provenance = { source: 'model', trust: 'trusted', context_ids: ['b', 'a'] };
    const nulls = { ...absent, context_ids: ['a', 'b'], tenant_id: null, chunk_id: null, content_hash: null };
    expect(signProvenance(absent, newKey)).toBe(signProvenance(nulls, newKey));
  });
});

describe('createProvenanceChecks', () => {
  it('lets a signed, unchanged provenance of the caller pass', () => {
    expect(integrityOf(signed())).toBe('ok');
  });

  it('verifies with any key of the ring, and with no other', () => {
    expect(integrityOf(signed({}, oldKey))).toBe('ok');
    expect(integrityOf(signed({}, keyOf('a-fake-key-that-nobody-configured')))).toBe(
      'provenance_signature_invalid',
    );
  });

  it('stops verifying with a key as soon as the ring gives it up', () => {
    const ring = { signing: newKey, verification: [newKey, oldKey] };
    const checks = createProvenanceChecks({ strict: true, keys: ring });
    expect(integrityOf(signed({}, oldKey), checks)).toBe('ok');
    ring.verification = [newKey];
    expect(integrityOf(signed({}, oldKey), checks)).toBe('provenance_signature_invalid');
  });

  it.each([undefined, null, ''])('denies without a signature: %j', (signature) => {
    expect(integrityOf({ ...unsigned, signature })).toBe('provenance_signature_missing');
  });

  const tampering: [field: string, changes: Partial<Provenance>][] = [
    ['source', { source: 'system' }],
    ['trust', { trust: 'untrusted' }],
    ['context_ids', { context_ids: ['model-turn'] }],
    ['context_ids', { context_ids: ['model-turn', 'c-1', 'c-1'] }],
    ['tenant_id', { tenant_id: 'tenant-b' }],
    ['tenant_id', { tenant_id: null }],
    ['chunk_id', { chunk_id: 'c-2' }],
    ['chunk_id', { chunk_id: null }],
    ['content_hash', { content_hash: hashContent('other') }],
    ['content_hash', { content_hash: null }],
  ];

  it.each(tampering)('finds a changed %s: %j', (_field, changes) => {
    expect(integrityOf({ ...signed(), ...changes })).toBe('provenance_signature_invalid');
  });

  const good = signed().signature!;
  const forms: [what: string, signature: string, expected: string][] = [
    ['upper case', good.toUpperCase(), 'ok'],
    ['mixed case', good.slice(0, 32).toUpperCase() + good.slice(32), 'ok'],
    ['one digit short', good.slice(1), 'provenance_signature_invalid'],
    ['one digit long', `${good}0`, 'provenance_signature_invalid'],
    ['twice', good + good, 'provenance_signature_invalid'],
    ['blanks around it', ` ${good} `, 'provenance_signature_invalid'],
    ['a line end after it', `${good}\n`, 'provenance_signature_invalid'],
    ['a prefix', `sha256=${good}`, 'provenance_signature_invalid'],
    ['base64', Buffer.from(good, 'hex').toString('base64'), 'provenance_signature_invalid'],
    ['no hex', 'z'.repeat(64), 'provenance_signature_invalid'],
    ['wide digits', '０'.repeat(64), 'provenance_signature_invalid'],
    ['zeros', '0'.repeat(64), 'provenance_signature_invalid'],
  ];

  it.each(forms)('judges the form of a signature: %s', (_what, signature, expected) => {
    expect(integrityOf({ ...unsigned, signature })).toBe(expected);
  });

  it.each([
    ["another tenant's", 'tenant-b'],
    ["no tenant's", null],
    ['a tenant of other case', 'Tenant-A'],
  ])('denies a valid signature over %s provenance', (_what, tenant_id) => {
    expect(integrityOf(signed({ tenant_id }))).toBe('provenance_tenant_mismatch');
  });

  it('denies a content that is not what was hashed, in every mode', () => {
    const wrong = signed({ content_hash: hashContent('other') });
    expect(integrityOf(wrong)).toBe('provenance_content_mismatch');
    expect(integrityOf(wrong, relaxed)).toBe('provenance_content_mismatch');
    expect(integrityOf(signed({ content_hash: hashContent(content).toUpperCase() }))).toBe(
      'provenance_content_mismatch',
    );
  });

  it('asks every chunk of the named id for its content', () => {
    const twice = [...turn.retrieved_chunks, { id: 'c-1', content: 'other', trust: 'trusted' as const }];
    const verdict = strict.checkIntegrity(signed(), { ...turn, retrieved_chunks: twice });
    expect(verdict).toEqual({ ok: false, reason: 'provenance_content_mismatch' });
  });

  it('claims nothing of a content that is not part of the request or has no hash', () => {
    expect(integrityOf(signed({ chunk_id: 'c-9', content_hash: hashContent('elsewhere') }))).toBe('ok');
    expect(integrityOf(signed({ content_hash: null }))).toBe('ok');
    expect(integrityOf(signed({ chunk_id: null, content_hash: hashContent('other') }))).toBe('ok');
  });

  it('asks in order: signature, tenant, content', () => {
    const wrong = { tenant_id: 'tenant-b', content_hash: hashContent('other') };
    expect(integrityOf({ ...unsigned, ...wrong })).toBe('provenance_signature_missing');
    expect(integrityOf({ ...signed(), ...wrong })).toBe('provenance_signature_invalid');
    expect(integrityOf(signed(wrong))).toBe('provenance_tenant_mismatch');
  });

  it('wants no signature outside strict mode, and judges none', () => {
    expect(integrityOf(unsigned, relaxed)).toBe('ok');
    expect(integrityOf({ ...unsigned, signature: 'nonsense' }, relaxed)).toBe('ok');
    expect(integrityOf({ ...unsigned, tenant_id: null }, relaxed)).toBe('ok');
  });

  it('still asks who may authorize when the signature is valid', () => {
    const rule = { external_effect: false, destructive: false };
    const evidence = signed({ source: 'retrieved' });
    expect(integrityOf(evidence)).toBe('ok');
    expect(strict.checkRules(evidence, rule, turn.retrieved_chunks)).toEqual({
      ok: false,
      reason: 'retrieved_cannot_authorize_tool_execution',
    });
  });
});
