import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const directory = process.env['BENCH_RESULTS'] ?? 'bench/results';

const BYTES_PER_GIB = 1024 ** 3;

/** The machine and the Node that a figure was measured on. */
export function describeMachine(): string {
  const processors = cpus();
  const memory = `${Math.round(totalmem() / BYTES_PER_GIB)} GiB`;
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory}, Node ${process.version}`;
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
