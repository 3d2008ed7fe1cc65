import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import pc from 'picocolors';
import { EXPORT_FORMATS, formatEvent, type ExportFormat } from '../audit/export/format-event.js';
import { readEvents } from '../audit/export/read-events.js';
import { addFilterOptions, toEventFilter, type FilterFlags } from './audit-filter-options.js';
import { EXIT } from './exit-codes.js';
import { namingFiles } from './named-file.js';

interface ExportFlags extends FilterFlags {
  readonly format: ExportFormat;
}

async function exportEvents(paths: readonly string[], flags: ExportFlags): Promise<void> {
  let unreadableLines = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const batch of readEvents(paths, toEventFilter(flags))) {
      unreadableLines += batch.unreadableLines;
      const text = batch.events.map((event) => `${formatEvent(flags.format, event)}\n`).join('');
      if (text !== '') yield text;
    }
  }
  try {
    await pipeline(Readable.from(lines(), { objectMode: true }), process.stdout, { end: false });
  } catch (error) {
    // Whoever read the output has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
  if (unreadableLines === 0) return;
  console.error(
    pc.red(`${unreadableLines} lines are not events and were left out: acp audit verify says where`),
  );
  process.exitCode = EXIT.failed;
}

/** `acp audit export PATH…`: the log in a format that others read, to standard output. */
export function registerAuditExportCommand(audit: Command): void {
  const command = audit
    .command('export')
    .description('write events to standard output, in order')
    .argument('<path...>', 'log files, or directories with a log in them')
    .addOption(
      new Option('--format <format>', 'OCSF 1.2.0, CEF 0, or the lines as they are')
        .choices(EXPORT_FORMATS)
        .makeOptionMandatory(),
    );
  addFilterOptions(command).action(namingFiles(exportEvents));
}
