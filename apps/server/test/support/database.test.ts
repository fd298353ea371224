import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function ask(config: TestDatabase['ownerConfig'], sql: string): Promise<unknown[]> {
  const client = new Client(config);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('the owner may create the trusted extensions that search needs, without being a superuser', async () => {
  await ask(database.ownerConfig, 'CREATE EXTENSION IF NOT EXISTS pg_trgm');
  await ask(database.ownerConfig, 'CREATE EXTENSION IF NOT EXISTS unaccent');
  expect(await ask(database.ownerConfig, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([
    { rolsuper: false },
  ]);
});

test('the application role can neither create tables nor escape row-level security', async () => {
  await expect(ask(database.appConfig, 'CREATE TABLE intruder (id int)')).rejects.toThrow(/permission denied/);
  const roles = await ask(database.appConfig, 'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user');
  expect(roles).toEqual([{ rolsuper: false, rolbypassrls: false }]);
});

test('two test databases share nothing', async () => {
  const other = await createTestDatabase();
  await ask(other.ownerConfig, 'CREATE TABLE mine (id int)');
  expect(await ask(database.ownerConfig, "SELECT to_regclass('mine') AS found")).toEqual([{ found: null }]);
  await other.drop();
});
