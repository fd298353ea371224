import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig, escapeIdentifier } from 'pg';
import { inject } from 'vitest';
import { type TestCluster, withDatabase } from './cluster.ts';

export interface TestDatabase {
  readonly ownerConfig: ClientConfig;
  readonly appConfig: ClientConfig;
  drop(): Promise<void>;
}

/**
 * Makes a database of its own for a test file, a copy of the migrated template (about 50 ms).
 * Call it in `beforeAll` and `drop` it in `afterAll`; connections still open are ended by the drop.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = inject('testCluster');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await copyTemplate(cluster, name);
  return {
    ownerConfig: withDatabase(cluster.owner, name),
    appConfig: withDatabase(cluster.app, name),
    drop: () => asAdmin(cluster, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  };
}

async function copyTemplate(cluster: TestCluster, name: string): Promise<void> {
  const [database, template] = [escapeIdentifier(name), escapeIdentifier(cluster.templateName)];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await asAdmin(cluster, `CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`);
      // A copy takes neither owner nor privileges of the database itself; with URLs the admin is the owner already.
      const { user: owner } = cluster.owner;
      const { user: app } = cluster.app;
      if (owner !== undefined) await asAdmin(cluster, `ALTER DATABASE ${database} OWNER TO ${escapeIdentifier(owner)}`);
      if (app !== undefined)
        await asAdmin(cluster, `GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${escapeIdentifier(app)}`);
      return;
    } catch (error) {
      // 55006: somebody is connected to the template at this moment.
      if (!(error instanceof Error && 'code' in error && error.code === '55006') || attempt === 50) throw error;
      await sleep(50);
    }
  }
}

/** The files of a worker share a connection: a new one costs PostgreSQL as much as the copy. It ends with the worker. */
let admin: Promise<Client> | undefined;

async function connectAdmin(cluster: TestCluster): Promise<Client> {
  const client = new Client({ ...cluster.admin, stream: () => new Socket().unref() });
  // Whoever asks next connects anew.
  client.on('error', () => {
    admin = undefined;
  });
  await client.connect();
  return client;
}

async function asAdmin(cluster: TestCluster, sql: string): Promise<void> {
  admin ??= connectAdmin(cluster);
  await (await admin).query(sql);
}
