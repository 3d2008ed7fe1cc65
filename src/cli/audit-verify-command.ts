import type { KeyObject } from 'node:crypto';
import { InvalidArgumentError, type Command } from 'commander';
import pc from 'picocolors';
import { formatLink, type ChainLink } from '../audit/chain.js';
import { checkHeadText } from '../audit/head-file.js';
import { readPublicKey } from '../audit/key-file.js';
import type { Problem, VerificationReport } from '../audit/verify/report.js';
import { verifyLog } from '../audit/verify/verify-log.js';
import { showInvisible } from '../domain/visible.js';
import { collect } from './audit-filter-options.js';
import { EXIT } from './exit-codes.js';
import { nameOf, namingFiles } from './named-file.js';

interface VerifyFlags {
  readonly publicKey?: readonly string[];
  readonly expectHead?: ChainLink;
  readonly json?: boolean;
}

/** Logs smaller than this are read before anyone would look at a progress line. */
const PROGRESS_BYTES = 64 * 1024 * 1024;

/** Takes what the state directory keeps, too, with its mark of a log that was closed. */
function parseHead(text: string): ChainLink {
  const head = checkHeadText(text.toLowerCase());
  if (head === null) throw new InvalidArgumentError('expected SEQ:HASH, as verify prints it.');
  return head.link;
}

function showProgress(bytesRead: number, byteCount: number): void {
  if (byteCount < PROGRESS_BYTES || !process.stderr.isTTY) return;
  const percent = Math.floor((bytesRead / byteCount) * 100);
  process.stderr.write(bytesRead < byteCount ? `\rreading ${percent}%` : '\r\u001b[K');
}

/** THREAT: a file whose name was made for it must not act on the terminal. */
function describePlace({ file, line }: Pick<Problem, 'file' | 'line'>): string {
  if (file === null) return '';
  const name = showInvisible(file);
  return line === null ? `${name}: ` : `${name}:${line}: `;
}

function printReport(report: VerificationReport): void {
  for (const problem of report.problems) {
    console.log(`${describePlace(problem)}${pc.red(problem.code)} ${problem.message}`);
  }
  const hidden = report.problem_count - report.problems.length;
  if (hidden > 0) console.log(pc.red(`and ${hidden} more`));
  for (const note of report.notes) console.log(`${describePlace(note)}${pc.yellow(note.message)}`);
  const hiddenNotes = report.note_count - report.notes.length;
  if (hiddenNotes > 0) console.log(pc.yellow(`and ${hiddenNotes} more such lines`));
  for (const partial of report.partial_files)
    console.log(`${showInvisible(partial)}: ${pc.dim('a tail that a start set aside')}`);
  console.log(
    `events      ${report.event_count} in ${report.files.length} files, ${report.byte_count} bytes`,
  );
  console.log(`range       ${report.first_seq ?? '-'} to ${report.last_seq ?? '-'}`);
  console.log(`time        ${report.first_timestamp ?? '-'} to ${report.last_timestamp ?? '-'}`);
  if (report.expired_through !== null) {
    console.log(`expired     1 to ${report.expired_through.seq}, on record, ${describeExpiry(report)}`);
  }
  console.log(`checkpoints ${report.checkpoint_count}, ${describeSignatures(report)}`);
  console.log(`after the last checkpoint: ${report.lines_after_last_checkpoint} lines`);
  console.log(`head        ${report.head === null ? '-' : formatLink(report.head)}`);
  console.log(report.whole ? pc.green('whole') : pc.red(`not whole: ${report.problem_count} problems`));
}

function describeSignatures({ signatures }: VerificationReport): string {
  return signatures === 'checked'
    ? 'signatures checked'
    : pc.yellow('signatures not checked (no --public-key)');
}

function describeExpiry({ expiry_signature: signature }: VerificationReport): string {
  if (signature === 'checked') return 'under a signature';
  return pc.yellow(
    signature === 'unsigned' ? 'without a signature' : 'under a signature that was not checked',
  );
}

async function readNamedKey(path: string): Promise<KeyObject> {
  try {
    return await readPublicKey(path);
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`${nameOf(path)}: ${error.message}`) : error;
  }
}

async function verify(paths: readonly string[], flags: VerifyFlags): Promise<void> {
  const publicKeys = await Promise.all((flags.publicKey ?? []).map(readNamedKey));
  const report = await verifyLog({
    paths,
    publicKeys,
    expectHead: flags.expectHead ?? null,
    onProgress: showProgress,
  });
  if (flags.json === true) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  process.exitCode = report.whole ? EXIT.ok : EXIT.failed;
}

/** `acp audit verify PATH…`: exit 0 only when the log is whole. */
export function registerAuditVerifyCommand(audit: Command): void {
  audit
    .command('verify')
    .description('prove that a log is whole; exit 1 with every fault, by file and line, when it is not')
    .argument('<path...>', 'log files, or directories with a log in them')
    .option(
      '--public-key <file>',
      'Ed25519 public key in PEM, may be repeated; without one signatures are not checked',
      collect,
    )
    .option('--expect-head <seq:hash>', 'a line that the log is known to have contained', parseHead)
    .option('--json', 'print JSON')
    .action(namingFiles(verify));
}
