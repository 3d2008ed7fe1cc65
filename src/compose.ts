import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import type { AgentAdapter } from './agent/adapter.js';
import { createDisabledAdapter } from './agent/disabled-adapter.js';
import { createSimulatedAdapter } from './agent/simulated-adapter.js';
import { createApprovalGate } from './approval/gate.js';
import { openAuditLog, type OpenAuditLog } from './audit/audit-log.js';
import type { AuditFileSystem } from './audit/file-system.js';
import { createBroker } from './broker/broker.js';
import type { Config } from './config/settings.js';
import { systemClock, type Clock } from './domain/clock.js';
import type { ControlPlane } from './domain/control-plane.js';
import type { OutputFilter } from './domain/filter.js';
import { randomIds, type IdSource } from './domain/ids.js';
import { createIdentityService, type IdentitySources } from './identity/identity-service.js';
import { parseKeysFile } from './identity/keys-file.js';
import { parsePrincipals } from './identity/principals-file.js';
import { createOutputFilter } from './output-filter/filter.js';
import { createControlPlane } from './pipeline/control-plane.js';
import { createRefusalLog } from './pipeline/refusal-log.js';
import { createPolicyLoader, type PolicyLoader } from './policy/loader.js';
import { createProvenanceChecks } from './provenance/checks.js';
import { createLabProvenanceKeys, loadProvenanceKeys, type ProvenanceKeys } from './provenance/keys.js';
import { signProvenance } from './provenance/signature.js';
import { createToolRegistry } from './tools/registry.js';

/** What tests and benchmarks put in the place of the machine's own: time, randomness and failures. */
export interface ComposeOverrides {
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly adapter?: AgentAdapter;
  readonly filter?: OutputFilter;
  readonly auditFileSystem?: AuditFileSystem;
}

/** A composed control plane, with what only its process needs of it. */
export interface Composition {
  readonly plane: ControlPlane;
  readonly logger: Logger;
  /** What an operator should know at start: keys that are made up or published. */
  readonly warnings: readonly string[];
  /** Reads policy and keys anew; each is replaced whole or not at all. */
  reload(): Promise<void>;
}

/** The application's own log, to standard error; the audit log is something else. */
function createLogger(config: Config): Logger {
  return pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
}

function readSigningKey(path: string | null): KeyObject | null {
  return path === null ? null : createPrivateKey(readFileSync(path));
}

function readIdentities({ apiKey, allowedApiKeysFile, principalsFile }: Config): IdentitySources {
  return {
    apiKeys: [
      ...(apiKey === null ? [] : [apiKey]),
      ...(allowedApiKeysFile === null ? [] : parseKeysFile(readFileSync(allowedApiKeysFile, 'utf8'))),
    ],
    principals: principalsFile === null ? [] : parsePrincipals(readFileSync(principalsFile, 'utf8')),
  };
}

function openLog(config: Config, filter: OutputFilter, overrides: ComposeOverrides): Promise<OpenAuditLog> {
  return openAuditLog({
    directory: config.auditLogDir,
    stateDirectory: config.stateDir,
    durability: config.auditDurability,
    rotateBytes: config.auditRotateBytes,
    retentionDays: config.auditRetentionDays,
    checkpointEvents: config.auditCheckpointEvents,
    checkpointSeconds: config.auditCheckpointSeconds,
    queueBytes: config.auditQueueBytes,
    signingKey: readSigningKey(config.auditSigningKeyFile),
    acceptNewHead: config.auditAcceptNewHead,
    clock: overrides.clock ?? systemClock,
    ids: overrides.ids ?? randomIds,
    redact: (text) => filter.redact(text),
    ...(overrides.auditFileSystem === undefined ? {} : { fileSystem: overrides.auditFileSystem }),
  });
}

function createAdapter(config: Config, keys: ProvenanceKeys): AgentAdapter {
  switch (config.llmAdapterMode) {
    case 'simulated':
      return createSimulatedAdapter({ sign: (provenance) => signProvenance(provenance, keys.signing) });
    case 'disabled_external':
      return createDisabledAdapter();
  }
}

async function loadPolicy(
  config: Config,
  clock: Clock,
  audit: OpenAuditLog,
  logger: Logger,
): Promise<PolicyLoader> {
  const loader = createPolicyLoader({
    path: config.policyPath,
    expectedSha256: config.policySha256,
    digestPath: config.policySha256File,
    buildTools: createToolRegistry,
    clock,
    onEvent: (event) => audit.append(event),
    onFault: (error) => logger.error({ err: error }, 'the policy could not be looked at'),
  });
  try {
    await loader.load();
  } catch (error) {
    await audit.close();
    throw error;
  }
  loader.start();
  return loader;
}

/**
 * Builds the control plane from a configuration: the only place that constructs and wires.
 *
 * @throws ConfigError, PolicyError, AuditUnavailableError, StoreError when a part cannot be built.
 */
export async function compose(config: Config, overrides: ComposeOverrides = {}): Promise<Composition> {
  const { clock = systemClock, ids = randomIds } = overrides;
  const logger = createLogger(config);
  const warnings: string[] = [];

  const filter =
    overrides.filter ??
    createOutputFilter({ pii: config.outputFilterPii, maxBytes: config.outputFilterMaxBytes });
  const identity = createIdentityService({ ...readIdentities(config), requireAuth: config.requireApiAuth });
  const keys =
    config.provenanceHmacKeyFile === null
      ? createLabProvenanceKeys()
      : loadProvenanceKeys(config.provenanceHmacKeyFile);
  if (config.enableStrictProvenance && config.provenanceHmacKeyFile === null) {
    warnings.push('strict provenance uses the published lab key, which proves nothing');
  }
  const audit = await openLog(config, filter, overrides);
  const policy = await loadPolicy(config, clock, audit, logger);

  const broker = createBroker({
    filter,
    provenance: createProvenanceChecks({ strict: config.enableStrictProvenance, keys }),
    gate: createApprovalGate({ requireToken: config.requireApprovalToken, workflow: null }),
    builtInTools: createToolRegistry([]),
  });
  const plane = createControlPlane({
    adapter: overrides.adapter ?? createAdapter(config, keys),
    audit,
    broker,
    filter,
    identity,
    ids,
    policy,
    vulnerablePath: config.enableVulnerablePath,
    approvals: null as never,
    refusals: createRefusalLog(audit),
    isApprovalStoreReady: () => Promise.resolve(true),
    closeAll() {
      policy.stop();
      return audit.close();
    },
  });
  return {
    plane,
    logger,
    warnings,
    async reload() {
      try {
        logger.info({ policy: await policy.reload() }, 'policy looked at');
        identity.reload(readIdentities(config));
        logger.info('keys reloaded');
      } catch (error) {
        logger.error({ err: error }, 'reload failed, what was in force stays in force');
      }
    },
  };
}
