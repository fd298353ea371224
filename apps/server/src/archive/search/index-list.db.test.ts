import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { fillRows } from '../../../test/support/generated-rows.ts';
import { GENERATED_GROUPS, INDEX_REQUESTS } from '../../../test/support/index-requests.ts';
import { isLong } from '../../../test/support/sample.ts';
import { ALL, ofGroup, type Scope, theseStudies, UNGROUPED } from '../../access/scope.ts';
import { scopeSetting } from '../../platform/db/row-scope.ts';

const [OWN = '', OTHER = ''] = GENERATED_GROUPS;
const PAGE = 25;

let database: TestDatabase;
let owner: pg.Client;
/** Every eighth study, of whatever partition: more than are counted. */
let shared: string[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  // An eighth of them is more than are counted.
  const studies = isLong ? 12_000 : 8_400;
  await fillRows(owner, { patients: studies / 2, studies, groups: GENERATED_GROUPS.slice(0, 3) });
  shared = (await owner.query<{ id: string }>('SELECT id FROM studies ORDER BY id')).rows.flatMap(({ id }, at) =>
    at % 8 === 0 ? [id] : [],
  );
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

type Filter = Readonly<Record<string, string | number | boolean>>;
interface Found {
  readonly ids: string[];
  readonly keys: string[];
  readonly total: number;
}

/** Scopes as the repository sets them. */
const SCOPES = {
  'an administrator': { scope: () => [ALL], pseudonyms: false },
  'a member of a group': { scope: () => [ofGroup(OWN), UNGROUPED], pseudonyms: false },
  'a member of two groups': { scope: () => [ofGroup(OWN), ofGroup(OTHER)], pseudonyms: false },
  'a researcher': { scope: () => [ofGroup(OWN)], pseudonyms: true },
  'one without a group': { scope: () => [UNGROUPED], pseudonyms: false },
  'a link to studies of all partitions': { scope: () => [theseStudies(shared)], pseudonyms: false },
  'a member of a group who has a link too': { scope: () => [ofGroup(OWN), theseStudies(shared)], pseudonyms: false },
} as const satisfies Record<string, { scope: () => Scope; pseudonyms: boolean }>;

async function listed(kind: string, f: Filter): Promise<Found> {
  const { rows } = await owner.query<Found>('SELECT ids, keys, total FROM ng_list($1, $2)', [kind, JSON.stringify(f)]);
  return rows[0] ?? { ids: [], keys: [], total: 0 };
}

/** Every row that fits, in order, by one statement over the whole table. */
async function every(kind: string, f: Filter): Promise<string[]> {
  const live = kind === 'patients' ? 'deleted_at IS NULL AND merged_into IS NULL' : 'deleted_at IS NULL';
  const column = f.pseudonyms === false ? 'search_text' : kind === 'patients' ? 'ng_normalize(record_number)' : 'public_text';
  const { rows } = await owner.query<{ statement: string }>(
    `SELECT format('SELECT id FROM %I WHERE (%s) AND %s ORDER BY %s %6$s, id %6$s', $1::text, coalesce(nullif(array_to_string(ng_scope_arms(($2::jsonb->>'groupId')::uuid, $1, ''), ' OR '), ''), 'false'),
       $3 || ng_filters($1, $2, $4) || coalesce((SELECT string_agg(' AND ' || ng_word_condition($5, w, '{}', false), '') FROM unnest(ng_words($2::jsonb->>'q')) w), ''),
       (ng_sort_key($1, $2::jsonb->>'sort', $4)).key, NULL, CASE WHEN ($2::jsonb->>'descending')::boolean THEN 'DESC' ELSE 'ASC' END) AS statement`,
    [kind, JSON.stringify(f), live, f.pseudonyms, column],
  );
  return (await owner.query<{ id: string }>(rows[0]?.statement ?? '')).rows.map(({ id }) => id);
}

const REQUESTS = Object.entries(INDEX_REQUESTS).filter(([name]) => !name.includes('typo') && !name.includes('nothing'));

describe.each(Object.entries(SCOPES))('lists for %s', (_who, { scope, pseudonyms }) => {
  test('have on each page the rows that come next in the whole table, and say how many there are up to 1,000', async () => {
    await owner.query(scopeSetting(scope()).replace('SET LOCAL', 'SET'));
    let met = 0;
    for (const [place, [name, { kind, sort, q, filters }]] of REQUESTS.entries()) {
      // In one of the two directions in `npm test`.
      for (const descending of isLong ? [true, false] : [place % 2 === 0]) {
        const f = {
          ...filters,
          ...(q === undefined ? {} : { q }),
          sort: sort.replace(/^-/, ''),
          descending,
          limit: PAGE,
          pseudonyms,
        };
        const wanted = await every(kind, f);
        // Fewer than five are completed by what else may have been meant.
        if (q !== undefined && wanted.length < 5) continue;
        const first = await listed(kind, f);
        expect(first.ids, name).toEqual(wanted.slice(0, PAGE));
        expect(first.total, name).toBe(Math.min(wanted.length, 1001));
        met += first.ids.length;
        if (wanted.length <= PAGE) continue;
        const after = { afterKey: first.keys[PAGE - 1] ?? '', afterId: first.ids[PAGE - 1] ?? '', many: first.total > 1000 };
        const second = await listed(kind, { ...f, ...after });
        expect(second.ids, `${name}, second page`).toEqual(wanted.slice(PAGE, 2 * PAGE));
      }
    }
    expect(met).toBeGreaterThan(isLong ? 500 : 200);
  });
});
