import { describe, expect, it } from 'vitest';
import { checkAuditOutput } from './audit-step.js';
import { createImageStep } from './image-step.js';
import { checkPackedFiles } from './package-step.js';
import { runSteps, type Step, type StepOutcome } from './step.js';
import { formatSummary } from './summary.js';
import { formatTestCounts, parseTestReport, readTestReport } from './test-report.js';

const step = (id: string, run: () => Promise<StepOutcome>): Step => ({ id, title: `step ${id}`, run });
const passing = (id: string): Step => step(id, () => Promise.resolve({ status: 'passed' }));

describe('runSteps', () => {
  it('runs every step in order, those after a failure and after a fault included', async () => {
    const announced: string[] = [];
    const results = await runSteps(
      [
        passing('a'),
        step('b', () => Promise.resolve({ status: 'failed', detail: 'broken' })),
        step('c', () => Promise.reject(new Error('no such file'))),
        passing('d'),
      ],
      { nowMs: () => 0, announce: ({ id }) => announced.push(id) },
    );
    expect(announced).toEqual(['a', 'b', 'c', 'd']);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      { status: 'passed' },
      { status: 'failed', detail: 'broken' },
      { status: 'failed', detail: 'no such file' },
      { status: 'passed' },
    ]);
  });

  it('measures each step in seconds', async () => {
    const times = [1000, 3500];
    const [result] = await runSteps([passing('a')], {
      nowMs: () => times.shift() ?? 0,
      announce: () => undefined,
    });
    expect(result?.elapsedSeconds).toBe(2.5);
  });
});

describe('formatSummary', () => {
  it('names each step, and says why it failed or was skipped', () => {
    const summary = formatSummary([
      { step: passing('a'), outcome: { status: 'passed' }, elapsedSeconds: 1.25 },
      { step: passing('b'), outcome: { status: 'failed', detail: 'it broke' }, elapsedSeconds: 2 },
      { step: passing('c'), outcome: { status: 'skipped', reason: 'no engine' }, elapsedSeconds: 0 },
    ]);
    const lines = summary.split('\n');
    expect(lines[0]).toMatch(/passed.*step a\s+1\.3 s$/);
    expect(lines[1]).toMatch(/failed.*step b\s+2\.0 s {2}it broke$/);
    expect(lines[2]).toMatch(/skipped.*step c\s+0\.0 s {2}no engine$/);
  });
});

describe('parseTestReport', () => {
  const report = {
    numPassedTests: 10,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{}] },
      { status: 'failed', assertionResults: [{}] },
    ],
  };

  it('counts passed, failed and skipped tests', () => {
    expect(parseTestReport(JSON.stringify(report))).toEqual({ passed: 10, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [...report.testResults, { status: 'failed', assertionResults: [] }];
    expect(parseTestReport(JSON.stringify({ ...report, testResults })).failed).toBe(2);
  });

  it('throws for another form, and reads as absent where there is no report', () => {
    expect(() => parseTestReport('{}')).toThrow();
    expect(readTestReport('no-such-folder/report.json')).toBeNull();
  });
});

describe('formatTestCounts', () => {
  it('mentions skipped tests only where there are some', () => {
    expect(formatTestCounts({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(formatTestCounts({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});

describe('checkAuditOutput', () => {
  const report = JSON.stringify({ metadata: { vulnerabilities: { total: 3 } } });

  it('passes and fails as the audit itself does', () => {
    expect(checkAuditOutput(report, 0)).toEqual({ status: 'passed' });
    expect(checkAuditOutput(report, 1)).toMatchObject({ status: 'failed' });
  });

  it('skips where the registry does not answer, and says how it answered', () => {
    expect(checkAuditOutput('{"statusCode":405,"message":"nope"}', 1)).toEqual({
      status: 'skipped',
      reason: 'the package registry does not answer audits (HTTP 405)',
    });
    expect(checkAuditOutput('', null)).toMatchObject({ status: 'skipped' });
  });
});

describe('createImageStep', () => {
  it('is skipped in CI unless it is asked for', async () => {
    await expect(createImageStep({ CI: 'true' }).run()).resolves.toMatchObject({ status: 'skipped' });
  });
});

describe('checkPackedFiles', () => {
  const files = [
    'package.json',
    'LICENSE',
    'README.md',
    'dist/cli/main.js',
    'dist/cli/main.d.ts',
    'policies/default.yaml',
    'policies/default.sha256',
    'policies/examples/narrowed-mail.yaml',
  ];

  it('passes what a user needs', () => {
    const readme =
      'See [the policy](policies/default.yaml#tools), [Node](https://nodejs.org) and [below](#below).';
    expect(checkPackedFiles(files, readme)).toEqual({ status: 'passed' });
  });

  it.each(['README.md', 'dist/cli/main.js', 'policies/default.yaml'])('fails without %s', (path) => {
    const outcome = checkPackedFiles(
      files.filter((file) => file !== path),
      '',
    );
    expect(outcome).toEqual({ status: 'failed', detail: `the package lacks ${path}` });
  });

  it('fails without a file that its README links to', () => {
    expect(checkPackedFiles(files, '[audit](docs/audit.md#fields)')).toEqual({
      status: 'failed',
      detail: 'the package lacks docs/audit.md',
    });
  });

  it.each(['.env', 'src/cli/main.ts', 'dist/cli/main.test.js', 'dist/cli/main.js.map', 'data/approvals.db'])(
    'fails with %s',
    (path) => {
      expect(checkPackedFiles([...files, path], '')).toEqual({
        status: 'failed',
        detail: `the package holds ${path}`,
      });
    },
  );
});
