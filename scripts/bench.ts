/**
 * Runs each benchmark of `bench/` in a process of its own, one after the other; exits 1 when one fails.
 *
 *   npm run bench [-- NAME...]    NAME is a file of bench/, without .ts
 *   npm run bench -- --help       the benchmarks, and the variables that most of them heed
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pc from 'picocolors';
import { runCommand } from './validation/command.js';

const DIRECTORY = 'bench';

const known = readdirSync(DIRECTORY)
  // What is named a server is started by the benchmark that measures it.
  .filter((file) => file.endsWith('.ts') && !file.endsWith('-server.ts'))
  .map((file) => basename(file, '.ts'))
  .sort();

const VARIABLES = [
  ['BENCH_SECONDS', 'length of a round'],
  ['BENCH_ROUNDS', 'rounds, of which medians are shown'],
  ['BENCH_CONNECTIONS', 'connections to measure with, as in 1,32,256'],
  ['BENCH_CASES', 'only endpoints or loads whose names contain this'],
  ['BENCH_RESULTS', 'where results are written instead of bench/results'],
  ['BENCH_FROM_SOURCE', '1 runs the service without compiling it: for a trial, never for figures'],
] as const;

/** What a benchmark says of itself: the comment at its head, as far as its first full stop, colon or semicolon. */
function describeBenchmark(name: string): string {
  const source = readFileSync(join(DIRECTORY, `${name}.ts`), 'utf8');
  const [comment = ''] = source.split('*/', 1);
  const text = comment.replace(/^\/\*\*/, '').replaceAll(/\n \*/g, '');
  return (text.split(/[.:;](?:\s|$)/, 1)[0] ?? '').trim();
}

function describeUsage(): string {
  const row = ([name, text]: readonly [string, string]): string => `  ${name.padEnd(18)} ${text}`;
  return [
    'usage: npm run bench [-- NAME...]',
    '\nWithout a name, all of them, one after the other:\n',
    ...known.map((name) => row([name, describeBenchmark(name)])),
    '\nVariables:\n',
    ...VARIABLES.map(row),
  ].join('\n');
}

async function runBenchmarks(names: readonly string[]): Promise<void> {
  for (const name of names) {
    console.log(pc.bold(`\n── ${name}`));
    const { status } = await runCommand(process.execPath, ['--import', 'tsx', join(DIRECTORY, `${name}.ts`)]);
    if (status !== 0) process.exitCode = 1;
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (wanted.includes('--help') || wanted.includes('-h')) {
  console.log(describeUsage());
} else if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}\n\n${describeUsage()}`);
  process.exitCode = 2;
} else {
  await runBenchmarks(wanted.length > 0 ? wanted : known);
}
