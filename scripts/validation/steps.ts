import { createAuditStep } from './audit-step.js';
import { runCommand } from './command.js';
import { createImageStep } from './image-step.js';
import { createPackageStep } from './package-step.js';
import type { Step } from './step.js';

interface StepsOptions {
  /** Where the test run leaves its report in JSON. */
  readonly testReportPath: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The steps of the validation in the order they run; hygiene comes after the tests, whose number it compares. */
export function createSteps({ testReportPath, environment }: StepsOptions): Step[] {
  return [
    createScriptStep('lint', 'lint', 'lint'),
    createScriptStep('format', 'format check', 'format:check'),
    createScriptStep('types', 'types', 'typecheck'),
    createScriptStep('tests', 'tests', 'test', [
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${testReportPath}`,
    ]),
    createScriptStep('hygiene', 'repository hygiene', 'repo-hygiene', ['--test-report', testReportPath]),
    createScriptStep('policy', 'policy integrity', 'policy-integrity'),
    createScriptStep('knip', 'dead code', 'knip'),
    createAuditStep(),
    createScriptStep('build', 'build', 'build'),
    createPackageStep(),
    createImageStep(environment),
  ];
}

/** A step that is one script of package.json and passes when the script exits 0. */
function createScriptStep(id: string, title: string, script: string, args: readonly string[] = []): Step {
  return {
    id,
    title,
    run: async () => {
      const { status } = await runCommand('npm', ['run', '--silent', script, '--', ...args]);
      if (status === 0) return { status: 'passed' };
      return { status: 'failed', detail: `npm run ${script} ended with ${status ?? 'a signal'}` };
    },
  };
}
