import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client(database.ownerConfig);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('the schema', () => {
  it('keeps every table with patient data under row-level security', async () => {
    const { rows } = await client.query<{ relname: string }>(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'group_id' AND NOT a.attisdropped
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity`,
    );
    // Words and rules of a site hang on no patient: who asks for them says which, and labels of a group are asked for by its people alone.
    const ofSites = ['labels', 'retention_rules'];
    expect(rows.map((row) => row.relname).sort()).toEqual(['audit_events', 'dicom_nodes', ...ofSites, 'user_groups', 'users']);
  });

  it('lets no more than 256 kB of new entries wait in an inverted index, which every search reads through', async () => {
    const { rows } = await client.query<{ relname: string; reloptions: string[] | null }>(
      `SELECT c.relname, c.reloptions FROM pg_class c JOIN pg_am a ON a.oid = c.relam
       WHERE a.amname = 'gin' AND c.relnamespace = 'public'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(10);
    const isShort = (options: readonly string[]): boolean =>
      options.includes('fastupdate=off') || options.includes('gin_pending_list_limit=256');
    expect(rows.filter(({ reloptions }) => !isShort(reloptions ?? []))).toEqual([]);
  });

  it('migrates an up-to-date database without changing it, also twice at once', async () => {
    await Promise.all([migrate(database.ownerConfig), migrate(database.ownerConfig)]);
  });

  it('refuses a database made with another text of a migration', async () => {
    await client.query("UPDATE schema_migrations SET sha256 = 'other' WHERE name = '0001-core.sql'");
    await expect(migrate(database.ownerConfig)).rejects.toThrow(/0001-core\.sql differs/);
  });
});
