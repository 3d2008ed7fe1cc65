import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const INSTALLATIONS = '/usr/lib/postgresql';

/** The directory of the newest PostgreSQL server programs, or null where none are installed. */
function serverPrograms(): string | null {
  if (!existsSync(INSTALLATIONS)) return null;
  const versions = readdirSync(INSTALLATIONS).sort((left, right) => Number(right) - Number(left));
  const found = versions
    .map((version) => join(INSTALLATIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  return found ?? null;
}

const programs = serverPrograms();

/** Whether tests that need PostgreSQL must be left out; says why. On CI they never are. */
export function skipsPostgres(): boolean {
  if (programs !== null || process.env.CI === 'true') return false;
  process.stderr.write(`skipping PostgreSQL tests: no server programs in ${INSTALLATIONS}\n`);
  return true;
}

/** The server refuses to run as root: then it runs as the account that its package makes, or as nobody. */
function account(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim(),
    );
    if (uid !== undefined && uid !== '') return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('no account to run PostgreSQL with');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A PostgreSQL server of a test's own. */
export interface PostgresCluster {
  readonly port: number;
  /** A connection string for a database of this name; made by `createDatabase`. */
  url(database: string, port?: number): string;
  createDatabase(name: string): Promise<string>;
  query(database: string, sql: string): Promise<pg.QueryResult<Record<string, unknown>>>;
  /** Stops at once, as in a crash. */
  crash(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a cluster in a directory of its own, on a free port of the loopback address. */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  if (programs === null) throw new Error(`no PostgreSQL server programs in ${INSTALLATIONS}`);
  const bin = programs;
  const owner = account();
  const directory = mkdtempSync(join(tmpdir(), 'acp-postgres-'));
  if (owner !== null) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const identity = owner ?? {};
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    { ...identity, cwd: directory, stdio: 'ignore' },
  );
  const port = await freePort();
  let server: ChildProcess | null = null;
  const url = (database: string, at = port): string => `postgres://postgres@127.0.0.1:${at}/${database}`;

  async function query(database: string, sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
    const client = new pg.Client({ connectionString: url(database) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.query<Record<string, unknown>>(sql);
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    const settings = [
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      directory,
      '-c',
      'max_connections=100',
      '-c',
      'recovery_init_sync_method=syncfs',
    ];
    server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
      ...identity,
      cwd: directory,
      stdio: 'ignore',
    });
    for (let attempt = 0; ; attempt += 1) {
      try {
        await query('postgres', 'SELECT 1');
        return;
      } catch (error) {
        if (attempt > 900 || server.exitCode !== null) throw error;
        await delay(100);
      }
    }
  }

  async function crash(): Promise<void> {
    if (server === null || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGQUIT');
    await exited;
    server = null;
  }

  await start();
  return {
    port,
    url,
    query,
    start,
    crash,
    async createDatabase(name) {
      await query('postgres', `CREATE DATABASE ${name}`);
      return url(name);
    },
    async remove() {
      await crash();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
