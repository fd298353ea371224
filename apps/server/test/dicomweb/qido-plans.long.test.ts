import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL, ofGroup, UNGROUPED } from '../../src/access/scope.ts';
import { placeOf, type QidoStatement, searchRows } from '../../src/archive/search/qido-repository.ts';
import { qidoSearch } from '../../src/features/dicomweb/qido/keys.ts';
import { parseQidoQuery } from '../../src/features/dicomweb/qido/query.ts';
import type { Plans } from '../../src/platform/db/database.ts';
import { scopeSetting } from '../../src/platform/db/row-scope.ts';
import type { RowOf } from '../../src/platform/db/statements.ts';
import { type ExplainedIndex, openExplainedIndex } from '../support/explained.ts';
import { GENERATED_GROUPS } from '../support/index-requests.ts';

let client: ExplainedIndex['client'];
let plans: string[];
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, plans, close } = await openExplainedIndex());
}, 600_000);
afterAll(() => close());

async function ask({ text, values }: QidoStatement, wanted: Plans): Promise<RowOf<QidoStatement>[]> {
  await client.query(`SET LOCAL enable_sort = ${wanted === 'in-order' ? 'off' : 'on'}`);
  const { rows } = await client.query<RowOf<QidoStatement>>(text, [...values]);
  // A statement's plan is told when it ends: with the next one.
  await client.query('SELECT');
  return rows;
}

const SCOPES = {
  administrator: scopeSetting([ALL]),
  'member of a group': scopeSetting([ofGroup(GENERATED_GROUPS[3] ?? ''), UNGROUPED]),
} as const;

describe.each(Object.entries(SCOPES))('QIDO-RS as %s, at 100,000 studies', (_who, settings) => {
  test.each([
    'PatientName=martin*',
    'PatientName=*ricou*',
    'PatientName=Bernin^Marie',
    'PatientName=martim&fuzzymatching=true',
    'PatientID=NG-2026-000123',
    'PatientID=NG-2026-0001*',
    'StudyDate=20240101-20240131',
    'StudyDate=20240115',
    'StudyDate=20240101-20240131&StudyTime=1200-1300',
    'AccessionNumber=A123',
    'AccessionNumber=*A1234*',
    'ModalitiesInStudy=MG',
    'ModalitiesInStudy=CT&StudyDate=20240101-20240131',
    'StudyInstanceUID=1.2.3,1.2.4',
    '',
  ])('%s reads no table from end to end', async (text) => {
    const query = qidoSearch(parseQidoQuery('studies', new URLSearchParams(`${text}&limit=25`)), true);
    await client.query(`BEGIN; ${settings}`);
    plans.length = 0;
    await searchRows(ask, query, undefined);
    const seen = [...plans];
    const times: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const start = performance.now();
      await searchRows(ask, query, undefined);
      times.push(performance.now() - start);
    }
    await client.query('COMMIT');
    const median = times.sort((a, b) => a - b)[2] ?? 0;
    if (process.env.NEGATOSCOPE_SHOW_TIMES === '1') process.stdout.write(`${text || '(all)'} ${median.toFixed(1)} ms\n`);
    expect(seen.some((plan) => /Index/.test(plan))).toBe(true);
    expect(seen.filter((plan) => /Seq Scan on (patients|studies|name_tokens)/.test(plan))).toEqual([]);
  });

  test.each(['', 'StudyDate=20230101-', 'ModalitiesInStudy=CT'])(
    '“%s” goes on behind a match from there, however far that is',
    async (text) => {
      const query = { ...qidoSearch(parseQidoQuery('studies', new URLSearchParams(text)), true), limit: 500 };
      await client.query(`BEGIN; ${settings}`);
      const { rows } = await searchRows(ask, { ...query, offset: 20_000, limit: 1 }, undefined);
      const after = rows[0] === undefined ? undefined : placeOf(rows[0]);
      plans.length = 0;
      const found = await searchRows(ask, { ...query, ...(after === undefined ? {} : { after }) }, undefined);
      await client.query('COMMIT');
      expect([found.rows.length, found.more]).toEqual([500, true]);
      expect(plans.filter((plan) => /Seq Scan on (patients|studies)/.test(plan))).toEqual([]);
      // By a key of its own other indexes may find fewer.
      if (text === '') expect(plans.some((plan) => /Index Cond: .*study_date <= /.test(plan))).toBe(true);
    },
  );
});
