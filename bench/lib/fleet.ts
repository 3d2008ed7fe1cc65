import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApprovalKeyPem } from '../../src/approval/signing-keys.js';
import { startPostgresCluster } from '../../tests/helpers/postgres-cluster.js';
import { atExit } from './child-process.js';
import { createDesks, type Desk } from './desks.js';
import { processorMicroseconds } from './processor-time.js';
import { startService, type ServerProcess } from './server-process.js';

/** Processes of the service that share a PostgreSQL and the keys, each with a log of its own. */
export interface Fleet {
  readonly services: readonly ServerProcess[];
  readonly desks: readonly Desk[];
  /** Microseconds of processor time that the database server took so far. */
  databaseMicroseconds(): Promise<number>;
  /** How many transactions that write there were so far. */
  writingTransactions(): Promise<number>;
  /** How many approvals there are in each state. */
  approvalsByStatus(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

const DATABASE = 'bench';

/** Starts so many processes over a scratch PostgreSQL of their own. It ends with this process at the latest. */
export async function startFleet(processes: number, desksCount: number): Promise<Fleet> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
  const principalsFile = join(directory, 'principals.yaml');
  const keyFile = join(directory, 'approval.pem');
  const desks = createDesks(desksCount, principalsFile);
  writeFileSync(keyFile, createApprovalKeyPem(), { mode: 0o600 });
  const cluster = await startPostgresCluster();
  // Its signal is sent before anything is waited for.
  const forget = atExit(() => void cluster.crash());
  const services: ServerProcess[] = [];

  const stop = async (): Promise<void> => {
    for (const service of services) await service.stop();
    forget();
    await cluster.remove();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const databaseUrl = await cluster.createDatabase(DATABASE);
    const variables = {
      ACP_REQUIRE_APPROVAL_TOKEN: 'true',
      ACP_PRINCIPALS_FILE: principalsFile,
      ACP_APPROVAL_SIGNING_KEY_FILE: keyFile,
      ACP_APPROVAL_STORE: 'postgres',
      ACP_DATABASE_URL: databaseUrl,
    };
    const starts = Array.from({ length: processes }, async () => {
      services.push(await startService(variables));
    });
    await Promise.all(starts);
  } catch (error) {
    await stop();
    throw error;
  }

  const ask = async (sql: string) => (await cluster.query(DATABASE, sql)).rows;
  return {
    services,
    desks,
    async databaseMicroseconds() {
      const servers = await ask('SELECT pid FROM pg_stat_activity');
      return servers.reduce((sum, { pid }) => sum + processorMicroseconds(Number(pid)), 0);
    },
    async writingTransactions() {
      // Only a transaction that writes is given a number.
      const [row] = await ask('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
      return Number(row?.['next']);
    },
    async approvalsByStatus() {
      const rows = await ask('SELECT status, count(*)::int AS count FROM approvals GROUP BY status');
      return new Map(rows.map(({ status, count }) => [String(status), Number(count)]));
    },
    stop,
  };
}
