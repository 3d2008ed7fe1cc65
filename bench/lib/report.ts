import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const directory = process.env['BENCH_RESULTS'] ?? 'bench/results';

/** The machine and the Node that a figure was measured on. */
export function describeMachine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, Node ${process.version}`;
}

/** Prints a report, and keeps it where `BENCH_RESULTS` says (bench/results) under this name. */
export function publishReport(name: string, report: string): void {
  keepResult(`${name}.md`, report);
  console.log(report);
}

/** Keeps a file among the results. */
export function keepResult(file: string, content: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), content);
}
