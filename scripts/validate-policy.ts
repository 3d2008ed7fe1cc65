/**
 * Checks a policy file: form, invariants, declared tools, and its digest against a hash file.
 *
 *   tsx scripts/validate-policy.ts [--policy FILE] [--hash-file FILE] [--write-hash]
 *
 * Prints the canonical SHA-256 and exits 0, or prints the first violation on standard error and exits 1. Without
 * `--hash-file` the file of the same name with `.sha256` is used: always for the default policy, for another one if it
 * is there. `--write-hash` writes it instead.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, PolicyError } from '../src/domain/errors.js';
import { declarationsOf } from '../src/policy/active-policy.js';
import { policyDigest, verifyDigest } from '../src/policy/digest.js';
import { missingDemoTools } from '../src/policy/invariants.js';
import { parsePolicy } from '../src/policy/parse.js';
import { digestPathBeside, readDigestFile, readPolicyFile } from '../src/policy/policy-file.js';
import { createToolRegistry } from '../src/tools/registry.js';

const defaultPolicyPath = join(import.meta.dirname, '..', 'policies', 'default.yaml');

interface Options {
  readonly policyPath: string;
  readonly hashPath: string | undefined;
  readonly writesHash: boolean;
}

function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      policy: { type: 'string' },
      'hash-file': { type: 'string' },
      'write-hash': { type: 'boolean', default: false },
    },
  });
  return {
    policyPath: values.policy ?? defaultPolicyPath,
    hashPath: values['hash-file'],
    writesHash: values['write-hash'],
  };
}

function isDefault(policyPath: string): boolean {
  return resolve(policyPath) === resolve(defaultPolicyPath);
}

function checkPolicy(path: string): string {
  const document = parsePolicy(readPolicyFile(path));
  if (isDefault(path)) {
    const missing = missingDemoTools(document);
    if (missing !== null) throw new PolicyError(missing);
  }
  createToolRegistry(declarationsOf(document));
  return policyDigest(document);
}

function run({ policyPath, hashPath, writesHash }: Options): string {
  const digest = checkPolicy(policyPath);
  const hashFile = hashPath ?? digestPathBeside(policyPath);
  if (writesHash) {
    writeFileSync(hashFile, `${digest}\n`);
  } else if (hashPath !== undefined || isDefault(policyPath) || existsSync(hashFile)) {
    verifyDigest(readDigestFile(hashFile), digest);
  }
  return digest;
}

try {
  console.log(run(parseOptions(process.argv.slice(2))));
} catch (error) {
  const isExpected = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
