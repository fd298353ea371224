import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Db, openDatabase } from '../src/platform/db/database.ts';
import { composed } from '../src/platform/db/statements.ts';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { MAPPINGS } from './types.ts';

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

/** A value of each type, as SQL. */
const SAMPLES: Readonly<Record<string, string>> = {
  bool: 'true',
  int2: '1::int2',
  int4: '1',
  int8: '1::int8',
  float4: '1::float4',
  float8: '1::float8',
  numeric: '1::numeric',
  oid: '1::oid',
  text: "'a'::text",
  varchar: "'a'::varchar",
  bpchar: "'a'::bpchar",
  name: "'a'::name",
  char: `'a'::"char"`,
  uuid: 'gen_random_uuid()',
  inet: "'127.0.0.1'::inet",
  void: "pg_notify('test', '')",
  regclass: "'users'::regclass",
  date: "'2026-01-02'::date",
  timestamptz: 'now()',
  bytea: "'\\x00'::bytea",
  json: `'{"a": 1}'::json`,
  jsonb: `'{"a": 1}'::jsonb`,
};

const kindOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return 'Buffer';
  if (value instanceof Date) return 'Date';
  return typeof value === 'object' ? 'unknown' : typeof value;
};
const sampleOf = async (expression: string): Promise<unknown> => {
  const row = await db.withSystem((tx) => tx.first(composed({ text: `SELECT ${expression} AS value` })));
  return row === undefined ? undefined : Object.values(row)[0];
};

test.each(Object.entries(MAPPINGS))('%s comes from node-postgres as its TypeScript type says', async (name, { row }) => {
  expect(kindOf(await sampleOf(SAMPLES[name] ?? 'no sample'))).toBe(row);
});

/** There are no lists of the first, and those of others come as they are written. */
const listed = Object.entries(MAPPINGS).filter(([name]) => name !== 'void');
test.each(listed)('a list of %s comes as its TypeScript type says', async (name, mapping) => {
  const list = await sampleOf(`ARRAY[${SAMPLES[name]}]`);
  if ('element' in mapping && mapping.element === undefined) expect(list).toMatch(/^\{/);
  else expect(Array.isArray(list) ? kindOf(list[0]) : list).toBe(mapping.element ?? mapping.row);
});
