import { describe, expect, it } from 'vitest';
import type { OutputFilter } from '../../src/domain/filter.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { runBody } from '../helpers/requests.js';
import { startService } from '../helpers/service.js';

const real = createOutputFilter({ pii: false, maxBytes: 1_048_576 });

/** Records of this tenant are taken to hold a secret: the simulators answer nothing that leaks by itself. */
const leakyResults: OutputFilter = {
  ...real,
  check(input) {
    const isResult = input.text === 'simulated_read_records';
    return real.check(isResult ? { ...input, text: `password: FAKEfake0000FAKEfake` } : input);
  },
};

describe('a tool whose result leaks', () => {
  it('has run, and its result is withheld, on record', async () => {
    const service = await startService({ overrides: { filter: leakyResults } });
    const { status, body, text } = await service.post('/run', runBody());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      allowed: true,
      tool_executed: true,
      stage: 'tool_result_filter',
      reason: 'secret_pattern_blocked',
      simulation: { success: true, message: 'tool_result_withheld', simulated_output: {} },
    });
    expect(text).not.toContain('FAKEfake');
    const [decision, withheld, ...more] = service.events();
    expect(more).toEqual([]);
    expect(decision).toMatchObject({
      event_type: 'tool_allowed',
      stage: 'simulation',
      contains_sensitive_data: false,
    });
    expect(withheld).toMatchObject({
      event_type: 'tool_result_blocked',
      stage: 'tool_result_filter',
      policy_reason: 'secret_pattern_blocked',
      decision_id: decision?.['decision_id'],
      tool_name: 'read_records',
      contains_sensitive_data: true,
      output_filter_decision: 'block',
      output_finding_types: ['secret_pattern'],
    });
    await service.close();
  });
});

describe('a detector that throws', () => {
  it('blocks the text', async () => {
    const failing = createOutputFilter({
      pii: false,
      maxBytes: 1_048_576,
      detectors: [
        {
          id: 'secret.failing',
          description: 'fails whatever it looks at',
          keywords: ['record'],
          pattern: /record/y,
          validate: () => {
            throw new Error('a fault inside a detector');
          },
          examples: { found: [], passed: [] },
        },
      ],
    });
    const service = await startService({ overrides: { filter: failing } });
    const { status, body } = await service.post('/run', runBody());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      allowed: false,
      stage: 'output_filter',
      reason: 'output_filter_error',
      model_text: '',
      filtered_output: '',
    });
    expect(service.events()).toHaveLength(1);
    await service.close();
  });
});
