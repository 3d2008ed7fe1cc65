import { parseApprovalKeys } from '../approval/signing-keys.js';
import { createKeySetReader, readFirstIdentities } from '../compose-identity.js';
import { readApprovalKeyPems, readAuditKey, readProvenanceKeys } from '../compose-keys.js';
import { createConfiguredPolicy } from '../compose-policy.js';
import type { Config } from '../config/settings.js';
import { systemClock } from '../domain/clock.js';
import { ConfigError, PolicyError } from '../domain/errors.js';
import { createToolRegistry } from '../tools/registry.js';

/** Loads the policy as a start would, on record nowhere. */
async function loadPolicy(config: Config): Promise<void> {
  const loader = createConfiguredPolicy(config, {
    buildTools: createToolRegistry,
    clock: systemClock,
    onEvent: () => Promise.resolve(),
    onFault: () => undefined,
  });
  await loader.load();
}

/** Reads the issuer's keys as a start would: a remote set is judged by its address, and not fetched. */
function readKeySet(config: Config): void {
  if (config.jwtIssuer === null) return;
  createKeySetReader(config, { clock: systemClock, onFault: () => undefined })();
}

/** Reads the keys of approval tokens as a start would. */
async function readApprovalKeys(config: Config): Promise<void> {
  const pems = readApprovalKeyPems(config);
  if (pems.length > 0) await parseApprovalKeys(pems);
}

function faultsIn(error: unknown): readonly string[] | null {
  if (error instanceof ConfigError) return error.violations;
  return error instanceof PolicyError ? [error.message] : null;
}

/** What is wrong inside the files that a valid configuration names: policy, principals, keys and key sets. */
export async function findContentFaults(config: Config): Promise<readonly string[]> {
  const checks: readonly (() => unknown)[] = [
    () => loadPolicy(config),
    () => readFirstIdentities(config),
    () => readKeySet(config),
    () => readProvenanceKeys(config),
    () => readAuditKey(config),
    () => readApprovalKeys(config),
  ];
  const faults: string[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      const found = faultsIn(error);
      if (found === null) throw error;
      faults.push(...found);
    }
  }
  return faults;
}

/**
 * A fault of a start. Where the configuration or a file's contents are to blame, what stopped the start comes first,
 * and whatever else is wrong with the files after it, each once.
 */
export async function withAllFaults(config: Config, error: unknown): Promise<Error> {
  const stopped = faultsIn(error);
  if (stopped !== null)
    return new ConfigError([...new Set([...stopped, ...(await findContentFaults(config))])]);
  return error instanceof Error ? error : new Error('the service could not start', { cause: error });
}
