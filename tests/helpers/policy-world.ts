import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/domain/audit-event.js';
import { PolicyError } from '../../src/domain/errors.js';
import type { Tool, ToolDeclaration, ToolRegistry } from '../../src/domain/tool.js';
import { policyDigest } from '../../src/policy/digest.js';
import { createPolicyLoader, type PolicyLoader, type PolicyLoaderOptions } from '../../src/policy/loader.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { temporaryDirectory } from './temporary-directory.js';

/** The default policy, in which only administrators delete. */
export const adminOnly = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
/** Differs in who may delete. */
export const userToo = adminOnly.replace(
  'destructive: true\n    requires_human_approval: true\n    allowed_roles:\n',
  '$&      - user\n',
);
export const broken = adminOnly.replace('default_decision: deny', 'default_decision: allow');
export const sha = {
  adminOnly: policyDigest(parsePolicy(adminOnly)),
  userToo: policyDigest(parsePolicy(userToo)),
};

/** Registries whose tools accept everything: what a tool is, is not the loader's business. */
export function buildTools(declarations: readonly ToolDeclaration[]): ToolRegistry {
  if (declarations.some(({ name }) => name === 'unbuildable')) throw new PolicyError('unbuildable');
  if (declarations.some(({ name }) => name === 'explosive')) throw new TypeError('a bug');
  const toolOf = (name: string): Tool => ({
    name,
    description: '',
    destination: 'internal_display',
    schema_sha256: '',
    checkArguments: (args) => ({ ok: true, arguments: args }),
    checkNarrowing: () => ({ ok: true }),
    simulate: () => ({ success: true, message: '', simulated_output: {} }),
  });
  const tools = new Map(declarations.map(({ name }) => [name, toolOf(name)]));
  return { get: (name) => tools.get(name), names: () => [...tools.keys()] };
}

/** As an operator should: written beside, then moved into place. */
export function replaceFile(target: string, content: string | Uint8Array): void {
  writeFileSync(`${target}.new`, content);
  renameSync(`${target}.new`, target);
}

/** A policy file in a directory of its own, and what a loader of it reports. */
export interface PolicyWorld {
  readonly directory: string;
  readonly path: string;
  readonly digestPath: string;
  readonly events: AuditEvent[];
  readonly faults: unknown[];
  createLoader(options?: Partial<PolicyLoaderOptions>): PolicyLoader;
}

export function createPolicyWorld(): PolicyWorld {
  const directory = temporaryDirectory();
  const path = join(directory, 'policy.yaml');
  const events: AuditEvent[] = [];
  const faults: unknown[] = [];
  writeFileSync(path, adminOnly);
  return {
    directory,
    path,
    digestPath: join(directory, 'policy.sha256'),
    events,
    faults,
    createLoader: (options = {}) =>
      createPolicyLoader({
        path,
        expectedSha256: null,
        digestPath: null,
        buildTools,
        clock: { now: () => Date.UTC(2100, 0) },
        onEvent: (event) => {
          events.push(event);
          return Promise.resolve();
        },
        onFault: (error) => faults.push(error),
        ...options,
      }),
  };
}
