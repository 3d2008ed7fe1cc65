import type { Config } from './config/settings.js';
import { createPolicyLoader, type PolicyLoader, type PolicyLoaderOptions } from './policy/loader.js';

/** What a policy loader needs besides the configuration. */
export type PolicyParts = Omit<PolicyLoaderOptions, 'path' | 'expectedSha256' | 'digestPath'>;

/** Creates the loader of the policy that the configuration names; nothing is read yet. */
export function createConfiguredPolicy(config: Config, parts: PolicyParts): PolicyLoader {
  return createPolicyLoader({
    path: config.policyPath,
    expectedSha256: config.policySha256,
    digestPath: config.policySha256File,
    ...parts,
  });
}
