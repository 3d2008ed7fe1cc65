import { readFileSync } from 'node:fs';
import { z } from 'zod';

const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** How many tests a run had, by outcome. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Parses the JSON report of a test run. Throws where it is absent or of another form.
 *
 * A test file that could not even be loaded reports no test; it counts as one failure.
 */
export function parseTestReport(text: string): TestCounts {
  const report = reportSchema.parse(JSON.parse(text));
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Reads the report at `path`, or null where no test run left one. */
export function readTestReport(path: string): TestCounts | null {
  try {
    return parseTestReport(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** The line that closes a run: `12 passed, 0 failed`, and what was skipped where anything was. */
export function formatTestCounts({ passed, failed, skipped }: TestCounts): string {
  const base = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? base : `${base}, ${skipped} skipped`;
}
