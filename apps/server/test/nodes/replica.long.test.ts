import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOTHING } from '../../src/access/index.ts';
import { databaseServers } from '../../src/cli/doctor-servers.ts';
import { validateSettings } from '../../src/config/settings.ts';
import { failureOf } from '../../src/http/problem.ts';
import { JOB_KINDS } from '../../src/job-kinds.ts';
import { newId } from '../../src/kernel/ids.ts';
import { clientOf } from '../../src/platform/db/client.ts';
import { afterCommit, type Db, NotReplicated, openDatabase, SYSTEM_SCOPE } from '../../src/platform/db/database.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { composed, statement } from '../../src/platform/db/statements.ts';
import { readReplication } from '../../src/platform/metrics/index.ts';
import { migrateQueue } from '../../src/platform/queue/queue.ts';
import { openDatabases } from '../../src/supervisor/databases.ts';
import { openTestApp, TEST_PASSWORD, type TestApp } from '../support/app.ts';
import { openReplicatedPostgres, type ReplicatedPostgres } from '../support/replicated-postgres.ts';

const POLL = { timeout: 60_000, interval: 100 };
const quiet = { info: () => undefined, warn: () => undefined };
const settingsOf = (url: string) => validateSettings({ DATABASE_URL: url });

const PORT = composed({ text: 'SELECT inet_server_port() AS port' });

/** A real streaming replica: who may be connected to, what a replica answers, and where connections are after a promotion. */
describe('PostgreSQL with a replica', () => {
  let postgres: ReplicatedPostgres;
  let dataDir: string;
  const apps: TestApp[] = [];
  const warnings: string[] = [];
  const asApp = (url: string): ClientConfig => ({ connectionString: url.replace('postgres@', 'negatoscope_app@') });
  const portOf = async (db: Db): Promise<number | undefined> => {
    const row = await db.withSystem((tx) => tx.first(PORT));
    return (row as { readonly port: number } | undefined)?.port;
  };
  const appOn = async (url: string, logLines?: string[]): Promise<TestApp> => {
    const database = { ownerConfig: { connectionString: url }, appConfig: asApp(url), drop: async () => undefined };
    const app = await openTestApp(logLines === undefined ? {} : { logLines }, database, dataDir, async () => undefined);
    apps.push(app);
    return app;
  };
  const signIn = (node: TestApp, email: string) =>
    node.app.inject({ method: 'POST', url: '/api/auth/login', payload: { email, password: TEST_PASSWORD } });

  beforeAll(async () => {
    postgres = await openReplicatedPostgres();
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-replica-'));
    const { connections } = await openDatabases(settingsOf(postgres.several), quiet);
    await migrate(connections.owner);
    await migrateQueue(connections.owner, JOB_KINDS);
    // Tests sign in as the application's role; a server takes it by SET ROLE.
    await postgres.ask('ALTER ROLE negatoscope_app LOGIN');
  }, 300_000);
  afterAll(async () => {
    for (const one of apps) await one.close();
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('of several servers the primary is connected to, wherever it stands in the URL', async () => {
    const primary = Number(new URL(postgres.primaryUrl).port);
    const turned = postgres.several.replace(/@([^,]+),([^/]+)\//, '@$2,$1/');
    for (const url of [postgres.several, turned]) {
      const client = clientOf({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ port: number }>('SELECT inet_server_port() AS port');
      expect(rows[0]?.port).toBe(primary);
      await client.end();
    }
  });

  test('the doctor says which is which, and shows no password', async () => {
    const stands = async (url: string) => databaseServers(settingsOf(url.replaceAll('postgres@', 'postgres:hidden@')));
    const both = await stands(postgres.several);
    expect(both).toMatchObject({ found: expect.stringMatching(/^127\.0\.0\.1:\d+ replica, 127\.0\.0\.1:\d+ primary$/) });
    expect(both.advice).toBeUndefined();
    expect((await stands(postgres.replicaUrl)).advice).toContain('only replicas answer');
    const gone = await stands(postgres.several.replace('/negatoscope', ',127.0.0.1:1/negatoscope'));
    expect([gone.found, gone.advice]).toEqual([
      expect.stringContaining('127.0.0.1:1 does not answer'),
      expect.stringContaining('start the server that does not answer'),
    ]);
    expect(JSON.stringify([both, gone])).not.toContain('hidden');
  });

  test('how far the replica is behind is told to who may know; others are told that there is one', async () => {
    const asOwner = openDatabase({ connection: { connectionString: postgres.primaryUrl }, poolSize: 1 });
    const figures = (db = asOwner) => db.reading(NOTHING, readReplication);
    await expect.poll(() => figures(), POLL).toEqual({ replicas: 1, synchronous: 1, lagBytes: 0 });
    const replica = clientOf({ connectionString: postgres.replicaUrl });
    await replica.connect();
    await replica.query('SELECT pg_wal_replay_pause()');
    await postgres.ask("SELECT pg_logical_emit_message(true, 'test', repeat('x', 200000))");
    await expect.poll(async () => (await figures()).lagBytes, POLL).toBeGreaterThan(200_000);
    const asApplication = openDatabase({ connection: asApp(postgres.primaryUrl), poolSize: 1 });
    expect(await figures(asApplication)).toEqual({ replicas: 1, synchronous: undefined, lagBytes: undefined });
    await replica.query('SELECT pg_wal_replay_resume()');
    await expect.poll(() => figures(), POLL).toEqual({ replicas: 1, synchronous: 1, lagBytes: 0 });
    await replica.end();
    await Promise.all([asOwner.close(), asApplication.close()]);
  });

  test('a replica as DATABASE_URL ends a command with one line, without the password', async () => {
    const url = postgres.replicaUrl.replace('postgres@', 'postgres:hidden@');
    const failure = await openDatabases(settingsOf(url), quiet).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DATABASE_REPLICA' });
    expect(String(failure)).toMatch(/127\.0\.0\.1:\d+ is a replica .*promote it, or give the primary's address/);
    expect(String(failure)).not.toContain('hidden');
  });

  test('who asks a replica to write is answered 503 and when to come again, not that nothing is there', async () => {
    const first = await appOn(postgres.several);
    const who = await first.login('RADIOLOGIST');
    const logLines: string[] = [];
    const behind = await appOn(postgres.replicaUrl, logLines);
    // Nothing is read from it either: it may show what was deleted a moment ago.
    const me = await behind.app.inject({ url: '/api/auth/me', headers: { cookie: who.cookie } });
    expect([me.statusCode, me.headers['retry-after']]).toEqual([503, '5']);
    const health = await behind.app.inject('/api/health');
    expect([health.statusCode, health.json<{ detail: string }>().detail]).toEqual([503, expect.stringContaining('database')]);
    const answer = await signIn(behind, who.user.email);
    expect([answer.statusCode, answer.headers['retry-after'], answer.headers['content-type']]).toEqual([
      503,
      '5',
      'application/problem+json; charset=utf-8',
    ]);
    expect(answer.json()).toMatchObject({ code: 'UNAVAILABLE', status: 503 });
    const ends = await behind.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...who.headers } });
    expect(ends.statusCode).toBe(503);
    expect(logLines.join()).toContain('the database is a replica, which takes no writes');
  });

  test('what no replica has confirmed is not acknowledged: 503 when nobody waits any longer, also where the wait is cancelled', async () => {
    const db = openDatabase({
      connection: asApp(postgres.several),
      poolSize: 3,
      patience: { statementMs: 2_000, answerMs: 3_000 },
    });
    const told: string[] = [];
    const insert = (name: string) => statement('INSERT INTO groups (id, name) VALUES ($1, $2)', [newId(), name]);
    const add = (name: string) =>
      db.withSystem(async (tx) => {
        afterCommit(tx, () => void told.push(name));
        await tx.run(insert(name));
      });
    const cancelWaits = async (): Promise<void> => {
      const waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
      for (let tries = 0; tries < 10; tries += 1) await postgres.ask(waiting).then(() => sleep(100));
    };
    const refused = async (work: () => Promise<unknown>, meanwhile = async (): Promise<void> => undefined) => {
      const failure = work().catch((error: unknown) => error);
      await meanwhile();
      const error = await failure;
      expect(failureOf(error)).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 5 });
      return error;
    };
    await add('before');
    await postgres.killReplica();
    await refused(() => add('waited for'));
    expect(await refused(() => add('cancelled'), cancelWaits)).toBeInstanceOf(NotReplicated);
    const together = () => db.inOneExchange(SYSTEM_SCOPE, [insert('together')]);
    expect(await refused(together, cancelWaits)).toBeInstanceOf(NotReplicated);
    await postgres.startReplica();
    await expect
      .poll(
        () =>
          add('after').then(
            () => true,
            () => false,
          ),
        POLL,
      )
      .toBe(true);
    // It is there all the same, and who listens is told.
    expect(told).toEqual(['before', 'cancelled', 'after']);
    const rows = await db.withSystem((tx) => tx.rows(composed({ text: 'SELECT name FROM groups' })));
    expect(rows.map((row) => (row as { readonly name: string }).name)).toEqual(
      expect.arrayContaining(['before', 'cancelled', 'together', 'after']),
    );
    await db.close();
  });

  test('promoted: who waited at the replica starts, pools and queues find the new primary, and an old one that comes back is not written to', async () => {
    const replica = Number(new URL(postgres.replicaUrl).port);
    const control = new AbortController();
    const log = { ...quiet, warn: (line: string) => void warnings.push(line) };
    const waiting = openDatabases(settingsOf(postgres.replicaUrl), log, control.signal);
    await expect.poll(() => warnings, POLL).toHaveLength(1);
    expect(warnings[0]).toMatch(/is a replica .*Nothing is served until then; it is tried again/);
    const [first] = apps;
    if (first === undefined) throw new Error('There is no server.');
    const db = openDatabase({ connection: asApp(postgres.several), poolSize: 4 });
    await Promise.all([portOf(db), portOf(db), portOf(db)]);

    await postgres.killPrimary();
    const between = await signIn(first, 'nobody@example.org');
    expect([between.statusCode, between.headers['retry-after']]).toEqual([503, '5']);
    await postgres.promote();

    const opened = await waiting;
    expect(opened.connections.assumeRole).toBe('negatoscope_app');
    expect(warnings).toHaveLength(1);
    await expect.poll(() => portOf(db).catch(() => 0), POLL).toBe(replica);
    await expect.poll(async () => (await signIn(first, 'nobody@example.org')).statusCode, POLL).toBe(401);
    await expect.poll(() => first.changes.isTrusted, POLL).toBe(true);
    expect(await first.parts.queue.names()).not.toEqual([]);
    await first.login('RADIOLOGIST');

    await postgres.startStalePrimary();
    const client = clientOf({ connectionString: postgres.several });
    await client.connect();
    const { rows } = await client.query<{ port: number }>('SELECT inet_server_port() AS port');
    expect(rows[0]?.port).toBe(replica);
    await client.end();
    expect((await databaseServers(settingsOf(postgres.several))).advice).toContain('two servers take writes');
    await db.close();
  }, 120_000);
});
