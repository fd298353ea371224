import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { JOB_KINDS } from '../../src/job-kinds.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';
import { ensureDatabase } from '../../src/platform/postgres/roles.ts';
import { migrateQueue } from '../../src/platform/queue/queue.ts';
import { type TestCluster, withDatabase } from './cluster.ts';

const templateName = 'negatoscope_template';

/**
 * A PostgreSQL for as long as somebody needs one, and in it one migrated database. TEST_DATABASE_OWNER_URL (a role that may create databases) and
 * TEST_DATABASE_APP_URL name a server to use instead of the embedded one.
 */
export async function openMigratedCluster(): Promise<{ cluster: TestCluster; stop: () => Promise<void> }> {
  const { cluster, stop } = await openCluster();
  try {
    const owner = withDatabase(cluster.owner, templateName);
    await migrate(owner);
    await migrateQueue(owner, JOB_KINDS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { cluster, stop };
}

async function openCluster(): Promise<{ cluster: TestCluster; stop: () => Promise<void> }> {
  const { TEST_DATABASE_OWNER_URL: ownerUrl, TEST_DATABASE_APP_URL: appUrl } = process.env;
  if (ownerUrl !== undefined && appUrl !== undefined) {
    const owner = { connectionString: ownerUrl };
    const cluster = { admin: owner, owner, app: { connectionString: appUrl }, templateName };
    await asAdmin(cluster.admin, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${templateName}`);
      await client.query(`CREATE DATABASE ${templateName} TEMPLATE template0`);
    });
    return { cluster, stop: async () => undefined };
  }
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-test-'));
  const quiet = { info: () => undefined, warn: (message: string) => console.warn(message) };
  const server = await startEmbeddedPostgres({ dataDir, log: quiet, durable: false });
  const { superuser: admin, owner, app } = server;
  await asAdmin(admin, (client) => ensureDatabase(admin, client, templateName));
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { cluster: { admin, owner, app, templateName }, stop };
}

async function asAdmin(admin: ClientConfig, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(admin);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
