import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StoreError } from '../../domain/errors.js';

/** Where the database is, and how long it is waited for. */
export interface PostgresStoreOptions {
  /** `postgres://…`; how the connection is encrypted is part of it. */
  readonly connectionString: string;
  readonly maxConnections?: number;
  /** The longest that one statement may take before the store counts as failed. */
  readonly statementTimeoutMs?: number;
  /** Told of the fault of an idle connection: nothing was lost, and the next operation opens a new one. */
  readonly onIdleFault?: (error: Error) => void;
}

const DEFAULT_MAX_CONNECTIONS = 10;
const DEFAULT_STATEMENT_TIMEOUT_MS = 3_000;
const IDLE_TIMEOUT_MS = 30_000;
/** Waits before the second and each further attempt: together they outlast the restart of a server. */
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800];

/** SQLSTATE: serialization failure, deadlock, and a server that stops, crashed or starts. */
const RETRYABLE_STATES = /^(?:40001|40P01|57P01|57P02|57P03|08\d{3})$/;
const RETRYABLE_FAULTS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT']);
const LOST_CONNECTION = /^Connection terminated|not queryable|connection error/;

/** Whether the same operation may succeed in a moment. A time-out is not: it was waited for already. */
function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') {
    return RETRYABLE_STATES.test(error.code) || RETRYABLE_FAULTS.has(error.code);
  }
  return LOST_CONNECTION.test(error.message);
}

/** A query, or several in one transaction, on one connection. */
export type Work<T> = (client: pg.ClientBase) => Promise<T>;

/** A pool of connections that tries again what may succeed in a moment. */
export interface PostgresClient {
  /** Runs work on a connection of the pool, again after a fault that passes. @throws StoreError */
  run<T>(work: Work<T>): Promise<T>;
  /** The same, as one transaction. Work is repeated as a whole, so it must know its own earlier commit. */
  transact<T>(work: Work<T>): Promise<T>;
  close(): Promise<void>;
}

function inTransaction<T>(work: Work<T>): Work<T> {
  return async (client) => {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    try {
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  };
}

async function onOneConnection<T>(pool: pg.Pool, work: Work<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that is lost while in use says so twice: the query fails, and this event ends a process without ears.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    const result = await work(client);
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    // A connection that failed in the middle of something is in no known state.
    client.release(true);
    throw error;
  }
}

async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (const wait of RETRY_DELAYS_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await delay(wait);
    }
  }
  return attempt();
}

/** Creates the pool. Connects at the first use. */
export function createPostgresClient(options: PostgresStoreOptions): PostgresClient {
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: 'llm-agent-control-plane',
    max: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    connectionTimeoutMillis: statementTimeoutMs,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    // The server's own limit fires first; this one is for a server that no longer answers.
    query_timeout: statementTimeoutMs + 500,
    keepAlive: true,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool awaits it; its types do not say so
    onConnect: (client) => client.query('SET synchronous_commit = on').then(() => undefined),
  });
  pool.on('error', (error) => options.onIdleFault?.(error));

  async function run<T>(work: Work<T>): Promise<T> {
    try {
      return await withRetries(() => onOneConnection(pool, work));
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError('the approval database failed', { cause });
    }
  }

  let closed: Promise<void> | null = null;
  return {
    run,
    transact: (work) => run(inTransaction(work)),
    close: () => (closed ??= pool.end()),
  };
}
