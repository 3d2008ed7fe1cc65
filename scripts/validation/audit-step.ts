import { z } from 'zod';
import { runCommand } from './command.js';
import type { Step, StepOutcome } from './step.js';

/** Vulnerabilities of this severity or worse fail the step. */
const FAILING_SEVERITY = 'moderate';

const reportSchema = z.object({
  metadata: z.object({ vulnerabilities: z.object({ total: z.int() }) }),
});
const errorSchema = z.object({ statusCode: z.int() });

/**
 * Reads what `npm audit --json` printed: its verdict, or that the registry does not answer audits.
 *
 * `status` is the command's exit status, which already weighs the severities.
 */
export function checkAuditOutput(output: string, status: number | null): StepOutcome {
  const json = parseJson(output);
  const report = reportSchema.safeParse(json);
  if (report.success) {
    if (status === 0) return { status: 'passed' };
    const { total } = report.data.metadata.vulnerabilities;
    return { status: 'failed', detail: `${total} known vulnerabilities; see npm audit` };
  }
  const error = errorSchema.safeParse(json);
  return {
    status: 'skipped',
    reason: error.success
      ? `the package registry does not answer audits (HTTP ${error.data.statusCode})`
      : 'the package registry cannot be reached for an audit',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks the registry for known vulnerabilities of every locked package. */
export function createAuditStep(): Step {
  return {
    id: 'audit',
    title: 'dependency audit',
    run: async () => {
      const args = ['audit', '--json', '--loglevel=silent', `--audit-level=${FAILING_SEVERITY}`];
      const { stdout, status } = await runCommand('npm', args, { capture: true });
      return checkAuditOutput(stdout, status);
    },
  };
}
