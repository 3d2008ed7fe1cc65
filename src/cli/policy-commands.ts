import type { Command } from 'commander';
import pc from 'picocolors';
import { createTrial } from '../compose-trial.js';
import { PolicyError } from '../domain/errors.js';
import type { AuthorizeRequest } from '../domain/request.js';
import { EXIT } from './exit-codes.js';
import { explainCall, type ExplainedCheck, type Explanation } from './policy-explain.js';
import { readCallFile } from './policy-test-file.js';
import { hasPassed, runPolicyTestFile, type CaseResult, type FileResult } from './policy-test-run.js';

function printCase({ name, ok, expected, actual }: CaseResult): void {
  console.log(`  ${ok ? pc.green('✓') : pc.red('✗')} ${name}`);
  if (ok) return;
  console.log(pc.red(`      - ${expected.effect.padEnd(8)} ${expected.reason}`));
  console.log(pc.green(`      + ${actual.effect.padEnd(8)} ${actual.reason}`));
}

function printFile({ file, policy, error, cases }: FileResult): void {
  console.log(pc.bold(file) + (policy === null ? '' : pc.dim(`  ${policy.source} ${policy.sha256}`)));
  if (error !== null) console.log(`  ${pc.red('✗')} ${error}`);
  for (const result of cases) printCase(result);
}

async function testPolicies(files: readonly string[], { json }: { json?: boolean }): Promise<void> {
  const results: FileResult[] = [];
  for (const file of files) results.push(await runPolicyTestFile(file));
  const ok = results.every(hasPassed);
  if (json === true) {
    console.log(JSON.stringify({ ok, files: results }, null, 2));
  } else {
    for (const result of results) printFile(result);
    const cases = results.flatMap((result) => result.cases);
    const failed = cases.filter((result) => !result.ok).length;
    const broken = results.filter(({ error }) => error !== null).length;
    console.log(`${cases.length - failed} passed, ${failed} failed, ${broken} files not run`);
  }
  if (!ok) process.exitCode = EXIT.failed;
}

interface ExplainOptions {
  readonly policy: string;
  readonly call: string;
  readonly strictProvenance?: boolean;
  readonly provenanceKey?: string;
  readonly requireApprovalToken?: boolean;
  readonly json?: boolean;
}

const marks: Readonly<Record<ExplainedCheck['verdict'], string>> = {
  pass: pc.green('✓'),
  no: pc.red('✗'),
  skipped: pc.dim('·'),
};

function printCheck({ check, verdict, reason, decides }: ExplainedCheck, index: number): void {
  const note = verdict === 'skipped' ? pc.dim('not asked') : (reason ?? '');
  const mark = decides ? pc.red('  ← first no') : '';
  console.log(`  ${index + 1} ${marks[verdict]} ${check.padEnd(24)} ${note}${mark}`);
}

function printExplanation({ policy, tool_name: tool, checks, ...decision }: Explanation): void {
  console.log(`${pc.bold(tool)} under ${policy.source} ${pc.dim(policy.sha256)}`);
  checks.forEach(printCheck);
  console.log(`decision  ${pc.bold(decision.effect)}  ${decision.reason}`);
  console.log(`          ${decision.summary}`);
  console.log(`remedy    ${decision.remedy}`);
}

function readCall(path: string): AuthorizeRequest | null {
  try {
    return readCallFile(path);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    console.error(pc.red(`acp: ${error.message}`));
    process.exitCode = EXIT.usage;
    return null;
  }
}

async function explainPolicy(options: ExplainOptions): Promise<void> {
  const trial = createTrial({
    policyPath: options.policy,
    strictProvenance: options.strictProvenance === true,
    provenanceKeyPath: options.provenanceKey ?? null,
    requireApprovalToken: options.requireApprovalToken === true,
  });
  const call = readCall(options.call);
  if (call === null) return;
  const explanation = await explainCall(trial, call);
  if (options.json === true) console.log(JSON.stringify(explanation, null, 2));
  else printExplanation(explanation);
}

/** `acp policy test` and `acp policy explain`: what a policy says, without a service. */
export function registerPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('try a policy out');
  policy
    .command('test')
    .description('run tables of cases against policies; exit 1 unless every answer is the expected one')
    .argument('<file...>', 'test files (*.policy-test.yaml), each naming its policy')
    .option('--json', 'print JSON')
    .action(testPolicies);
  policy
    .command('explain')
    .description('show every check of one call in order, the first no, and the remedy')
    .requiredOption('--policy <file>', 'the policy file')
    .requiredOption('--call <file>', 'the call, as JSON: a body of POST /v1/authorize')
    .option('--strict-provenance', 'require a signature on the provenance')
    .option('--provenance-key <path>', 'key file or directory of key files; the published lab key without it')
    .option('--require-approval-token', 'let only a token grant')
    .option('--json', 'print JSON')
    .action(explainPolicy);
}
