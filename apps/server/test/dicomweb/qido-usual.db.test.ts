import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL, ofGroup, type Scope, theseStudies, UNGROUPED } from '../../src/access/scope.ts';
import { placeOf, type QidoPlace, type QidoRow, searchRows } from '../../src/archive/search/qido-repository.ts';
import { qidoSearch } from '../../src/features/dicomweb/qido/keys.ts';
import { parseQidoQuery } from '../../src/features/dicomweb/qido/query.ts';
import { searchIndex } from '../../src/features/dicomweb/qido/search-index.ts';
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

describe('a search that goes on behind its last match', () => {
  /** Dates, numbers of series and of instances that several have, and that some have not. */
  beforeAll(async () => {
    await owner.query(`
      UPDATE studies SET study_date = CASE WHEN right(id::text, 1) IN ('1', '2') THEN NULL ELSE DATE '2020-01-17' END WHERE right(id::text, 1) IN ('1', '2', '3', '4');
      INSERT INTO series (id, group_id, study_id, series_instance_uid, series_number)
        SELECT gen_random_uuid(), t.group_id, t.id, t.study_instance_uid || '.' || n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN 7 ELSE n END
        FROM studies t, generate_series(1, 4) AS n WHERE right(t.id::text, 2) IN ('11', '21', '3a', '4b', 'c3');
      INSERT INTO instances (id, group_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, size_bytes, file_sha256)
        SELECT gen_random_uuid(), r.group_id, r.id, r.series_instance_uid || '.' || n, '1', '1', CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN -1 ELSE n END, 1, '\\x00'
        FROM series r, generate_series(1, 5) AS n`);
  });

  const ask: Parameters<typeof searchRows>[0] = async (statement, plans) =>
    (await db.inOneExchange([ofGroup(OWN), UNGROUPED], [statement], plans))[0];
  type Level = Parameters<typeof parseQidoQuery>[0];
  const uidOf = (level: Level, row: QidoRow): string | undefined =>
    ({ studies: row.study_instance_uid, series: row.series_instance_uid, instances: row.sop_instance_uid })[level];
  const queryOf = (level: Level, keys: string) => qidoSearch(parseQidoQuery(level, new URLSearchParams(keys)), true);

  /** In runs of so many; `between` is called before each but the first. */
  async function inRuns(level: Level, keys: string, limit: number, between = async (): Promise<void> => undefined) {
    const found: (string | undefined)[] = [];
    for (let after: QidoPlace | undefined; ; await between()) {
      const { rows, more } = await searchRows(
        ask,
        { ...queryOf(level, keys), limit, ...(after === undefined ? {} : { after }) },
        undefined,
      );
      found.push(...rows.map((row) => uidOf(level, row)));
      const last = rows.at(-1);
      if (!more || last === undefined) return found;
      after = placeOf(last);
    }
  }

  test.each([
    ['studies', '', 97],
    ['studies', 'StudyDate=20200101-20200131', 20],
    ['studies', 'StudyDate=20200101-', 20],
    ['studies', 'Modality=CT', 23],
    ['series', '', 7],
    ['series', 'SeriesNumber=7', 3],
    ['instances', '', 13],
    ['instances', 'InstanceNumber=-1', 4],
  ] as const)(
    'finds of %s by “%s”, %i at a time, what one search finds, in its order (PS3.4 C.4.1)',
    async (level, keys, limit) => {
      const { rows } = await searchRows(ask, { ...queryOf(level, keys), limit: 5_000 }, undefined);
      expect(rows.length).toBeGreaterThan(2 * limit);
      expect(await inRuns(level, keys, limit)).toEqual(rows.map((row) => uidOf(level, row)));
    },
  );

  /** Who each finds, in the order of the answer: all that one statement over the whole table gives. */
  test.each([
    ['all', [ALL]],
    ['most of what there is', [ofGroup(OWN), UNGROUPED]],
    ['half of it', [UNGROUPED]],
    ['a quarter', [ofGroup(OTHER)]],
    ['a few', () => [theseStudies(shared.slice(0, 40))]],
    ['nothing', []],
  ] as const)('whoever sees %s finds it along the order, each once, whatever stands between (PS3.4 C.4.1)', async (_what, of) => {
    const scope: Scope = typeof of === 'function' ? of() : of;
    const keys = new URLSearchParams({ StudyDate: '', PatientName: '', PatientID: '', StudyInstanceUID: '' });
    const { rows } = await owner.query<{ uid: string; group_id: string | null; id: string }>(
      `SELECT t.study_instance_uid AS uid, t.group_id, t.id FROM studies t JOIN patients p ON p.id = t.patient_id
       WHERE t.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY t.study_date DESC NULLS LAST, t.id`,
    );
    const isSeen = (arm: Scope[number], { group_id: group, id }: { group_id: string | null; id: string }): boolean =>
      arm.kind === 'all' ||
      (arm.kind === 'ungrouped' && group === null) ||
      (arm.kind === 'group' && arm.ids.some((one) => one === group)) ||
      (arm.kind === 'studies' && arm.ids.some((one) => one === id));
    const wanted = rows.filter((row) => scope.some((arm) => isSeen(arm, row))).map(({ uid }) => uid);
    const found: unknown[] = [];
    const { columns, runs } = searchIndex(db, scope, { level: 'studies', keys });
    for await (const rows of runs) found.push(...rows.map((row) => columns.get('0020000D')?.of(row)));
    expect(found).toEqual(wanted);
  });

  test.each([['0020000D'], ['0020000D', '00100030'], ['0020000D', '00100040'], ['0020000D', '00100030', '00081030']])(
    'of each attribute that is asked for the value is there, whatever else is asked for: %s %s %s',
    async (...tags) => {
      const asked = async (all: readonly string[]) => {
        const keys = new URLSearchParams(all.map((tag): [string, string] => [tag, '']));
        const { columns, runs } = searchIndex(db, [ALL], { level: 'studies', keys });
        const found: unknown[] = [];
        for await (const rows of runs) found.push(...rows.map((row) => tags.map((tag) => columns.get(tag)?.of(row))));
        return found;
      };
      const found = await asked(tags);
      expect(found).toHaveLength(1200);
      expect(found).toEqual(await asked(['0020000D', '00100030', '00100040', '00081030', '00080090']));
      for (const at of tags.keys()) expect(new Set(found.map((values) => (values as unknown[])[at])).size).toBeGreaterThan(1);
    },
  );

  test('of one run nothing is held once the next is asked for', async () => {
    const keys = new URLSearchParams([['0020000D', '']]);
    const lengths: number[] = [];
    const all: (readonly QidoRow[])[] = [];
    for await (const rows of searchIndex(db, [ALL], { level: 'studies', keys }).runs) {
      lengths.push(rows.length);
      all.push(rows);
    }
    expect([lengths.reduce((sum, length) => sum + length), lengths.length > 2]).toEqual([1200, true]);
    expect(all.map(({ length }) => length)).toEqual(all.map(() => 0));
  });

  test('a walk along the order reads no more than twice what is wanted, and leaves the rest to another search', async () => {
    const [first] = (await searchRows(ask, { ...queryOf('studies', ''), limit: 1 }, undefined)).rows;
    const tags = new Set(['0020000D']);
    const walk = { ...queryOf('studies', ''), tags, along: true, ...(first === undefined ? {} : { after: placeOf(first) }) };
    const far = await searchRows(
      async (statement, plans) => (await db.asking([ofGroup(OTHER)], [statement], plans))[0],
      { ...walk, limit: 100 },
      undefined,
    );
    const near = await searchRows(ask, { ...walk, limit: 100 }, undefined);
    expect([far.more, far.isThin, far.rows.length < 100]).toEqual([true, true, true]);
    expect([near.more, near.isThin, near.rows.length]).toEqual([true, undefined, 100]);
  });

  test('neither loses nor doubles one while others come before and behind it', async () => {
    const before = (await searchRows(ask, { ...queryOf('studies', ''), limit: 5_000 }, undefined)).rows;
    let more = 0;
    const found = await inRuns('studies', '', 50, async () => {
      more += 1;
      await owner.query(
        `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date)
           SELECT gen_random_uuid(), t.group_id, t.patient_id, '2.25.9' || $1::integer || row_number() OVER (), d.date
           FROM (SELECT group_id, patient_id FROM studies WHERE group_id IS NULL LIMIT 1) t, (VALUES (DATE '2030-01-01'), (DATE '2020-01-17'), (NULL)) AS d (date)`,
        [more],
      );
    });
    expect(more).toBeGreaterThan(5);
    expect(found).toHaveLength(new Set(found).size);
    const known = new Set(before.map((row) => row.study_instance_uid));
    expect(found.filter((one) => known.has(one ?? ''))).toEqual(before.map((row) => row.study_instance_uid));
  });
});
