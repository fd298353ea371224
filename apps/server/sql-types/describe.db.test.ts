import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { createDescriber, type Described, type Describer, StatementError } from './describe.ts';
import { OWN_STRICT_FUNCTIONS } from './functions.ts';

let database: TestDatabase;
let client: Client;
let describer: Describer;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client(database.ownerConfig);
  await client.connect();
  await client.query(`
    CREATE TABLE test_parents (id uuid PRIMARY KEY, name text NOT NULL, note text, kind text NOT NULL CHECK (kind IN ('A', 'B')), seen timestamptz,
      shape jsonb NOT NULL DEFAULT '{}');
    CREATE TABLE test_children (id uuid PRIMARY KEY, parent_id uuid NOT NULL, size bigint NOT NULL, tags text[] NOT NULL DEFAULT '{}')`);
  describer = await createDescriber(client, ['test_parents.shape']);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const columnsOf = ({ columns = [] }: Described): Record<string, string> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));
const rowOf = async (text: string): Promise<Record<string, string>> => columnsOf(await describer.describe(text));

describe('a column is NULL where PostgreSQL may give NULL, and only there', () => {
  test.each([
    ['SELECT id, note FROM test_parents', { id: 'string', note: 'string | null' }],
    ['SELECT note FROM test_parents WHERE note IS NOT NULL', { note: 'string' }],
    ["SELECT note FROM test_parents WHERE note = 'x' AND kind = 'A'", { note: 'string' }],
    ["SELECT note FROM test_parents WHERE note = 'x' OR kind = 'A'", { note: 'string | null' }],
    ['SELECT c.size, p.name FROM test_children c JOIN test_parents p ON p.id = c.parent_id', { size: 'number', name: 'string' }],
    [
      'SELECT c.size, p.name FROM test_children c LEFT JOIN test_parents p ON p.id = c.parent_id',
      { size: 'number', name: 'string | null' },
    ],
    [
      'SELECT c.size, p.name FROM test_children c RIGHT JOIN test_parents p ON p.id = c.parent_id',
      { size: 'number | null', name: 'string' },
    ],
    [
      'SELECT c.size, p.name FROM test_children c FULL JOIN test_parents p ON p.id = c.parent_id',
      { size: 'number | null', name: 'string | null' },
    ],
    [
      'SELECT p.name FROM test_children c LEFT JOIN test_parents p ON p.id = c.parent_id WHERE p.id IS NOT NULL',
      { name: 'string' },
    ],
    [
      'SELECT CASE WHEN p.id IS NOT NULL THEN p.name ELSE $1::text END AS name FROM test_children c LEFT JOIN test_parents p ON p.id = c.parent_id',
      { name: 'string | null' },
    ],
    [
      "SELECT CASE WHEN p.id IS NULL THEN 'none' ELSE p.name END AS name FROM test_children c LEFT JOIN test_parents p ON p.id = c.parent_id",
      { name: 'string' },
    ],
    ['SELECT q.name FROM (SELECT p.name FROM test_children c LEFT JOIN test_parents p ON true) q', { name: 'string | null' }],
    ['WITH q AS (SELECT name, note FROM test_parents) SELECT * FROM q', { name: 'string', note: 'string | null' }],
    ['SELECT name FROM test_parents UNION ALL SELECT note FROM test_parents', { name: 'string | null' }],
    ['WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r', { n: 'number' }],
    [
      'WITH RECURSIVE r(n) AS (SELECT name FROM test_parents UNION ALL SELECT (SELECT note FROM test_parents LIMIT 1) FROM r) SELECT n FROM r',
      { n: 'string | null' },
    ],
    [
      'SELECT (SELECT name FROM test_parents LIMIT 1) AS name, (SELECT count(*) FROM test_parents) AS n',
      { name: 'string | null', n: 'number' },
    ],
    ['SELECT max(size) AS most, count(*)::int AS n FROM test_children', { most: 'number | null', n: 'number' }],
    ['SELECT parent_id, max(size) AS most FROM test_children GROUP BY 1', { parent_id: 'string', most: 'number' }],
    [
      'SELECT parent_id, max(size) FILTER (WHERE size > 1) AS most FROM test_children GROUP BY 1',
      { parent_id: 'string', most: 'number | null' },
    ],
    ["SELECT coalesce(note, '') AS a, coalesce(note, seen::text) AS b FROM test_parents", { a: 'string', b: 'string | null' }],
    [
      "SELECT note || 'x' AS a, name || 'x' AS b, nullif(name, '') AS c FROM test_parents",
      { a: 'string | null', b: 'string', c: 'string | null' },
    ],
    [
      "SELECT EXISTS (SELECT FROM test_parents) AS a, note IS NULL AS b, note = 'x' AS c FROM test_parents",
      { a: 'boolean', b: 'boolean', c: 'boolean | null' },
    ],
    ['UPDATE test_parents SET note = NULL WHERE note IS NOT NULL RETURNING id, note', { id: 'string', note: 'string | null' }],
    [
      'SELECT u.id, u.place FROM unnest($1::uuid[]) WITH ORDINALITY AS u (id, place) JOIN test_parents p ON p.id = u.id',
      { id: 'string', place: 'number' },
    ],
    ['SELECT tags, seen FROM test_children, test_parents', { tags: 'string[]', seen: 'Date | null' }],
    [
      "SELECT (shape->'n')::int AS a, substring(name FROM 'x') AS b, substr(name, 1) AS c, concat_ws(' ', note) AS d FROM test_parents",
      { a: 'number | null', b: 'string | null', c: 'string', d: 'string' },
    ],
    ['SELECT extract(epoch FROM now()) AS a, extract(month FROM now()) AS b', { a: 'string', b: 'string | null' }],
    [
      'SELECT lag(size) OVER (ORDER BY id) AS a, row_number() OVER () AS b FROM test_children',
      { a: 'number | null', b: 'number' },
    ],
  ])('%s', async (text, expected) => {
    expect(await rowOf(text)).toEqual(expected);
  });
});

test('a function of ours that is taken for strict gives no NULL for any text', async () => {
  for (const name of OWN_STRICT_FUNCTIONS) {
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM unnest(ARRAY['', ' ', '-', 'É', 'a b', chr(1114109)]) AS t WHERE ${name}(t) IS NULL`,
    );
    expect(rows).toEqual([{ n: 0 }]);
  }
});

describe('what is known beside the type', () => {
  test.each([
    ['SELECT kind FROM test_parents', { kind: "'A' | 'B'" }],
    ["SELECT 'a' AS what UNION ALL SELECT 'b'", { what: "'a' | 'b'" }],
    ["SELECT CASE WHEN note IS NULL THEN 'none' ELSE kind END AS what FROM test_parents", { what: "'none' | 'A' | 'B'" }],
    [
      "SELECT jsonb_build_object('id', id, 'note', note, 'at', seen, 'kind', kind) AS json FROM test_parents",
      { json: '{ "id": string; "note": string | null; "at": string | null; "kind": \'A\' | \'B\' }' },
    ],
    [
      "SELECT coalesce(jsonb_agg(jsonb_build_object('size', size)), '[]') AS list FROM test_children",
      { list: 'Array<{ "size": number }>' },
    ],
    [
      "SELECT shape, shape->'inner' AS inside, shape->>'word' AS word FROM test_parents",
      {
        shape: "ColumnTypes['test_parents.shape']",
        inside: "ColumnTypes['test_parents.shape']['inner'] | null",
        word: "Extract<ColumnTypes['test_parents.shape']['word'], string> | null",
      },
    ],
    ['SELECT to_jsonb(c) AS json FROM test_children c', { json: 'unknown' }],
    ['SELECT NULL::uuid AS id, NULL::text AS word', { id: 'string | null', word: 'string | null' }],
  ])('%s', async (text, expected) => {
    expect(await rowOf(text)).toEqual(expected);
  });

  test('a column that is declared and not there is refused', async () => {
    await expect(createDescriber(client, ['test_parents.gone'])).rejects.toThrow('test_parents.gone');
  });
});

describe('a parameter is what its place takes', () => {
  test.each([
    ['SELECT 1 FROM test_parents WHERE id = $1 AND seen > $2', ['string | null', 'Date | string | null']],
    ['SELECT 1 FROM test_parents WHERE kind = $1', ["'A' | 'B' | null"]],
    ['SELECT 1 FROM test_parents WHERE id = ANY($1::uuid[]) LIMIT $2', ['readonly string[]', 'number | bigint']],
    ['SELECT 1 FROM test_parents WHERE $1::text[] IS NULL OR name = ANY($1)', ['readonly string[] | null']],
    [
      'INSERT INTO test_parents (id, name, note, kind) VALUES ($1, $2, $3, $4)',
      ['string', 'string', 'string | null', "'A' | 'B'"],
    ],
    [
      'UPDATE test_parents SET name = $2, note = $3, kind = $4 WHERE id = $1',
      ['string | null', 'string', 'string | null', "'A' | 'B'"],
    ],
    [
      'INSERT INTO test_parents (id, name, note, kind) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])',
      ['readonly string[]', 'readonly string[]', 'readonly (string | null)[]', "readonly ('A' | 'B')[]"],
    ],
    [
      'WITH r AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(id, note)) UPDATE test_parents p SET note = r.note FROM r WHERE p.id = r.id',
      ['readonly string[]', 'readonly (string | null)[]'],
    ],
    [
      'INSERT INTO test_children (id, parent_id, size) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET size = $3',
      ['string', 'string', 'number | bigint'],
    ],
    ['UPDATE test_parents SET shape = $1', ['string']],
  ])('%s', async (text, expected) => {
    expect((await describer.describe(text)).values).toEqual(expected);
  });
});

describe('what PostgreSQL does not take is told', () => {
  test.each([
    ['SELECT FROM WHERE', 'syntax error'],
    ['SELECT no_such_column FROM test_parents', 'no_such_column'],
    ['SELECT 1 FROM test_parents WHERE id = 1', 'operator does not exist'],
    ['SELECT id, note AS id FROM test_parents', 'Two columns are called id'],
    ['SELECT ARRAY[point(1, 2)] AS p', 'No TypeScript type is known'],
  ])('%s', async (text, message) => {
    const failing = describer.describe(text);
    await expect(failing).rejects.toBeInstanceOf(StatementError);
    await expect(failing).rejects.toThrow(message);
    // The next one is answered as if nothing had been.
    await expect(describer.describe('SELECT 1 AS one')).resolves.toMatchObject({ columns: [{ name: 'one', type: 'number' }] });
  });

  test('a statement changes nothing by being described', async () => {
    await describer.describe("INSERT INTO test_parents (id, name, kind) VALUES (gen_random_uuid(), 'x', 'A')");
    expect((await client.query('SELECT FROM test_parents')).rowCount).toBe(0);
  });
});
