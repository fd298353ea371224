import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExplainedIndex, openExplainedIndex } from '../../../test/support/explained.ts';
import { GENERATED_GROUPS, INDEX_REQUESTS } from '../../../test/support/index-requests.ts';
import { ALL, ofGroup, UNGROUPED } from '../../access/scope.ts';
import { inScope } from '../../archive/in-scope.ts';
import { type IndexListRequest, type Listed, listedBy, listOf, pageOf } from '../../archive/search/index-list.ts';
import { SYSTEM_SCOPE } from '../../platform/db/database.ts';
import { scopeSetting } from '../../platform/db/row-scope.ts';

let client: ExplainedIndex['client'];
let plans: string[];
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, plans, close } = await openExplainedIndex());
}, 600_000);
afterAll(() => close());

/** The next cursor of one page, asked for as the services do. */
async function ask(request: IndexListRequest): Promise<string | null> {
  const { finder, values } = listOf(request, SYSTEM_SCOPE);
  const join = `${request.kind} r ON r.id = wanted.id`;
  const text = listedBy(finder, { columns: 'r.id', join, where: inScope(request.kind, 'r', 3) });
  const { rows } = await client.query<Listed<object>>(text, values);
  return pageOf(request, rows, (row) => row).nextCursor;
}

const SCOPES = {
  administrator: scopeSetting([ALL]),
  'member of a group': scopeSetting([ofGroup(GENERATED_GROUPS[3] ?? ''), UNGROUPED]),
  researcher: scopeSetting([ofGroup(GENERATED_GROUPS[3] ?? '')]),
} as const;

describe.each(Object.entries(SCOPES))('as %s, at 100,000 patients', (who, settings) => {
  test.each(Object.entries(INDEX_REQUESTS))('%s reads no table from end to end', async (_name, request) => {
    await client.query(`BEGIN; ${settings}`);
    plans.length = 0;
    const whole = { filters: {}, ...request, limit: 25, pseudonyms: who === 'researcher' };
    const cursor = await ask(whole);
    const first = [...plans];
    if (cursor !== null) await ask({ ...whole, cursor });
    await client.query('COMMIT');
    // A filter that would tell a researcher something is false before any row is read.
    expect(first.some((plan) => /Index|One-Time Filter: false/.test(plan))).toBe(true);
    expect(plans.filter((plan) => /Seq Scan on (patients|studies|name_tokens)/.test(plan))).toEqual([]);
  });
});

test.each([
  ['administrator', /studies_by_status(?!_group)/],
  ['member of a group', /studies_by_status_group/],
] as const)(
  'the worklist of a status meets studies of that status only, in the order of their dates, for a %s',
  async (who, index) => {
    await client.query(`BEGIN; ${SCOPES[who]}`);
    plans.length = 0;
    const filters = { status: 'TO_READ', modality: 'CT' };
    await ask({ kind: 'studies', sort: '-studyDate', limit: 25, filters, pseudonyms: false });
    await client.query('COMMIT');
    const walks = plans.filter((plan) => /Index Scan Backward/.test(plan) && /LIMIT '?4000/.test(plan));
    expect(walks.length).toBeGreaterThan(0);
    for (const walk of walks) expect(walk).toMatch(index);
  },
);
