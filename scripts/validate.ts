/**
 * Every check of the repository, each step's outcome in a summary at the end; exits 1 when one failed.
 *
 *   npm run validate [-- --only lint,tests]
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { runSteps, type Step } from './validation/step.js';
import { createSteps } from './validation/steps.js';
import { formatSummary } from './validation/summary.js';
import { formatTestCounts, readTestReport } from './validation/test-report.js';

const TEST_REPORT_PATH = '.cache/test-report.json';

function selectSteps(steps: Step[], only: string | undefined): Step[] {
  if (only === undefined) return steps;
  const ids = only.split(',');
  const unknown = ids.filter((id) => !steps.some((step) => step.id === id));
  if (unknown.length > 0) {
    console.error(`unknown step: ${unknown.join(', ')}; there are ${steps.map(({ id }) => id).join(', ')}`);
    process.exit(2);
  }
  return steps.filter(({ id }) => ids.includes(id));
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const steps = selectSteps(
  createSteps({ testReportPath: TEST_REPORT_PATH, environment: process.env }),
  values.only,
);
rmSync(TEST_REPORT_PATH, { force: true });

const results = await runSteps(steps, {
  nowMs: () => performance.now(),
  announce: ({ title }) => {
    console.log(pc.bold(`\n── ${title}`));
  },
});
const counts = readTestReport(TEST_REPORT_PATH);
console.log(`${pc.bold('\nSummary')}\n${formatSummary(results)}`);
// INVARIANT: the last line is the test count, so that whoever reads only the end knows that tests ran.
if (counts !== null) console.log(`\n${formatTestCounts(counts)}`);
process.exitCode = results.some(({ outcome }) => outcome.status === 'failed') ? 1 : 0;
