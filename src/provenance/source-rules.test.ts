import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenanceSourceSchema, type Provenance } from '../domain/provenance.js';
import { checkSourceRules } from './source-rules.js';

const harmless = { external_effect: false, destructive: false };
const risky = [
  { external_effect: true, destructive: false },
  { external_effect: false, destructive: true },
  { external_effect: true, destructive: true },
];
const evidence = ['user', 'retrieved', 'tool_output', 'external', 'web', 'email', 'support_ticket'] as const;

function claim(changes: Partial<Provenance>): Provenance {
  return { source: 'model', trust: 'trusted', context_ids: [], ...changes };
}

function reasonOf(...parameters: Parameters<typeof checkSourceRules>): string {
  const verdict = checkSourceRules(...parameters);
  return verdict.ok ? 'ok' : verdict.reason;
}

function chunk(id: string, trust: 'trusted' | 'untrusted') {
  return { id, trust, content: '' };
}

describe('checkSourceRules', () => {
  it.each(['model', 'system'] as const)('lets a trusted %s authorize every kind of tool', (source) => {
    for (const rule of [harmless, ...risky]) expect(reasonOf(claim({ source }), rule, [])).toBe('ok');
  });

  it.each(['model', 'system', 'internal_reviewed'] as const)('denies an untrusted %s', (source) => {
    for (const rule of [harmless, ...risky]) {
      expect(reasonOf(claim({ source, trust: 'untrusted' }), rule, [])).toBe('untrusted_provenance_denied');
    }
  });

  it.each(evidence)('never lets %s authorize, whatever its trust', (source) => {
    for (const trust of ['trusted', 'untrusted'] as const) {
      for (const rule of [harmless, ...risky]) {
        expect(reasonOf(claim({ source, trust }), rule, [])).toBe(
          `${source}_cannot_authorize_tool_execution`,
        );
      }
    }
  });

  it('lets reviewed content authorize what stays inside and destroys nothing', () => {
    const reviewed = claim({ source: 'internal_reviewed' });
    expect(reasonOf(reviewed, harmless, [])).toBe('ok');
    for (const rule of risky) {
      expect(reasonOf(reviewed, rule, [])).toBe('internal_reviewed_cannot_authorize_external_or_destructive');
    }
  });

  it('denies a claim of trust that rests on an untrusted chunk of this request', () => {
    const resting = claim({ context_ids: ['model-turn', 'c-2'] });
    const chunks = [chunk('c-1', 'trusted'), chunk('c-2', 'untrusted')];
    expect(reasonOf(resting, harmless, chunks)).toBe('provenance_context_untrusted');
    expect(reasonOf({ ...resting, source: 'internal_reviewed' }, harmless, chunks)).toBe(
      'provenance_context_untrusted',
    );
    expect(reasonOf(claim({ context_ids: ['c-1'] }), harmless, chunks)).toBe('ok');
    expect(reasonOf(claim({ context_ids: ['c-3'] }), harmless, chunks)).toBe('ok');
  });

  it('denies a claim of trust whose own chunk is an untrusted one of this request', () => {
    const chunks = [chunk('c-1', 'trusted'), chunk('c-2', 'untrusted')];
    for (const source of ['model', 'system', 'internal_reviewed'] as const) {
      expect(reasonOf(claim({ source, chunk_id: 'c-2' }), harmless, chunks)).toBe(
        'provenance_context_untrusted',
      );
      expect(reasonOf(claim({ source, chunk_id: 'c-1' }), harmless, chunks)).toBe('ok');
      expect(reasonOf(claim({ source, chunk_id: 'c-3' }), harmless, chunks)).toBe('ok');
      expect(reasonOf(claim({ source, chunk_id: null }), harmless, chunks)).toBe('ok');
    }
  });

  it('denies when one of two chunks with the same id is untrusted', () => {
    const chunks = [chunk('c-1', 'trusted'), chunk('c-1', 'untrusted')];
    expect(reasonOf(claim({ context_ids: ['c-1'] }), harmless, chunks)).toBe('provenance_context_untrusted');
  });

  it('asks in order: source, trust, context, risk', () => {
    const chunks = [chunk('c', 'untrusted')];
    const reviewed = claim({ source: 'internal_reviewed', context_ids: ['c'] });
    expect(reasonOf({ ...reviewed, source: 'web', trust: 'untrusted' }, risky[0]!, chunks)).toBe(
      'web_cannot_authorize_tool_execution',
    );
    expect(reasonOf({ ...reviewed, trust: 'untrusted' }, risky[0]!, chunks)).toBe(
      'untrusted_provenance_denied',
    );
    expect(reasonOf(reviewed, risky[0]!, chunks)).toBe('provenance_context_untrusted');
  });

  it('only ever lets trusted model, system and reviewed claims pass', () => {
    const anySource = fc.constantFrom(...provenanceSourceSchema.options);
    const anyTrust = fc.constantFrom('trusted' as const, 'untrusted' as const);
    fc.assert(
      fc.property(
        anySource,
        anyTrust,
        fc.boolean(),
        fc.boolean(),
        (source, trust, external_effect, destructive) => {
          const verdict = checkSourceRules(claim({ source, trust }), { external_effect, destructive }, []);
          const may =
            trust === 'trusted' &&
            (source === 'model' ||
              source === 'system' ||
              (source === 'internal_reviewed' && !external_effect && !destructive));
          expect(verdict.ok).toBe(may);
        },
      ),
    );
  });
});
