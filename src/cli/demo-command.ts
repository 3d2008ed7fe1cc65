import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { compose } from '../compose.js';
import { loadProcessConfig } from '../config/process-config.js';
import type { ControlPlane } from '../domain/control-plane.js';
import { runRequestSchema } from '../domain/request.js';
import type { RunResponse } from '../domain/response.js';
import { CONTRAST, PROTECTED, type DemoScenario } from './demo-scenarios.js';
import { EXIT } from './exit-codes.js';

interface DemoResult {
  readonly id: string;
  readonly title: string;
  readonly expected: DemoScenario['expected'];
  readonly actual: DemoScenario['expected'];
  readonly ok: boolean;
}

interface DemoReport {
  readonly ok: boolean;
  readonly results: readonly DemoResult[];
  readonly audit_log: { readonly directory: string; readonly events: number };
}

/** The caller of a process without authentication. */
async function callerOf(plane: ControlPlane) {
  const authentication = await plane.identity.authenticate({ api_key: undefined, authorization: undefined });
  if (!authentication.ok) throw new Error('the demo needs no credential');
  return authentication.principal;
}

async function runScenario(plane: ControlPlane, scenario: DemoScenario): Promise<DemoResult> {
  const { id, title, expected } = scenario;
  const request = runRequestSchema.parse({
    request_id: `demo-${id}`,
    user_id: 'demo-user',
    session_id: 'demo-session',
    tenant_id: 'tenant-demo',
    user_message: title,
    ...scenario.request,
  });
  const outcome = await plane.run(
    { principal: await callerOf(plane), correlation_id: request.request_id },
    request,
  );
  const actual = outcome.ok
    ? shorten(outcome.value)
    : { allowed: false, stage: 'refused', reason: outcome.code };
  const ok =
    actual.allowed === expected.allowed &&
    actual.stage === expected.stage &&
    actual.reason === expected.reason;
  return { id, title, expected, actual, ok };
}

/** The part of an answer that the demo shows; texts stay out, since the unprotected ones leak. */
function shorten({ allowed, stage, reason }: RunResponse): DemoResult['actual'] {
  return { allowed, stage, reason };
}

function countEvents(directory: string): number {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(join(directory, name), 'utf8').split('\n').length - 1)
    .reduce((sum, count) => sum + count, 0);
}

async function runDemo(auditLogDir: string, stateDir: string): Promise<DemoReport> {
  const { config } = loadProcessConfig({
    ACP_ENVIRONMENT: 'local',
    ACP_AUDIT_LOG_DIR: auditLogDir,
    ACP_STATE_DIR: stateDir,
    ACP_LOG_LEVEL: 'silent',
  });
  const { plane } = await compose(config);
  const results: DemoResult[] = [];
  try {
    for (const scenario of [...CONTRAST, ...PROTECTED]) results.push(await runScenario(plane, scenario));
  } finally {
    await plane.close();
  }
  const audit_log = { directory: auditLogDir, events: countEvents(auditLogDir) };
  return { ok: results.every(({ ok }) => ok), results, audit_log };
}

function verdictOf({ allowed }: DemoResult['expected']): string {
  return allowed ? 'allowed' : 'blocked';
}

function printRow(result: DemoResult, idWidth: number, titleWidth: number): void {
  const { id, title, expected, actual, ok } = result;
  const verdict = verdictOf(actual).padEnd(7);
  const mark = ok ? pc.green('ok') : pc.red('NO');
  const where = `${actual.stage} · ${actual.reason}`;
  console.log(
    `${mark}  ${id.padEnd(idWidth)}  ${title.padEnd(titleWidth)}  ` +
      `expected ${verdictOf(expected).padEnd(7)}  got ${actual.allowed ? pc.green(verdict) : pc.yellow(verdict)}  ${pc.dim(where)}`,
  );
  if (!ok) console.log(pc.red(`    expected ${expected.stage} · ${expected.reason}`));
}

function printReport(report: DemoReport): void {
  const idWidth = Math.max(...report.results.map(({ id }) => id.length));
  const titleWidth = Math.max(...report.results.map(({ title }) => title.length));
  const print = (results: readonly DemoResult[]): void =>
    results.forEach((row) => printRow(row, idWidth, titleWidth));
  console.log(pc.bold('An agent with nobody in between: what it would have done (nothing is executed)'));
  print(report.results.slice(0, CONTRAST.length));
  console.log(pc.bold('\nThe same agent behind the control plane'));
  print(report.results.slice(CONTRAST.length));
  const failed = report.results.filter(({ ok }) => !ok).length;
  console.log(`\n${report.results.length - failed} of ${report.results.length} outcomes as documented`);
  console.log(`audit log: ${report.audit_log.directory} (${report.audit_log.events} events)`);
}

/** `acp demo`: every documented scenario, with and without the control plane. */
export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('run every documented scenario; exit 1 if an outcome is not the documented one')
    .option('--json', 'print JSON')
    .option('--audit-dir <directory>', 'where the audit log goes', join('audit_logs', 'demo'))
    .option('--state-dir <directory>', 'where the last known head of the log is kept', join('data', 'demo'))
    .action(async (options: { json?: boolean; auditDir: string; stateDir: string }) => {
      const report = await runDemo(options.auditDir, options.stateDir);
      if (options.json === true) console.log(JSON.stringify(report, null, 2));
      else printReport(report);
      if (!report.ok) process.exitCode = EXIT.failed;
    });
}
