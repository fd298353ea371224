import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { fillRows } from '../../../test/support/generated-rows.ts';
import { GENERATED_GROUPS, INDEX_REQUESTS } from '../../../test/support/index-requests.ts';

const [OWN = ''] = GENERATED_GROUPS;
const PAGE = 25;

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  await fillRows(owner, { patients: 6_000, studies: 12_000, groups: GENERATED_GROUPS.slice(0, 3) });
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
  'an administrator': { scope: 'all', group: '', ungrouped: 'on', pseudonyms: false },
  'a member of a group': { scope: 'group', group: OWN, ungrouped: 'on', pseudonyms: false },
  'a researcher': { scope: 'group', group: OWN, ungrouped: 'off', pseudonyms: true },
  'one without a group': { scope: 'group', group: '', ungrouped: 'on', pseudonyms: false },
} as const;

async function listed(kind: string, f: Filter): Promise<Found> {
  const { rows } = await owner.query<Found>('SELECT ids, keys, total FROM ng_list($1, $2)', [kind, JSON.stringify(f)]);
  return rows[0] ?? { ids: [], keys: [], total: 0 };
}

/** Every row that fits, in order, by one statement over the whole table. */
async function every(kind: string, f: Filter): Promise<string[]> {
  const live = kind === 'patients' ? 'deleted_at IS NULL AND merged_into IS NULL' : 'deleted_at IS NULL';
  const column = f.pseudonyms === false ? 'search_text' : kind === 'patients' ? 'ng_normalize(record_number)' : 'public_text';
  const { rows } = await owner.query<{ statement: string }>(
    `SELECT format('SELECT id FROM %I WHERE (%s) AND %s ORDER BY %s %6$s, id %6$s', $1::text, coalesce(nullif(array_to_string(ng_scope_arms(($2::jsonb->>'groupId')::uuid), ' OR '), ''), 'false'),
       $3 || ng_filters($1, $2, $4) || coalesce((SELECT string_agg(' AND ' || ng_word_condition($5, w, '{}', false), '') FROM unnest(ng_words($2::jsonb->>'q')) w), ''),
       (ng_sort_key($1, $2::jsonb->>'sort', $4)).key, NULL, CASE WHEN ($2::jsonb->>'descending')::boolean THEN 'DESC' ELSE 'ASC' END) AS statement`,
    [kind, JSON.stringify(f), live, f.pseudonyms, column],
  );
  return (await owner.query<{ id: string }>(rows[0]?.statement ?? '')).rows.map(({ id }) => id);
}

const REQUESTS = Object.entries(INDEX_REQUESTS).filter(([name]) => !name.includes('typo') && !name.includes('nothing'));

describe.each(Object.entries(SCOPES))('lists for %s', (_who, { scope, group, ungrouped, pseudonyms }) => {
  test('have on each page the rows that come next in the whole table, and say how many there are up to 1,000', async () => {
    await owner.query(
      `SELECT set_config('negatoscope.scope', '${scope}', false), set_config('negatoscope.group_id', '${group}', false), set_config('negatoscope.ungrouped', '${ungrouped}', false)`,
    );
    let met = 0;
    for (const [name, { kind, sort, q, filters }] of REQUESTS) {
      for (const descending of [true, false]) {
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
    expect(met).toBeGreaterThan(500);
  });
});
