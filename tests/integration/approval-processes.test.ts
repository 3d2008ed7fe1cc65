import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApprovalKeyPem, parseApprovalKeys } from '../../src/approval/signing-keys.js';
import type { ApprovalStore } from '../../src/approval/store/approval-store.js';
import { createPostgresApprovalStore } from '../../src/approval/store/postgres.js';
import { createSqliteApprovalStore } from '../../src/approval/store/sqlite.js';
import { createApprovalTokens } from '../../src/approval/token.js';
import { createApprovalWorld } from '../helpers/approval-world.js';
import { skipsPostgres, startPostgresCluster, type PostgresCluster } from '../helpers/postgres-cluster.js';
import { sharedDirectory } from '../helpers/temporary-directory.js';

const WORKER = fileURLToPath(new URL('../helpers/approval-worker.ts', import.meta.url));
const PROCESSES = 4;
const pem = createApprovalKeyPem();

/** A process of its own that obeys orders, one at a time. */
class Worker {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(where: string) {
    this.child = spawn(process.execPath, ['--import', 'tsx', WORKER, where, pem], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.child;
    if (stdout === null) throw new Error('no output');
    this.lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async answer(): Promise<string> {
    return String((await this.lines.next()).value);
  }

  order(text: string): Promise<string> {
    this.child.stdin?.write(`${text}\n`);
    return this.answer();
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

const workers: Worker[] = [];

async function startWorkers(where: string, count = PROCESSES): Promise<Worker[]> {
  const started = Array.from({ length: count }, () => new Worker(where));
  workers.push(...started);
  for (const worker of started) expect(await worker.answer()).toBe('ready');
  return started;
}

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});

/** Brings an approval of the tests' action to approved, and gives its id and token. */
async function grantIn(store: ApprovalStore): Promise<{ id: string; token: string }> {
  const tokens = createApprovalTokens({ keys: await parseApprovalKeys([pem]) });
  const world = await createApprovalWorld({ store, tokens });
  const id = await world.request();
  await world.approve(id);
  return { id, token: (await world.fetchToken(id)) ?? '' };
}

function suite(where: () => Promise<string>, openStore: (where: string) => Promise<ApprovalStore>): void {
  it('bring an empty database up to date together', async () => {
    const place = await where();
    const started = await startWorkers(place);
    const answers = await Promise.all(started.map((worker) => worker.order('open')));
    expect(answers).toEqual(Array(PROCESSES).fill('opened'));
    const store = await openStore(place);
    await store.check();
    await store.close();
  });

  it('use a grant once between them, however many uses each makes at a time', async () => {
    const place = await where();
    const store = await openStore(place);
    const { id, token } = await grantIn(store);
    const started = await startWorkers(place);
    for (const worker of started) expect(await worker.order('open')).toBe('opened');
    const answers = await Promise.all(started.map((worker) => worker.order(`use 50 ${token}`)));
    expect(answers.map(Number).reduce((sum, granted) => sum + granted, 0)).toBe(1);
    expect(await store.get(id)).toMatchObject({ status: 'consumed' });
    await store.close();
  });

  it('never use a grant again after the process that used it was killed before its tool', async () => {
    const place = await where();
    const store = await openStore(place);
    const { id, token } = await grantIn(store);
    const [first, second] = await startWorkers(place, 2);
    for (const worker of [first, second]) expect(await worker?.order('open')).toBe('opened');
    expect(await first?.order(`use 1 ${token}`)).toBe('1');
    await first?.kill();
    expect(await store.get(id)).toMatchObject({ status: 'consumed' });
    expect(await second?.order(`use 5 ${token}`)).toBe('0');
    await store.close();
  });
}

describe('processes over one SQLite file', () => {
  const directory = sharedDirectory();
  let databases = 0;
  suite(
    () => Promise.resolve(join(directory, `${(databases += 1)}`, 'approvals.db')),
    (path) => Promise.resolve(createSqliteApprovalStore({ path, busyTimeoutMs: 10_000 })),
  );
});

describe.skipIf(skipsPostgres())('processes over one PostgreSQL database', () => {
  let cluster: PostgresCluster;
  let databases = 0;
  beforeAll(async () => {
    cluster = await startPostgresCluster();
  });
  afterAll(() => cluster.remove());
  suite(
    () => cluster.createDatabase(`processes_${(databases += 1)}`),
    (connectionString) => createPostgresApprovalStore({ connectionString }),
  );
});
