import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { type Db, NO_ROWS, openDatabase } from './database.ts';
import { statement } from './statements.ts';
import { uuidArray } from './uuid-array.ts';

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 1 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const askedBack = async (ids: readonly string[]): Promise<readonly string[] | null | undefined> => {
  const asked = statement('SELECT $1::uuid[]::text[] AS ids', [uuidArray(ids)], 'test-uuids');
  return (await db.asking(NO_ROWS, [asked]))[0]?.[0]?.ids;
};

test.each([0, 1, 2, 20_000])('%i ids reach the database as they are, in their order', async (count) => {
  const ids = Array.from({ length: count }, () => randomUUID());
  expect(await askedBack(ids)).toEqual(ids);
});

test('what is no UUID among them fails before anything is sent, and the connection goes on', async () => {
  await expect(askedBack([randomUUID(), "'); DROP TABLE patients"])).rejects.toThrow(TypeError);
  await expect(askedBack([`${randomUUID()}0`, randomUUID().slice(2)])).rejects.toThrow(TypeError);
  for (const behind of ['0', '00', "'); DROP TABLE patients"])
    await expect(askedBack([randomUUID(), `${randomUUID()}${behind}`])).rejects.toThrow(TypeError);
  for (const instead of ['', '0'.repeat(32), `${'0'.repeat(32)}zzzz`, `{${randomUUID()}}`, `${randomUUID().slice(0, -1)}g`])
    await expect(askedBack([instead])).rejects.toThrow(TypeError);
  await expect(askedBack([`${randomUUID()}0`, randomUUID().slice(1)])).rejects.toThrow(TypeError);
  const [id] = [randomUUID()];
  expect(await askedBack([id])).toEqual([id]);
});
