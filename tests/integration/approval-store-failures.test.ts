import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- what the store itself is built on
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/domain/errors.js';
import type { ApprovalStore } from '../../src/approval/store/approval-store.js';
import { openApprovalStore } from '../../src/approval/store/open-store.js';
import { createPostgresApprovalStore } from '../../src/approval/store/postgres.js';
import { createSqliteApprovalStore } from '../../src/approval/store/sqlite.js';
import { filingOf, START, transitionTo } from '../helpers/approval-filings.js';
import { headersOf, propose, startApprovalService, approvalIdOf } from '../helpers/approval-service.js';
import { skipsPostgres, startPostgresCluster, type PostgresCluster } from '../helpers/postgres-cluster.js';
import type { TestService } from '../helpers/service.js';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

describe('a SQLite store that fails', () => {
  let directory: string;
  let path: string;
  let store: ApprovalStore | null;

  beforeEach(() => {
    directory = temporaryDirectory();
    path = join(directory, 'approvals.db');
    store = null;
  });
  afterEach(async () => {
    await store?.close();
  });

  it('says so while another process holds the lock, and recovers by itself', async () => {
    store = createSqliteApprovalStore({ path, busyTimeoutMs: 50 });
    const kept = filingOf();
    await store.file(kept);
    const other = new DatabaseSync(path);
    other.exec('BEGIN EXCLUSIVE');
    await expect(store.file(filingOf({ session_id: 'other' }))).rejects.toThrow(StoreError);
    await expect(store.transition(transitionTo('approved', kept.approval_id))).rejects.toThrow(StoreError);
    expect(await store.get(kept.approval_id)).toMatchObject({ status: 'pending' });
    expect(await store.expireDue(START, 10)).toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    expect(await store.get(kept.approval_id)).toMatchObject({ status: 'pending' });
    expect((await store.file(filingOf({ session_id: 'other' }))).outcome).toBe('filed');
  });

  it('says so when it is full, keeps what it acknowledged, and recovers once something is pruned', async () => {
    store = createSqliteApprovalStore({ path, maxBytes: 400_000 });
    const big = 'x'.repeat(20_000);
    const large = (index: number) => filingOf({ session_id: `s-${index}`, arguments: { big } });
    const ended = [large(1_001), large(1_002)];
    for (const filing of ended) {
      await store.file(filing);
      await store.transition(transitionTo('denied', filing.approval_id));
    }
    const acknowledged: string[] = [];
    for (let index = 0; index < 100; index += 1) {
      const filing = large(index);
      const refusal = await store.file(filing).then(
        () => null,
        (error: unknown) => error,
      );
      if (refusal !== null) {
        expect(refusal).toBeInstanceOf(StoreError);
        break;
      }
      acknowledged.push(filing.approval_id);
    }
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(acknowledged.length).toBeLessThan(100);
    for (const id of acknowledged) expect(await store.get(id)).toMatchObject({ status: 'pending' });
    expect(await store.prune(START + 10_000, 10)).toBe(ended.length);
    expect((await store.file(large(2_000))).outcome).toBe('filed');
  });

  function notAFolder(): string {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    return file;
  }

  it.each([
    ['is not a database', () => writeFileSync(path, 'not a database at all '.repeat(1_000))],
    ['is a directory', () => (path = directory)],
    ['cannot be made', () => (path = join(notAFolder(), 'approvals.db'))],
  ])('does not open a file that %s', (_what, spoil) => {
    spoil();
    expect(() => createSqliteApprovalStore({ path })).toThrow(StoreError);
  });

  it('does not open a database of a newer version', async () => {
    await createSqliteApprovalStore({ path }).close();
    const database = new DatabaseSync(path);
    database.exec("INSERT INTO approval_migrations (version, name) VALUES (99, 'from the future')");
    database.close();
    expect(() => createSqliteApprovalStore({ path })).toThrow('made by a newer version');
  });

  it('notices that its file was replaced', async () => {
    store = createSqliteApprovalStore({ path });
    await store.check();
    renameSync(path, join(directory, 'moved.db'));
    await expect(store.check()).rejects.toThrow(StoreError);
    writeFileSync(path, '');
    await expect(store.check()).rejects.toThrow(StoreError);
  });

  it('refuses a row that it did not write', async () => {
    store = createSqliteApprovalStore({ path });
    const filing = filingOf();
    await store.file(filing);
    const other = new DatabaseSync(path);
    other.exec(`UPDATE approvals SET action = '{"tool_name": "other"}'`);
    other.close();
    await expect(store.get(filing.approval_id)).rejects.toThrow(StoreError);
  });

  it('keeps what it acknowledged when its process ends without closing', async () => {
    store = createSqliteApprovalStore({ path });
    const filing = filingOf();
    await store.file(filing);
    const second = createSqliteApprovalStore({ path });
    expect(await second.get(filing.approval_id)).toMatchObject({ status: 'pending' });
    await second.close();
  });

  it('can do nothing once it is closed', async () => {
    const closed = createSqliteApprovalStore({ path });
    await closed.close();
    await expect(closed.file(filingOf())).rejects.toThrow(StoreError);
    await expect(closed.check()).rejects.toThrow(StoreError);
  });
});

describe.skipIf(skipsPostgres())('a PostgreSQL store that fails', () => {
  let cluster: PostgresCluster;
  let proxy: TcpProxy;
  let store: ApprovalStore;
  let databases = 0;
  let database: string;

  beforeAll(async () => {
    cluster = await startPostgresCluster();
  });
  afterAll(() => cluster.remove());
  beforeEach(async () => {
    databases += 1;
    database = `faults_${databases}`;
    await cluster.createDatabase(database);
    proxy = await startTcpProxy(cluster.port);
    store = await createPostgresApprovalStore({
      connectionString: cluster.url(database, proxy.port),
      statementTimeoutMs: 300,
    });
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
  });

  it('says so while nothing can be reached, and recovers by itself', async () => {
    const kept = filingOf();
    await store.file(kept);
    proxy.cut();
    await expect(store.file(filingOf({ session_id: 'other' }))).rejects.toThrow(StoreError);
    await expect(store.check()).rejects.toThrow(StoreError);
    proxy.heal();
    expect(await store.get(kept.approval_id)).toMatchObject({ status: 'pending' });
    expect((await store.file(filingOf({ session_id: 'other' }))).outcome).toBe('filed');
  });

  it('says so while the server does not answer, and recovers by itself', async () => {
    const kept = filingOf();
    await store.file(kept);
    proxy.stall();
    await expect(store.get(kept.approval_id)).rejects.toThrow(StoreError);
    proxy.heal();
    expect(await store.get(kept.approval_id)).toMatchObject({ status: 'pending' });
  });

  it('says so while a lock is held for longer than it waits, and recovers by itself', async () => {
    const { approval_id } = filingOf();
    await store.file(filingOf());
    const holding = cluster.query(database, 'BEGIN; LOCK TABLE approvals; SELECT pg_sleep(1.5); COMMIT');
    await cluster.query('postgres', waitForLock);
    await expect(store.transition(transitionTo('approved', approval_id))).rejects.toThrow(StoreError);
    await holding;
    expect((await store.file(filingOf({ session_id: 'other' }))).outcome).toBe('filed');
  });

  const waitForLock = `DO $$ BEGIN
    FOR attempt IN 1..100 LOOP
      IF EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep') THEN RETURN; END IF;
      PERFORM pg_stat_clear_snapshot();
      PERFORM pg_sleep(0.01);
    END LOOP;
  END $$`;

  it('says so while the database is read-only, and recovers by itself', async () => {
    await store.file(filingOf());
    await cluster.query('postgres', 'ALTER SYSTEM SET default_transaction_read_only = on');
    await cluster.query('postgres', 'SELECT pg_reload_conf()');
    await expect
      .poll(() =>
        store.file(filingOf({ session_id: 'other' })).then(
          () => 'filed',
          (error: unknown) => error,
        ),
      )
      .toBeInstanceOf(StoreError);
    await cluster.query('postgres', 'ALTER SYSTEM RESET default_transaction_read_only');
    await cluster.query('postgres', 'SELECT pg_reload_conf()');
    await expect
      .poll(() =>
        store.file(filingOf({ session_id: 'third' })).then(
          ({ outcome }) => outcome,
          () => 'refused',
        ),
      )
      .toMatch(/filed|open/);
  });

  it('repeats what a restarting server interrupted', async () => {
    const filing = filingOf();
    await store.file(filing);
    await cluster.query(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
    );
    expect(await store.transition(transitionTo('approved', filing.approval_id))).toMatchObject({ ok: true });
  });

  it('tells of an idle connection that was lost, as whoever opened it asked', async () => {
    const { promise, resolve } = Promise.withResolvers<Error>();
    const connectionString = cluster.url(database);
    const idle = await openApprovalStore({ kind: 'postgres', connectionString }, { onIdleFault: resolve });
    await cluster.query(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
    );
    expect(await promise).toBeInstanceOf(Error);
    await idle.close();
  });

  it('repeats what the server could not serialize, a bounded number of times', async () => {
    await cluster.query(
      database,
      `CREATE SEQUENCE attempts;
       CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF;
         RETURN NEW;
       END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON approvals FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    expect((await store.file(filingOf())).outcome).toBe('filed');
    await cluster.query(
      database,
      `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'never' USING ERRCODE = '40001';
       END $$`,
    );
    await expect(store.file(filingOf({ session_id: 'other' }))).rejects.toThrow(StoreError);
  });

  it('knows its own use after a commit whose answer was lost, and nobody else takes it for theirs', async () => {
    const filing = filingOf();
    await store.file(filing);
    await store.transition(transitionTo('approved', filing.approval_id));
    const use = transitionTo('consumed', filing.approval_id, { transition_id: 'decision-1' });
    proxy.holdAnswers();
    const answer = store.transition(use);
    await expect
      .poll(async () => (await cluster.query(database, 'SELECT status FROM approvals')).rows[0], {
        interval: 10,
      })
      .toEqual({ status: 'consumed' });
    proxy.cut();
    proxy.heal();
    expect(await answer).toMatchObject({
      ok: true,
      row: { status: 'consumed', transition_id: 'decision-1' },
    });
    expect((await store.transition({ ...use, transition_id: 'decision-2' })).ok).toBe(false);
  });

  it('loses nothing that it acknowledged when the server crashes', async () => {
    const filings = Array.from({ length: 20 }, (_, index) => filingOf({ session_id: `s-${index}` }));
    for (const filing of filings) await store.file(filing);
    const approved = await store.transition(transitionTo('approved', filings[0]!.approval_id));
    await cluster.crash();
    await cluster.start();
    for (const { approval_id } of filings.slice(1)) {
      expect(await store.get(approval_id)).toMatchObject({ status: 'pending' });
    }
    expect(await store.get(filings[0]!.approval_id)).toEqual(approved.row);
  }, 120_000);

  it('does not open a database of a newer version', async () => {
    await cluster.query(
      database,
      "INSERT INTO approval_migrations (version, name) VALUES (99, 'from the future')",
    );
    await expect(createPostgresApprovalStore({ connectionString: cluster.url(database) })).rejects.toThrow(
      'made by a newer version',
    );
  });

  describe('behind the service', () => {
    let service: TestService;

    beforeEach(async () => {
      service = await startApprovalService({
        variables: {
          ACP_APPROVAL_STORE: 'postgres',
          ACP_DATABASE_URL: cluster.url(database, proxy.port),
        },
      });
    });
    afterEach(() => service.close());

    it('denies with 503 and fails readiness while it is down, and serves again by itself', async () => {
      const id = approvalIdOf(await propose(service));
      proxy.cut();
      const refused = { status: 503, body: { detail: 'approval_store_unavailable' } };
      expect(await propose(service, { session_id: 'other' })).toMatchObject(refused);
      expect(await service.get(`/v1/approvals/${id}`, headersOf('alice'))).toMatchObject(refused);
      const decision = { reason: 'looks right' };
      expect(await service.post(`/v1/approvals/${id}/approve`, decision, headersOf('alice'))).toMatchObject(
        refused,
      );
      expect(service.events().at(-1)).toMatchObject({
        allowed: false,
        policy_reason: 'approval_store_unavailable',
      });
      expect(await service.get('/readyz')).toMatchObject({ status: 503 });
      expect((await service.get('/livez')).status).toBe(200);
      proxy.heal();
      expect((await service.get('/readyz')).status).toBe(200);
      expect((await service.post(`/v1/approvals/${id}/approve`, decision, headersOf('alice'))).status).toBe(
        200,
      );
      const { body } = await service.get(`/v1/approvals/${id}`, headersOf('support-bot'));
      expect((await propose(service, { approval_token: body.approval_token })).body).toMatchObject({
        effect: 'allow',
      });
    });

    it('denies with a token in hand while it is down, and the token is still good after', async () => {
      const id = approvalIdOf(await propose(service));
      await service.post(`/v1/approvals/${id}/approve`, { reason: 'looks right' }, headersOf('alice'));
      const { approval_token } = (await service.get(`/v1/approvals/${id}`, headersOf('support-bot'))).body;
      proxy.cut();
      expect(await propose(service, { approval_token })).toMatchObject({ status: 503 });
      proxy.heal();
      expect((await propose(service, { approval_token })).body).toMatchObject({ effect: 'allow' });
    });
  });
});
