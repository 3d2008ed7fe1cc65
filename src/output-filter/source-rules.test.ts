import { describe, expect, it } from 'vitest';
import { INSIDE, createTestFilter } from '../../tests/helpers/output-filter.js';
import type { FilterContext, FilterVerdict } from '../domain/filter.js';

const filter = createTestFilter();

function check(text: string, context: Partial<FilterContext> = {}): FilterVerdict {
  return filter.check({ text, context: { ...INSIDE, ...context } });
}

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

  it('throws what a detector with a fault throws', () => {
    const broken = createTestFilter({
      detectors: [
        {
          id: 'secret.throws',
          description: 'throws',
          keywords: ['boom'],
          pattern: /boom/y,
          validate: () => {
            throw new Error('the detector is broken');
          },
          examples: { found: [], passed: [] },
        },
      ],
    });
    const turn = { ...empty, retrieved_chunks: [{ ...chunk, content: 'a boom b' }] };
    expect(() => broken.contextOf(turn)).toThrow('the detector is broken');
  });
});
