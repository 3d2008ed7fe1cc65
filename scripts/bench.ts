/**
 * Runs each benchmark of `bench/` in a process of its own, one after the other; exits 1 when one fails.
 *
 *   npm run bench [-- NAME...]    NAME is a file of bench/, without .ts
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import pc from 'picocolors';
import { runCommand } from './validation/command.js';

const known = readdirSync('bench')
  // What is named a server is started by the benchmark that measures it.
  .filter((file) => file.endsWith('.ts') && !file.endsWith('-server.ts'))
  .map((file) => basename(file, '.ts'));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

for (const name of wanted.length > 0 ? wanted : known) {
  console.log(pc.bold(`\n── ${name}`));
  const { status } = await runCommand(process.execPath, ['--import', 'tsx', `bench/${name}.ts`]);
  if (status !== 0) process.exitCode = 1;
}
