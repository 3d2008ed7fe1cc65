import { createInterface } from 'node:readline/promises';
import { Option, type Command } from 'commander';
import pc from 'picocolors';
import { approvalDecisionVerbs, approvalStatusSchema } from '../domain/approval.js';
import type { ApprovalDecisionVerb, ApprovalRecord } from '../domain/approval.js';
import { displayPage, displayRecord } from './approval-display.js';
import {
  createApprovalsClient,
  type ApprovalsClient,
  type ClientOptions,
  type ListOptions,
} from './approvals-client.js';
import { EXIT } from './exit-codes.js';
import { namingFiles } from './named-file.js';
import { DEFAULT_SERVICE_URL, ServiceAnswerError } from './service-client.js';

interface SharedOptions extends ClientOptions {
  readonly json?: boolean;
}

interface DecisionOptions extends SharedOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

function print(asJson: boolean | undefined, value: unknown, lines: readonly string[]): void {
  console.log(asJson === true ? JSON.stringify(value, null, 2) : lines.join('\n'));
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

async function decide(verb: ApprovalDecisionVerb, id: string, options: DecisionOptions): Promise<void> {
  const client = createApprovalsClient(options);
  // INVARIANT: nobody grants what was not shown. The action of an id never changes, so what is shown is what is granted.
  const seen = await client.show(id);
  console.error(displayRecord(seen).join('\n'));
  if (options.yes !== true && !(await confirm(`${verb} this action?`))) {
    console.error('nothing was decided; without a terminal, --yes decides');
    process.exitCode = EXIT.failed;
    return;
  }
  const record: ApprovalRecord = await client.decide(verb, id, options.reason);
  print(options.json, record, displayRecord(record));
}

/** Runs a command, and tells a refusal of the service in one line. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await namingFiles(work)();
  } catch (error) {
    if (!(error instanceof ServiceAnswerError)) throw error;
    console.error(pc.red(error.message));
    process.exitCode = EXIT.failed;
  }
}

async function list(client: ApprovalsClient, options: SharedOptions & ListOptions): Promise<void> {
  const page = await client.list(options);
  print(options.json, page, displayPage(page));
}

/** `acp approvals list|show|approve|deny|revoke`: the approval workflow of a running service, for a terminal. */
export function registerApprovalsCommands(program: Command): void {
  const approvals = program.command('approvals').description('decide on actions that wait for a human');
  const command = (name: string, description: string): Command =>
    approvals
      .command(name)
      .description(description)
      .option('--url <url>', 'where the service listens', DEFAULT_SERVICE_URL)
      .requiredOption('--key-file <file>', 'file with your API key or token; - is standard input')
      .option('--json', 'print JSON');

  command('list', 'list requests, newest first')
    .addOption(new Option('--status <status>', 'only in this state').choices(approvalStatusSchema.options))
    .option('--tenant <tenant>', 'only of this tenant')
    .option('--limit <count>', 'at most so many')
    .option('--cursor <cursor>', 'go on where a page ended')
    .action((options: SharedOptions & ListOptions) =>
      attempt(() => list(createApprovalsClient(options), options)),
    );

  command('show <id>', 'show the action of a request').action((id: string, options: SharedOptions) =>
    attempt(async () => {
      const record = await createApprovalsClient(options).show(id);
      print(options.json, record, displayRecord(record));
    }),
  );

  for (const [verb, description] of approvalDecisionVerbs) {
    command(`${verb} <id>`, description)
      .requiredOption('--reason <reason>', 'why; kept in the record and the audit log')
      .option('--yes', 'decide without being asked, once the action is shown')
      .action((id: string, options: DecisionOptions) => attempt(() => decide(verb, id, options)));
  }
}
