/**
 * The server that `audit-http.ts` measures, in a process of its own: the real control plane (`run`) or a bare route
 * (`bare`), over the audit log with one durability or the other, or over a sink that does nothing (`null`) or only
 * waits for a group-committed `fdatasync` (`sync`).
 *
 * Usage: tsx bench/audit-http-server.ts <route> <sink> <directory>. Prints its address.
 */
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createSimulatedAdapter } from '../src/agent/simulated-adapter.js';
import { createApprovalGate } from '../src/approval/gate.js';
import { createApprovalService } from '../src/approval/service.js';
import { generateApprovalKeys } from '../src/approval/signing-keys.js';
import { createMemoryApprovalStore } from '../src/approval/store/memory.js';
import { createApprovalTokens } from '../src/approval/token.js';
import { createApprovalWorkflow } from '../src/approval/workflow.js';
import { openAuditLog } from '../src/audit/audit-log.js';
import { createBroker } from '../src/broker/broker.js';
import type { AuditLog } from '../src/domain/audit-event.js';
import { systemClock as clock } from '../src/domain/clock.js';
import { randomIds as ids } from '../src/domain/ids.js';
import { createApp } from '../src/http/app.js';
import { createIdentityService } from '../src/identity/identity-service.js';
import { createOutputFilter } from '../src/output-filter/filter.js';
import { createControlPlane } from '../src/pipeline/control-plane.js';
import { createRefusalLog } from '../src/pipeline/refusal-log.js';
import { createPolicyLoader } from '../src/policy/loader.js';
import { createProvenanceChecks } from '../src/provenance/checks.js';
import { createLabProvenanceKeys } from '../src/provenance/keys.js';
import { signProvenance } from '../src/provenance/signature.js';
import { NO_METRICS } from '../src/domain/metrics.js';
import { createToolRegistry } from '../src/tools/registry.js';
import { benchEvent } from './lib/audit-event.js';
import { nullSink, openSyncSink } from './lib/audit-sinks.js';

const ANSWER = { request_id: 'req-1', allowed: true, model_text: 'x'.repeat(600) };
type SinkKind = 'null' | 'sync' | 'os' | 'disk';

const logger = pino({ level: 'silent' });

const filter = createOutputFilter({ pii: false, maxBytes: 1_048_576 });

function openLog(durability: 'os' | 'disk', directory: string): Promise<AuditLog> {
  return openAuditLog({
    directory: join(directory, 'log'),
    stateDirectory: join(directory, 'state'),
    durability,
    rotateBytes: 100 * 1024 * 1024,
    retentionDays: 90,
    checkpointEvents: 1_000,
    checkpointSeconds: 60,
    queueBytes: 16 * 1024 * 1024,
    signingKey: null,
    acceptNewHead: false,
    clock,
    ids,
    redact: (text) => filter.redact(text),
  });
}

async function createRealApp(audit: AuditLog): Promise<FastifyInstance> {
  const keys = createLabProvenanceKeys();
  const policy = createPolicyLoader({
    path: 'policies/default.yaml',
    expectedSha256: null,
    digestPath: null,
    buildTools: createToolRegistry,
    clock,
    onEvent: () => Promise.resolve(),
    onFault: () => undefined,
  });
  await policy.load();
  const tokens = createApprovalTokens({ keys: await generateApprovalKeys() });
  const store = createMemoryApprovalStore();
  const approvals = createApprovalService({ store, audit, tokens, clock, ids, retentionDays: 90 });
  const workflow = createApprovalWorkflow({ store, tokens, clock, ids, ttlSeconds: 3_600 });
  const plane = createControlPlane({
    adapter: createSimulatedAdapter({ sign: (provenance) => signProvenance(provenance, keys.signing) }),
    approvals,
    audit,
    broker: createBroker({
      filter,
      provenance: createProvenanceChecks({ strict: false, keys }),
      gate: createApprovalGate({ requireToken: false, workflow }),
      builtInTools: createToolRegistry([]),
    }),
    filter,
    identity: createIdentityService({ apiKeys: [], principals: [], requireAuth: false }),
    ids,
    metrics: NO_METRICS,
    policy,
    vulnerablePath: false,
    refusals: createRefusalLog(audit),
    isApprovalStoreReady: () => Promise.resolve(true),
    closeAll: () => audit.close(),
  });
  return createApp({
    plane,
    mode: 'local',
    version: '0',
    logger,
    metrics: NO_METRICS,
    metricsPage: { contentType: 'text/plain', render: () => Promise.resolve('') },
    requireApiAuth: false,
    allowedHosts: ['127.0.0.1', 'localhost'],
    allowedOrigins: [],
    trustedProxies: [],
    rateLimitPerMinute: 0,
    maxRequestBodyBytes: 1_048_576,
    shutdownTimeoutSeconds: 10,
    enableDebugErrors: false,
    enableApiDocs: false,
  });
}

/** A bare route that waits for the log and does nothing else. */
function createBareApp(log: AuditLog): FastifyInstance {
  let count = 0;
  const app = Fastify();
  app.post('/run', async () => {
    await log.append(benchEvent((count += 1)));
    return ANSWER;
  });
  return app;
}

async function createSink(kind: SinkKind, directory: string): Promise<AuditLog> {
  switch (kind) {
    case 'null':
      return nullSink;
    case 'sync':
      return openSyncSink(directory);
    case 'os':
    case 'disk':
      return openLog(kind, directory);
  }
}

const [route, kind, directory] = process.argv.slice(2) as ['run' | 'bare', SinkKind, string];
const sink = await createSink(kind, directory);
const app = route === 'bare' ? createBareApp(sink) : await createRealApp(sink);
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
