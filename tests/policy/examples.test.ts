import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainCall } from '../../src/cli/policy-explain.js';
import { readPolicyTestFile } from '../../src/cli/policy-test-file.js';
import { runPolicyTestFile } from '../../src/cli/policy-test-run.js';
import { createTrial } from '../../src/compose-trial.js';
import { policyDigest } from '../../src/policy/digest.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { digestPathBeside, readDigestFile, readPolicyFile } from '../../src/policy/policy-file.js';

const directory = join(import.meta.dirname, '..', '..', 'policies', 'examples');
const files = readdirSync(directory);
const testFiles = files.filter((name) => name.endsWith('.policy-test.yaml'));
const policies = files.filter((name) => name.endsWith('.yaml') && !testFiles.includes(name));

describe('the example policies', () => {
  it('are the five that the documents promise', () => {
    expect(policies.sort()).toEqual([
      'browser-agent.yaml',
      'company-email.yaml',
      'multi-tenant-analytics.yaml',
      'payments.yaml',
      'read-only-support-agent.yaml',
    ]);
  });

  it.each(policies)(
    '%s has a digest, a table of cases, a place in the README and a schema for editors',
    (name) => {
      const path = join(directory, name);
      expect(readDigestFile(digestPathBeside(path))).toBe(policyDigest(parsePolicy(readPolicyFile(path))));
      expect(testFiles).toContain(name.replace('.yaml', '.policy-test.yaml'));
      expect(readFileSync(join(directory, 'README.md'), 'utf8')).toContain(`](${name})`);
      expect(readFileSync(path, 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/policy\.schema\.json\n/,
      );
    },
  );

  it.each(testFiles)('%s holds', async (name) => {
    const { error, cases } = await runPolicyTestFile(join(directory, name));
    expect(error).toBeNull();
    expect(cases.filter(({ ok }) => !ok)).toEqual([]);
    const effects = new Set(cases.map(({ expected }) => expected.effect));
    expect(effects).toContain('allow');
    expect(effects).toContain('deny');
  });
});

describe('explainCall', () => {
  it.each(testFiles)(
    'names as the first no what the broker denies for, in every case of %s',
    async (name) => {
      const { policyPath, cases } = readPolicyTestFile(join(directory, name));
      for (const strictProvenance of [false, true]) {
        const options = {
          policyPath,
          strictProvenance,
          provenanceKeyPath: null,
          requireApprovalToken: false,
        };
        const trial = createTrial(options);
        for (const { body } of cases) {
          const decision = await trial.broker.decide(trial.inquire(body));
          const { checks, effect, reason } = await explainCall(trial, body);
          expect({ effect, reason }).toEqual({ effect: decision.effect, reason: decision.reason.text });
          const first = checks.find(({ verdict }) => verdict === 'no');
          expect(first?.decides ?? false).toBe(effect !== 'allow');
          expect(first?.reason ?? reason).toBe(reason);
          expect(checks.filter(({ decides }) => decides)).toHaveLength(effect === 'allow' ? 0 : 1);
        }
      }
    },
  );
});
