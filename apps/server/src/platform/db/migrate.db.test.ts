import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { migrate } from './migrate.ts';

const INSTALLED = new URL('../../../migrations/', import.meta.url);

let database: TestDatabase;
let client: Client;
let root: string;
let folder: URL;
beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client(database.ownerConfig);
  await client.connect();
  root = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-migrations-'));
  await cp(fileURLToPath(INSTALLED), root, { recursive: true });
  folder = pathToFileURL(`${root}/`);
});
afterEach(async () => {
  await client.end();
  await database.drop();
  await rm(root, { recursive: true, force: true });
});

const add = (name: string, sql: string): Promise<void> => writeFile(path.join(root, name), sql);
const again = (): Promise<void> => migrate(database.ownerConfig, folder);
const one = async <T extends object>(sql: string): Promise<T | undefined> => (await client.query<T>(sql)).rows[0];
const answer = async (): Promise<number | undefined> => (await one<{ n: number }>('SELECT test_answer() AS n'))?.n;
const functionOf = (revision: number, value: number): string =>
  `-- revision: ${revision}\nCREATE OR REPLACE FUNCTION test_answer() RETURNS integer LANGUAGE sql AS 'SELECT ${value}';\n`;
const tableExists = async (name: string): Promise<boolean> =>
  (await one(`SELECT 1 FROM pg_tables WHERE tablename = '${name}'`)) !== undefined;

describe('versioned migrations', () => {
  it('run once, in the order of their numbers, in whatever order they are found', async () => {
    await add('9002-second.sql', '-- No lock.\nALTER TABLE test_rows ADD COLUMN b integer;');
    await add('9001-first.sql', '-- No lock.\nCREATE TABLE test_rows (a integer);');
    await again();
    await again();
    expect(await one("SELECT count(*)::int AS n FROM schema_migrations WHERE name LIKE '9%'")).toEqual({ n: 2 });
  });

  it('are refused when they come before what the database has, and nothing is changed', async () => {
    await add('9005-later.sql', '-- No lock.\nCREATE TABLE test_later (a integer);');
    await again();
    await add('9004-earlier.sql', '-- No lock.\nCREATE TABLE test_earlier (a integer);');
    await add('9006-last.sql', '-- No lock.\nCREATE TABLE test_last (a integer);');
    await expect(again()).rejects.toMatchObject({
      code: 'MIGRATION_ORDER',
      message: expect.stringContaining('9004-earlier.sql is older than 9005-later.sql'),
    });
    expect([await tableExists('test_earlier'), await tableExists('test_last')]).toEqual([false, false]);
  });

  it('are refused when two have one number', async () => {
    await add('9001-one.sql', '-- No lock.\nSELECT 1;');
    await add('9001-other.sql', '-- No lock.\nSELECT 1;');
    await expect(again()).rejects.toMatchObject({ code: 'MIGRATION_ORDER' });
  });

  it('refuse a database that a newer version made, and a name that was applied and has changed', async () => {
    await add('9001-of-a-newer-version.sql', '-- No lock.\nCREATE TABLE test_rows (a integer);');
    await again();
    await expect(migrate(database.ownerConfig)).rejects.toMatchObject({
      code: 'DATABASE_NEWER',
      message: expect.stringContaining('9001-of-a-newer-version.sql'),
    });
    await rm(path.join(root, '9001-of-a-newer-version.sql'));
    await add('9001-renamed.sql', '-- No lock.\nCREATE TABLE test_rows (a integer);');
    await expect(again()).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
  });

  it('refuse another text of what was applied', async () => {
    await add('9001-first.sql', '-- No lock.\nSELECT 1;');
    await again();
    await add('9001-first.sql', '-- No lock.\nSELECT 2;');
    await expect(again()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
  });

  it('leave nothing of one that fails, and say which', async () => {
    await add('9001-fails.sql', '-- No lock.\nCREATE TABLE test_rows (a integer); SELECT 1 / 0;');
    await expect(again()).rejects.toThrow(/9001-fails\.sql failed: division by zero/);
    expect(await tableExists('test_rows')).toBe(false);
  });
});

describe('files of functions', () => {
  it('come after the versioned migrations, and again whenever their text has changed', async () => {
    await mkdir(path.join(root, 'functions'), { recursive: true });
    await add('9001-table.sql', '-- No lock.\nCREATE TABLE test_rows (a integer);');
    await add(
      'functions/test.sql',
      `${functionOf(1, 1)}CREATE OR REPLACE FUNCTION test_rows_of() RETURNS SETOF test_rows LANGUAGE sql AS 'SELECT * FROM test_rows';\n`,
    );
    await again();
    expect(await answer()).toBe(1);
    await add('functions/test.sql', functionOf(2, 2));
    await again();
    expect(await answer()).toBe(2);
    const before = await one("SELECT applied_at FROM schema_functions WHERE name = 'functions/test.sql'");
    await again();
    expect(await one("SELECT applied_at FROM schema_functions WHERE name = 'functions/test.sql'")).toEqual(before);
  });

  it('are not brought back by an older version, nor changed under the same revision', async () => {
    await add('functions/test.sql', functionOf(2, 2));
    await again();
    await add('functions/test.sql', functionOf(1, 1));
    await expect(again()).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
    await add('functions/test.sql', functionOf(2, 3));
    await expect(again()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
    await rm(path.join(root, 'functions/test.sql'));
    await expect(again()).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
    expect(await answer()).toBe(2);
  });

  it('all come or none', async () => {
    await add('functions/test.sql', functionOf(1, 1));
    await add(
      'functions/zz-fails.sql',
      '-- revision: 1\nCREATE FUNCTION test_other() RETURNS no_such_type LANGUAGE sql AS $$ SELECT 1 $$;\n',
    );
    await expect(again()).rejects.toThrow(/functions\/zz-fails\.sql failed/);
    await expect(answer()).rejects.toMatchObject({ code: '42883' });
  });

  it('need nothing but the versioned migrations before them, and change nothing that those have made', async () => {
    const names = (await readdir(path.join(fileURLToPath(INSTALLED), 'functions'))).filter((name) => name.endsWith('.sql'));
    expect(names.length).toBeGreaterThan(5);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_functions ORDER BY name');
    expect(rows.map(({ name }) => name)).toEqual(names.map((name) => `functions/${name}`).sort());
  });

  it('come to a database of an older version on a connection that has made nothing else', async () => {
    await client.query('DELETE FROM schema_functions');
    await migrate(database.ownerConfig);
    expect(await one('SELECT count(*)::int > 5 AS all FROM schema_functions')).toEqual({ all: true });
  });

  it('hold no function of which an index or a stored column is made: those would keep what the old text said', async () => {
    const texts = await Promise.all(
      (await readdir(path.join(root, 'functions'))).map((name) => readFile(path.join(root, 'functions', name), 'utf8')),
    );
    const replaceable = texts.flatMap((text) =>
      [...text.matchAll(/^CREATE OR REPLACE FUNCTION ([a-z_]+)\(/gm)].map(([, name = '']) => name),
    );
    expect(replaceable.length).toBeGreaterThan(25);
    const { rows } = await client.query<{ proname: string }>(
      `SELECT DISTINCT p.proname FROM pg_depend d JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
       WHERE d.classid IN ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass) AND p.pronamespace = 'public'::regnamespace`,
    );
    const bound = rows.map(({ proname }) => proname);
    expect(bound).toContain('ng_normalize');
    expect(bound.filter((name) => replaceable.includes(name))).toEqual([]);
  });
});
