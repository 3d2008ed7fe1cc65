#!/usr/bin/env node
import { checkNodeVersion } from './node-version.js';

// The program needs parts of Node that older ones lack, and would end in a stack trace before it could say so.
const fault = checkNodeVersion(process.versions.node);
if (fault === null) {
  const { runProgram } = await import('./program.js');
  await runProgram();
} else {
  console.error(`acp: ${fault}`);
  process.exitCode = 1;
}
