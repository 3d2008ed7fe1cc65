import { join } from 'node:path';
import type { ApprovalStore } from '../../src/approval/store/approval-store.js';
import { createMemoryApprovalStore } from '../../src/approval/store/memory.js';
import { createPostgresApprovalStore } from '../../src/approval/store/postgres.js';
import { createSqliteApprovalStore } from '../../src/approval/store/sqlite.js';
import { skipsPostgres, startPostgresCluster, type PostgresCluster } from './postgres-cluster.js';
import { sharedDirectory } from './temporary-directory.js';

/** One of the places where approvals can be kept, as the contract suite drives it. */
export interface Backend {
  readonly name: string;
  readonly skipped: boolean;
  setUp?(): Promise<void>;
  tearDown?(): Promise<void>;
  /** A way to open any number of stores over a database that nobody else uses. */
  fresh(): Promise<() => Promise<ApprovalStore>>;
}

function memoryBackend(): Backend {
  return {
    name: 'memory',
    skipped: false,
    fresh: () => {
      const store = createMemoryApprovalStore();
      return Promise.resolve(() => Promise.resolve(store));
    },
  };
}

function sqliteBackend(): Backend {
  const directory = sharedDirectory();
  let databases = 0;
  return {
    name: 'SQLite',
    skipped: false,
    fresh: () => {
      databases += 1;
      const path = join(directory, `state-${databases}`, 'approvals.db');
      return Promise.resolve(() => Promise.resolve(createSqliteApprovalStore({ path })));
    },
  };
}

function postgresBackend(): Backend {
  const database = 'contract';
  let cluster: PostgresCluster;
  return {
    name: 'PostgreSQL',
    skipped: skipsPostgres(),
    setUp: async () => {
      cluster = await startPostgresCluster();
      const connectionString = await cluster.createDatabase(database);
      await (await createPostgresApprovalStore({ connectionString })).close();
    },
    tearDown: () => cluster.remove(),
    fresh: async () => {
      await cluster.query(database, 'TRUNCATE approvals');
      // Generous, since the suite is about what is answered, not when.
      return () =>
        createPostgresApprovalStore({ connectionString: cluster.url(database), statementTimeoutMs: 20_000 });
    },
  };
}

/** Every store that the program has. */
export function allBackends(): readonly Backend[] {
  return [memoryBackend(), sqliteBackend(), postgresBackend()];
}
