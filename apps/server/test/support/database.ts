import { randomBytes } from 'node:crypto';
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
    drop: () => asAdmin(cluster, (client) => client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)),
  };
}

async function copyTemplate(cluster: TestCluster, name: string): Promise<void> {
  const [database, template] = [escapeIdentifier(name), escapeIdentifier(cluster.templateName)];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await asAdmin(cluster, (client) => client.query(`CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`));
      await asAdmin(cluster, grantAndOwn(cluster, database));
      return;
    } catch (error) {
      // 55006: somebody is connected to the template at this moment.
      if (!(error instanceof Error && 'code' in error && error.code === '55006') || attempt === 50) throw error;
      await sleep(50);
    }
  }
}

function grantAndOwn(cluster: TestCluster, database: string): (client: Client) => Promise<void> {
  return async (client) => {
    const { user: owner } = cluster.owner;
    const { user: app } = cluster.app;
    // A copy takes neither owner nor privileges of the database itself; with URLs the admin is the owner already.
    if (owner !== undefined) await client.query(`ALTER DATABASE ${database} OWNER TO ${escapeIdentifier(owner)}`);
    if (app !== undefined) await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${escapeIdentifier(app)}`);
  };
}

async function asAdmin(cluster: TestCluster, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client(cluster.admin);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
