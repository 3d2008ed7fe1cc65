import { dirname, join } from 'node:path';
import type { DestinationStream, Logger } from 'pino';
import type { AgentAdapter } from './agent/adapter.js';
import { createDisabledAdapter } from './agent/disabled-adapter.js';
import { createSimulatedAdapter } from './agent/simulated-adapter.js';
import { createApprovalGate } from './approval/gate.js';
import { openApprovals, type OpenApprovals } from './approval/open-approvals.js';
import type { StoreLocation } from './approval/store/open-store.js';
import { openAuditLog, type OpenAuditLog } from './audit/audit-log.js';
import { systemCodeOf } from './audit/faults.js';
import type { AuditFileSystem } from './audit/file-system.js';
import { makeDirectory } from './audit/make-directory.js';
import { createBroker, type Broker } from './broker/broker.js';
import { createConfiguredIdentity } from './compose-identity.js';
import { describeOpenKeys, readApprovalKeyPems, readAuditKey, readProvenanceKeys } from './compose-keys.js';
import { createConfiguredPolicy } from './compose-policy.js';
import { reloadAll } from './compose-reload.js';
import { createAuditHooks, createTelemetry, type Telemetry } from './compose-telemetry.js';
import type { Config } from './config/settings.js';
import { startWarnings } from './config/start-warnings.js';
import { systemClock, type Clock } from './domain/clock.js';
import type { ControlPlane } from './domain/control-plane.js';
import { ConfigError } from './domain/errors.js';
import type { FaultObserver } from './domain/fault.js';
import type { OutputFilter } from './domain/filter.js';
import { randomIds, type IdSource } from './domain/ids.js';
import type { Metrics, MetricsPage } from './domain/metrics.js';
import type { BuildTools } from './domain/tool.js';
import { createOutputFilter } from './output-filter/filter.js';
import { createControlPlane } from './pipeline/control-plane.js';
import { createRefusalLog } from './pipeline/refusal-log.js';
import { countTransitions } from './pipeline/counted-audit.js';
import { measureGate } from './pipeline/measured-gate.js';
import type { PolicyLoader } from './policy/loader.js';
import { createProvenanceChecks } from './provenance/checks.js';
import { createProvenanceKeyring } from './provenance/keyring.js';
import type { ProvenanceKeys } from './provenance/keys.js';
import { signProvenance } from './provenance/signature.js';
import { createMetricsPage } from './telemetry/metrics-page.js';
import { createToolBuilder, createToolRegistry } from './tools/registry.js';

/** What tests and benchmarks put in the place of the machine's own: time, randomness and failures. */
export interface ComposeOverrides {
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly adapter?: AgentAdapter;
  readonly filter?: OutputFilter;
  readonly auditFileSystem?: AuditFileSystem;
  readonly buildTools?: BuildTools;
  readonly logDestination?: DestinationStream;
}

/** A composed control plane, with what only its process needs. */
export interface Composition {
  readonly plane: ControlPlane;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What a scrape is answered with. */
  readonly metricsPage: MetricsPage;
  /** What an operator should know at start: keys that are made up or published. */
  readonly warnings: readonly string[];
  /** Reads policy and keys anew; each is replaced whole or not at all. */
  reload(): Promise<void>;
}

/** What parts of the control plane are built with. */
interface Parts extends Telemetry, Pick<Required<ComposeOverrides>, 'clock' | 'ids' | 'buildTools'> {
  readonly audit: OpenAuditLog;
}

function createConfiguredFilter(config: Config, onFault: FaultObserver): OutputFilter {
  const { outputFilterPii: pii, outputFilterMaxBytes: maxBytes } = config;
  return createOutputFilter({ pii, maxBytes, onFault });
}

function openLog(
  config: Config,
  filter: OutputFilter,
  telemetry: Telemetry,
  overrides: ComposeOverrides,
): Promise<OpenAuditLog> {
  return openAuditLog({
    directory: config.auditLogDir,
    stateDirectory: config.stateDir,
    durability: config.auditDurability,
    rotateBytes: config.auditRotateBytes,
    retentionDays: config.auditRetentionDays,
    checkpointEvents: config.auditCheckpointEvents,
    checkpointSeconds: config.auditCheckpointSeconds,
    queueBytes: config.auditQueueBytes,
    signingKey: readAuditKey(config),
    acceptNewHead: config.auditAcceptNewHead,
    clock: overrides.clock ?? systemClock,
    ids: overrides.ids ?? randomIds,
    redact: (text) => filter.redact(text),
    hooks: createAuditHooks(telemetry),
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

function placeDatabase(path: string): string {
  try {
    makeDirectory(dirname(path));
  } catch (error) {
    const code = systemCodeOf(error) ?? 'unknown';
    throw new ConfigError([`the directory of the approval database cannot be made (${code})`]);
  }
  return path;
}

function storeLocation({ approvalStore, approvalDb, databaseUrl, stateDir }: Config): StoreLocation {
  switch (approvalStore) {
    case 'memory':
      return { kind: 'memory' };
    case 'sqlite':
      return { kind: 'sqlite', path: placeDatabase(approvalDb ?? join(stateDir, 'approvals.db')) };
    case 'postgres':
      if (databaseUrl === null) throw new ConfigError(['approval_store postgres requires database_url']);
      return { kind: 'postgres', connectionString: databaseUrl };
  }
}

async function loadPolicy(
  config: Config,
  { audit, clock, logger, buildTools }: Parts,
): Promise<PolicyLoader> {
  const loader = createConfiguredPolicy(config, {
    buildTools,
    clock,
    onEvent: (event) => audit.append(event),
    onFault: (error) => logger.error({ err: error }, 'the policy could not be looked at'),
  });
  await loader.load();
  loader.start();
  return loader;
}

function openApprovalsOf(config: Config, parts: Parts): Promise<OpenApprovals> {
  return openApprovals({
    ...parts,
    audit: countTransitions(parts.audit, parts.metrics),
    store: storeLocation(config),
    signingKeyPems: readApprovalKeyPems(config),
    ttlSeconds: config.approvalTtlSeconds,
    retentionDays: config.auditRetentionDays,
    onSweepFault: (error) => parts.logger.error({ err: error }, 'approvals could not be swept'),
    onIdleFault: (error) =>
      parts.logger.warn({ err: error }, 'an idle connection to the approval database was lost'),
  });
}

interface BrokerParts extends Pick<Telemetry, 'metrics' | 'onFault'>, Pick<OpenApprovals, 'workflow'> {
  readonly filter: OutputFilter;
  readonly keys: ProvenanceKeys;
}

function createConfiguredBroker(config: Config, parts: BrokerParts): Broker {
  const { filter, keys, metrics, onFault, workflow } = parts;
  const gate = createApprovalGate({ requireToken: config.requireApprovalToken, workflow });
  return createBroker({
    filter,
    provenance: createProvenanceChecks({ strict: config.enableStrictProvenance, keys }),
    gate: measureGate(gate, metrics),
    builtInTools: createToolRegistry([]),
    onFault,
  });
}

/**
 * Builds the control plane from a configuration. Only this file and its parts, `compose-*.ts`, construct and wire.
 *
 * @throws ConfigError, PolicyError, AuditUnavailableError, StoreError when a part cannot be built.
 */
export async function compose(config: Config, overrides: ComposeOverrides = {}): Promise<Composition> {
  const { clock = systemClock, ids = randomIds, buildTools = createToolBuilder() } = overrides;
  const { logDestination } = overrides;
  const telemetry = createTelemetry(config, { clock, redact: (text) => filter.redact(text), logDestination });
  const { logger, metrics, onFault } = telemetry;
  const filter = overrides.filter ?? createConfiguredFilter(config, onFault);
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };

  try {
    const identity = createConfiguredIdentity(config, {
      clock,
      onFault: (error) => logger.warn({ err: error }, 'the key set could not be fetched'),
    });
    const keys = createProvenanceKeyring(() => readProvenanceKeys(config));

    const audit = await openLog(config, filter, telemetry, overrides);
    opened.push(() => audit.close());
    const parts = { ...telemetry, audit, clock, ids, buildTools };
    const policy = await loadPolicy(config, parts);
    opened.push(() => {
      policy.stop();
      return Promise.resolve();
    });
    const approvals = await openApprovalsOf(config, parts);
    opened.push(() => approvals.close());

    const plane = createControlPlane({
      adapter: overrides.adapter ?? createAdapter(config, keys),
      approvals: approvals.service,
      audit,
      broker: createConfiguredBroker(config, { ...telemetry, filter, keys, workflow: approvals.workflow }),
      filter,
      identity: identity.service,
      ids,
      metrics,
      onFault,
      policy,
      vulnerablePath: config.enableVulnerablePath,
      refusals: createRefusalLog(audit, onFault),
      isApprovalStoreReady: () => approvals.isReady(),
      closeAll,
    });
    const reloadables = [
      { name: 'provenance keys', reload: () => keys.reload() },
      { name: 'identities', reload: () => identity.reload() },
      { name: 'policy', reload: () => policy.reload() },
    ];
    const reload = (): Promise<void> => reloadAll(reloadables, logger);
    const metricsPage = createMetricsPage(metrics, {
      policy: () => policy.current(),
      audit: () => ({ ...audit.stats(), failed: audit.fault() !== null }),
    });
    return {
      plane,
      logger,
      metrics,
      metricsPage,
      warnings: [...startWarnings(config), ...describeOpenKeys(config)],
      reload,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
