import { basename } from 'node:path';
import { createTrial } from '../compose-trial.js';
import { AppError } from '../domain/errors.js';
import { readPolicyTestFile, type PolicyTestCase } from './policy-test-file.js';

type Answer = PolicyTestCase['expect'];

/** What came of a case. */
export interface CaseResult {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: Answer;
  readonly actual: { readonly effect: string; readonly reason: string };
}

/** What came of a test file; `error` says why its cases could not be run at all. */
export interface FileResult {
  readonly file: string;
  readonly policy: { readonly source: string; readonly sha256: string } | null;
  readonly error: string | null;
  readonly cases: readonly CaseResult[];
}

/** Runs the cases of a test file through the broker's checks; nothing is executed and nothing is recorded. */
export async function runPolicyTestFile(path: string): Promise<FileResult> {
  const file = basename(path);
  try {
    const { policyPath, cases } = readPolicyTestFile(path);
    const trial = createTrial({
      policyPath,
      strictProvenance: false,
      provenanceKeyPath: null,
      requireApprovalToken: false,
    });
    const { source, sha256 } = trial.policy;
    const results: CaseResult[] = [];
    for (const { name, body, expect: expected } of cases) {
      const { effect, reason } = await trial.broker.decide(trial.inquire(body));
      const ok = effect === expected.effect && reason.text === expected.reason;
      results.push({ name, ok, expected, actual: { effect, reason: reason.text } });
    }
    return { file, policy: { source, sha256 }, error: null, cases: results };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, policy: null, error: error.message, cases: [] };
  }
}

/** Whether a file could be run and every case in it came out as expected. */
export function hasPassed(result: FileResult): boolean {
  return result.error === null && result.cases.every(({ ok }) => ok);
}
