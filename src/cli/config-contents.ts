import { readFileSync } from 'node:fs';
import { readIdentities } from '../compose-identity.js';
import type { Config } from '../config/settings.js';
import { systemClock } from '../domain/clock.js';
import { ConfigError, PolicyError } from '../domain/errors.js';
import { parseJwks } from '../identity/jwt/jwks.js';
import { createPolicyLoader } from '../policy/loader.js';
import { createToolRegistry } from '../tools/registry.js';

/** Loads the policy as a start would, on record nowhere. */
async function loadPolicy(config: Config): Promise<void> {
  const loader = createPolicyLoader({
    path: config.policyPath,
    expectedSha256: config.policySha256,
    digestPath: config.policySha256File,
    buildTools: createToolRegistry,
    clock: systemClock,
    onEvent: () => Promise.resolve(),
    onFault: () => undefined,
  });
  await loader.load();
}

function faultsIn(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.violations;
  if (error instanceof PolicyError) return [error.message];
  throw error;
}

/** What is wrong inside the files that a valid configuration names: policy, principals, keys and key sets. */
export async function findContentFaults(config: Config): Promise<readonly string[]> {
  const checks: readonly (() => unknown)[] = [
    () => loadPolicy(config),
    () => readIdentities(config),
    () => (config.jwksFile === null ? null : parseJwks(readFileSync(config.jwksFile, 'utf8'))),
  ];
  const faults: string[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      faults.push(...faultsIn(error));
    }
  }
  return faults;
}

/** A fault of a start: where a file's contents are to blame, everything that is wrong with them together. */
export async function withAllFaults(config: Config, error: unknown): Promise<Error> {
  const isOfContents = error instanceof ConfigError || error instanceof PolicyError;
  const faults = isOfContents ? await findContentFaults(config) : [];
  if (faults.length > 0) return new ConfigError(faults);
  return error instanceof Error ? error : new Error('the service could not start', { cause: error });
}
