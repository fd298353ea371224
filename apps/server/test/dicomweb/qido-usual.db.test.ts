import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL, ofGroup, type Scope, theseStudies, UNGROUPED } from '../../src/access/scope.ts';
import { searchRows } from '../../src/archive/search/qido-repository.ts';
import { qidoSearch } from '../../src/features/dicomweb/qido/keys.ts';
import { parseQidoQuery } from '../../src/features/dicomweb/qido/query.ts';
import { type Db, openDatabase } from '../../src/platform/db/database.ts';
import { scopeSetting } from '../../src/platform/db/row-scope.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { fillRows } from '../support/generated-rows.ts';
import { GENERATED_GROUPS } from '../support/index-requests.ts';
import { isLong } from '../support/sample.ts';

type Key = Readonly<Record<string, string | readonly string[]>>;

const [OWN = '', OTHER = ''] = GENERATED_GROUPS;
const LONG = 'RAMANANTSOA'.repeat(12);

let database: TestDatabase;
let owner: pg.Client;
let db: Db;
/** Three in seven studies, of whatever partition. */
let shared: string[] = [];
let names: { family: string; given: string; id: string }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  db = openDatabase({ connection: database.appConfig, poolSize: 2 });
  await fillRows(owner, { patients: 600, studies: 1200, groups: GENERATED_GROUPS.slice(0, 2) });
  const rename = (count: number, offset: number, name: string) =>
    owner.query(
      'UPDATE patients SET family_name = $1, given_name = $2, person_name = $3 WHERE id IN (SELECT id FROM patients ORDER BY id LIMIT $4 OFFSET $5)',
      [name.split('^')[0], name.split('^')[1]?.split('=')[0], name, count, offset],
    );
  await rename(8, 0, 'VON MÜLLER^Jörg=山田^太郎=やまだ^たろう');
  await rename(8, 8, `${LONG}^Anne`);
  await rename(8, 16, `${LONG}^Hanta`);
  shared = (await owner.query<{ id: string }>('SELECT id FROM studies ORDER BY id')).rows.flatMap(({ id }, at) =>
    at % 7 < 3 ? [id] : [],
  );
  ({ rows: names } = await owner.query(
    'SELECT family_name AS family, given_name AS given, coalesce(external_id, record_number) AS id FROM patients ORDER BY id LIMIT 10 OFFSET 24',
  ));
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await database.drop();
});

const name = (value: string): Key => ({ tag: '00100010', op: 'name', value });
const uids = (...values: string[]): Key => ({ tag: '0020000D', op: 'in', values });
const dates = (from: string | undefined, to: string | undefined): Key => ({
  tag: '00080020',
  op: 'date',
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const keys = (): Key[] => [
  ...names.flatMap(({ family, given }) => [
    name(`${family}%`),
    name(`${family} ${given}`),
    name(`${family} ${given.slice(0, 2)}%`),
    name(`%${family.slice(1, 6)}%`),
    name(`${family.slice(0, 5)}_%`),
  ]),
  ...['von müller jö%', 'VON MULLER%', '山田 太%', '%田%', 'やまだ たろう%', '% %', '', "o'brien%", '\\%\\%', 'von     mul%'].map(
    name,
  ),
  ...[`${LONG}%`, `${LONG} an%`, `${LONG} hanta`, `${LONG.slice(0, 120)}%`, `${LONG.slice(0, 30)}`].map(name),
  ...names.map(({ id }): Key => ({ tag: '00100020', op: 'in', values: [id] })),
  { tag: '00100020', op: 'in', values: names.map(({ id }) => id) },
  { tag: '00100020', op: 'in', values: [] },
  dates('2020-01-01', '2020-01-31'),
  dates('2020-01-31', '2020-01-01'),
  dates('2019-01-01', '2020-01-31'),
  dates('2020-01-01', undefined),
  dates(undefined, '2016-01-01'),
  uids('2.25.1000007'),
  uids('2.25.1000007', '2.25.1000008', '1.2.3'),
];

/** Settings of a transaction, as the repository makes them. */
const SCOPES = {
  'an administrator': () => [ALL],
  'a member of a group': () => [ofGroup(OWN), UNGROUPED],
  'a researcher': () => [ofGroup(OWN)],
  'one without a group': () => [UNGROUPED],
  'a link to studies of all partitions': () => [theseStudies(shared)],
  'a member of a group who has a link too': () => [ofGroup(OWN), theseStudies(shared)],
} as const satisfies Record<string, () => Scope>;

/** Ids by the function, by the statement that is planned for the very values, and whether the key is one of the usual. */
async function both(level: string, key: Key, rest: object): Promise<{ ids: string[]; planned: string[]; isUsual: boolean }> {
  const f = JSON.stringify({ keys: [key], limit: 50, offset: 0, ...rest });
  const { rows } = await owner.query<{ ids: string[]; statement: string | null; usual: boolean }>(
    `SELECT to_json(qido_search($1, $2)) AS ids, qido_statement($1, $2) AS statement, qido_usual($1, $3, $2) IS NOT NULL AS usual`,
    [level, f, JSON.stringify(key)],
  );
  const { ids = [], statement = null, usual = false } = rows[0] ?? {};
  const planned = statement === null ? [] : (await owner.query<{ id: string }>(statement)).rows.map(({ id }) => id);
  return { ids, planned, isUsual: usual };
}

describe.each(Object.entries(SCOPES))('for %s', (_who, scopeOf) => {
  test('the usual searches find what the statement for the very values finds, in its order (PS3.18 10.6)', async () => {
    await owner.query(`BEGIN; ${scopeSetting(scopeOf())}`);
    let [usual, found] = [0, 0];
    for (const [place, key] of [...keys()].entries()) {
      for (const [at, rest] of [{}, { groupId: OWN }, { groupId: OTHER }, { offset: 2, limit: 3 }].entries()) {
        if (!isLong && (place + at) % 2 === 1) continue;
        for (const level of key.tag === '0020000D' ? ['studies', 'series'] : ['studies']) {
          const { ids, planned, isUsual } = await both(level, key, rest);
          expect(ids, JSON.stringify({ level, key, rest })).toEqual(planned);
          usual += isUsual ? 1 : 0;
          found += ids.length;
        }
      }
    }
    await owner.query('COMMIT');
    expect(usual).toBeGreaterThan(isLong ? 200 : 100);
    expect(found).toBeGreaterThan(isLong ? 100 : 50);
  });

  test('studies of some days are those that the statement for the very values finds, in its order (PS3.18 10.6, PS3.4 C.2.2.2.5)', async () => {
    const ask: Parameters<typeof searchRows>[0] = async (statement, plans) =>
      (await db.inOneExchange(scopeOf(), [statement], plans))[0];
    let found = 0;
    for (const range of [
      '20200101-20200131',
      '20200101-20200131&limit=3',
      '20200110-20200120&limit=3&offset=2',
      '20200117',
      '20200131-20200101',
    ]) {
      for (const groupId of [undefined, OWN, OTHER]) {
        const query = qidoSearch(parseQidoQuery('studies', new URLSearchParams(`StudyDate=${range}`)), true);
        const { rows, more } = await searchRows(ask, query, groupId);
        // Two keys are none of the usual searches: the same studies found another way.
        const other = { ...query, keys: [...query.keys, ...query.keys] };
        expect({ rows, more }, `${range} ${groupId}`).toEqual(await searchRows(ask, other, groupId));
        found += rows.length;
      }
    }
    expect(found).toBeGreaterThan(0);
  });
});
