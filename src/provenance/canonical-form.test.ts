import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints, toCanonicalJson } from '../domain/canonical-json.js';
import { toCanonicalProvenance } from './canonical-form.js';

describe('toCanonicalProvenance', () => {
  it('writes every field, sorted, with nulls for what is absent', () => {
    expect(toCanonicalProvenance({ source: 'model', trust: 'trusted', context_ids: ['b', 'a'] })).toBe(
      '{"chunk_id":null,"content_hash":null,"context_ids":["a","b"],"source":"model","tenant_id":null,"trust":"trusted"}',
    );
  });

  it('escapes non-ASCII, astral and control characters, and sorts context ids by code point', () => {
    const canonical = toCanonicalProvenance({
      source: 'internal_reviewed',
      trust: 'trusted',
      context_ids: ['\u{1f511}', '\uffee', 'é', 'tab\t', '"'],
      tenant_id: 'tenant-a',
      chunk_id: 'Zürich\u007f\u0001',
    });
    expect(canonical).toBe(
      String.raw`{"chunk_id":"Z\u00fcrich\u007f\u0001","content_hash":null,` +
        String.raw`"context_ids":["\"","tab\t","\u00e9","\uffee","\ud83d\udd11"],` +
        '"source":"internal_reviewed","tenant_id":"tenant-a","trust":"trusted"}',
    );
  });

  it('is the general canonical form of its fields', () => {
    const text = fc.string({ unit: 'binary' });
    const optional = fc.option(text, { nil: null });
    fc.assert(
      fc.property(
        fc.array(text),
        optional,
        optional,
        optional,
        (context_ids, tenant_id, chunk_id, content_hash) => {
          const claim = { source: 'model', trust: 'trusted', tenant_id, chunk_id, content_hash } as const;
          expect(toCanonicalProvenance({ ...claim, context_ids })).toBe(
            toCanonicalJson({ ...claim, context_ids: context_ids.toSorted(compareCodePoints) }),
          );
        },
      ),
    );
  });

  it('does not change the order of the claim itself', () => {
    const context_ids = ['b', 'a'];
    toCanonicalProvenance({ source: 'model', trust: 'trusted', context_ids });
    expect(context_ids).toEqual(['b', 'a']);
  });
});
