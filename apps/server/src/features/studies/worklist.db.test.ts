import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createIndexApp,
  GROUP_A,
  GROUP_B,
  type IndexApp,
  seedPatient,
  seedStudy,
  type Who,
} from '../../../test/support/index-app.ts';

let index: IndexApp;
beforeAll(async () => {
  index = await createIndexApp();
});
afterAll(() => index.close());

/** Every page of a list, two rows at a time, so that the order holds across cursors. */
async function pages(who: Who, url: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let cursor = ''; ; ) {
    const { status, json } = await index.ask(who, 'GET', `${url}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    rows.push(...json.items);
    if (json.nextCursor === null) return rows;
    cursor = json.nextCursor;
  }
}

describe('the worklist', () => {
  const TIMES = [
    ['1', '2026-02-03', '08:15:00'],
    ['2', '2026-02-03', '17:40:30.5'],
    ['3', '2026-02-03', null],
    ['4', '2026-02-04', '07:00:00'],
    ['5', '2026-02-03', '08:15:00.25'],
    ['6', null, null],
    ['7', '2026-02-02', '23:59:59.999999'],
    ['8', null, '12:00:00'],
    ['9', '2026-02-03', 'in the morning'],
  ] as const;
  beforeAll(async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Hours' });
    for (const [number, date, time] of TIMES) {
      const { id } = await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: `1.2.826.77.${number}`, date });
      await index.owner.query('UPDATE studies SET study_time = $2 WHERE id = $1', [id, time]);
    }
  });
  const order = async (who: Who, query: string): Promise<string> =>
    (await pages(who, `/api/studies?${query}`)).map((study) => String(study.studyInstanceUid).split('.').at(-1)).join('');

  test.each(['RADIOLOGIST@A', 'ADMIN@-', 'RESEARCHER@A'] as const)(
    'has the days of %s in the order of their times',
    async (who) => {
      // Newest first; a study without a time begins its day, one without a date comes last. Of equal moments the later stored comes first.
      expect(await order(who, 'sort=-studyDate')).toBe('425193786');
      expect(await order(who, 'sort=studyDate')).toBe([...(await order(who, 'sort=-studyDate'))].reverse().join(''));
    },
  );

  test('has a day from its first to its last moment, and nothing without a date', async () => {
    expect(await order('RADIOLOGIST@A', 'sort=-studyDate&from=2026-02-03&to=2026-02-03')).toBe('25193');
    expect(await order('RADIOLOGIST@A', 'sort=studyDate&to=2026-02-02')).toBe('7');
    expect(await order('RADIOLOGIST@A', 'sort=studyDate&from=2026-02-04')).toBe('4');
  });

  test('refuses a cursor whose moment is none', async () => {
    for (const key of ['2026-02-31 08:00:00', '2026-02-03 24:00:00', '2026-02-03', 'noon']) {
      const cursor = Buffer.from(JSON.stringify(['-studyDate', key, GROUP_A, 0])).toString('base64url');
      const answer = await index.ask('RADIOLOGIST@A', 'GET', `/api/studies?sort=-studyDate&cursor=${cursor}`);
      expect([key, answer.status, answer.json.code]).toEqual([key, 400, 'BAD_CURSOR']);
    }
  });
});

test('who has no name comes behind all names, among patients and in the worklist', async () => {
  for (const [number, familyName] of ['', 'Żyła', '李', 'Aaron'].entries()) {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_B, familyName, givenName: '' });
    await seedStudy(index.owner, { patientId, groupId: GROUP_B, uid: `1.2.826.78.${number}` });
  }
  const names = (await pages('STAFF@B', '/api/patients?sort=name')).map(({ lastName }) => lastName);
  expect([names[0], names.at(-1), names.length]).toEqual(['Aaron', '', 4]);
  const studies = await pages('STAFF@B', '/api/studies?sort=patientName');
  expect(studies.map(({ patient }) => (patient as { lastName: string }).lastName)).toEqual(names);
});

test('the modalities are those in scope, without the trash, each once', async () => {
  const of = async (who: Who) => (await index.ask(who, 'GET', '/api/studies/modalities')).json;
  const seed = async (groupId: string | null, modality: string, number: number) => {
    const patientId = await seedPatient(index.owner, { groupId, familyName: `Modality ${modality}` });
    return seedStudy(index.owner, { patientId, groupId, uid: `1.2.826.79.${number}`, modality });
  };
  await seed(GROUP_A, 'SEG', 1);
  await seed(GROUP_A, 'SEG', 2);
  await seed(GROUP_B, 'ECG', 3);
  await seed(null, 'SR', 4);
  await seed(GROUP_A, 'of Mrs Hours', 5);
  const { id } = await seed(GROUP_A, 'MG', 6);
  await index.owner.query('UPDATE studies SET deleted_at = now() WHERE id = $1', [id]);
  expect(await of('RADIOLOGIST@A')).toEqual({ items: ['CT', 'SEG', 'SR', 'of Mrs Hours'] });
  expect(await of('STAFF@B')).toEqual({ items: ['CT', 'ECG', 'SR'] });
  expect(await of('ADMIN@-')).toEqual({ items: ['CT', 'ECG', 'SEG', 'SR', 'of Mrs Hours'] });
  // Free text where a code belongs may name somebody; who is without a group sees nothing.
  expect(await of('RESEARCHER@A')).toEqual({ items: ['CT', 'SEG'] });
  expect(await of('RESEARCHER@-')).toEqual({ items: [] });
});
