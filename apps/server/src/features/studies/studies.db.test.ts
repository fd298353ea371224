import { ReadingStatus, StudyDetail } from '@negatoscope/contract';
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
import { patientStatusOf } from '../../archive/records/reading-status.ts';

let index: IndexApp;
beforeAll(async () => {
  index = await createIndexApp();
});
afterAll(() => index.close());

const patientRow = async (id: string) =>
  (await index.owner.query('SELECT study_count, status, last_study_at::text, modalities FROM patients WHERE id = $1', [id]))
    .rows[0];

describe('which study a UID means', () => {
  const UID = '1.2.826.1';
  beforeAll(async () => {
    for (const groupId of [GROUP_A, GROUP_B, null]) {
      const patientId = await seedPatient(index.owner, { groupId, familyName: 'Twin' });
      await seedStudy(index.owner, { patientId, groupId, uid: UID });
    }
    const patientId = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'OnlyB' });
    await seedStudy(index.owner, { patientId, groupId: GROUP_B, uid: '1.2.826.2' });
  });

  test('that of the own group first, then the ungrouped', async () => {
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/studies/${UID}`)).json.groupId).toBe(GROUP_A);
    expect((await index.ask('RADIOLOGIST@-', 'GET', `/api/studies/${UID}`)).json.groupId).toBeNull();
    expect((await index.ask('RESEARCHER@B', 'GET', `/api/studies/${UID}`)).json.groupId).toBe(GROUP_B);
    expect(StudyDetail.parse((await index.ask('RADIOLOGIST@A', 'GET', `/api/studies/${UID}`)).json).series).toHaveLength(1);
  });

  test('none out of scope: 404 as for an unknown UID, also when the group is named', async () => {
    const unknown = await index.ask('RADIOLOGIST@A', 'GET', '/api/studies/1.2.3.4.5');
    for (const url of [
      '/api/studies/1.2.826.2',
      `/api/studies/1.2.826.2?groupId=${GROUP_B}`,
      `/api/studies/${UID}?groupId=${GROUP_B}`,
      '/api/studies/..%2f..',
    ]) {
      const answer = await index.ask('RADIOLOGIST@A', 'GET', url);
      expect([answer.status, answer.text]).toEqual([404, unknown.text]);
    }
    expect((await index.ask('RESEARCHER@-', 'GET', `/api/studies/${UID}`)).text).toBe(unknown.text);
    expect((await index.ask('RADIOLOGIST@A', 'PATCH', '/api/studies/1.2.826.2', { status: 'VALIDATED' })).text).toBe(
      unknown.text,
    );
  });

  test('for an administrator several are AMBIGUOUS_UID until the group is named', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      const answer = await index.ask(
        'ADMIN@A',
        method,
        `/api/studies/${UID}`,
        method === 'PATCH' ? { status: 'VALIDATED' } : undefined,
      );
      expect([answer.status, answer.json.code]).toEqual([409, 'AMBIGUOUS_UID']);
    }
    expect((await index.ask('ADMIN@A', 'GET', `/api/studies/${UID}?groupId=${GROUP_B}`)).json.groupId).toBe(GROUP_B);
    expect((await index.ask('ADMIN@A', 'GET', '/api/studies/1.2.826.2')).json.groupId).toBe(GROUP_B);
  });

  test('one look at a study leaves one event a session', async () => {
    for (let time = 0; time < 3; time += 1) await index.ask('PHYSICIAN@A', 'GET', `/api/studies/${UID}`);
    const events = await index.owner.query(
      "SELECT count(*)::int AS n FROM audit_events WHERE action = 'study.read' AND group_id = $1 AND actor_id = $2",
      [
        GROUP_A,
        (await index.owner.query("SELECT actor_id FROM audit_events WHERE action = 'study.read' ORDER BY id DESC LIMIT 1"))
          .rows[0].actor_id,
      ],
    );
    expect(events.rows).toEqual([{ n: 1 }]);
  });
});

describe('reading', () => {
  test('the status sets and takes back its times, and the patient follows', async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Reader' });
    await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: '1.2.826.10' });
    const set = async (status: string) => (await index.ask('RADIOLOGIST@A', 'PATCH', '/api/studies/1.2.826.10', { status })).json;
    index.now = new Date('2026-03-02T09:00:00Z');
    expect(await set('IN_PROGRESS')).toMatchObject({
      firstOpenedAt: '2026-03-02T09:00:00.000Z',
      readAt: null,
      validatedAt: null,
    });
    expect(await patientRow(patientId)).toMatchObject({ status: 'IN_PROGRESS' });
    index.now = new Date('2026-03-02T10:00:00Z');
    expect(await set('VALIDATED')).toMatchObject({
      firstOpenedAt: '2026-03-02T09:00:00.000Z',
      readAt: '2026-03-02T10:00:00.000Z',
      validatedAt: '2026-03-02T10:00:00.000Z',
    });
    expect(await patientRow(patientId)).toMatchObject({ status: 'VALIDATED' });
    expect(await set('ARCHIVED')).toMatchObject({ validatedAt: '2026-03-02T10:00:00.000Z' });
    expect(await set('TO_READ')).toMatchObject({ firstOpenedAt: '2026-03-02T09:00:00.000Z', readAt: null, validatedAt: null });
    expect(await patientRow(patientId)).toMatchObject({ status: 'TO_READ' });
    const events = await index.owner.query(
      "SELECT details FROM audit_events WHERE action = 'study.updated' AND patient_id = $1 ORDER BY details->>'status'",
      [patientId],
    );
    const told = ['ARCHIVED', 'IN_PROGRESS', 'TO_READ', 'VALIDATED'];
    expect(events.rows).toEqual(told.map((status) => ({ details: { fields: ['status'], status } })));
  });

  test('marks as read or validated, and takes that back, only who validates; the desk does the rest', async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Desk' });
    await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: '1.2.826.11' });
    const set = async (who: Who, status: string) => (await index.ask(who, 'PATCH', '/api/studies/1.2.826.11', { status })).status;
    expect(await set('STAFF@A', 'IN_PROGRESS')).toBe(200);
    expect([await set('STAFF@A', 'VALIDATED'), await set('ADMIN@-', 'VALIDATED')]).toEqual([403, 403]);
    expect((await index.ask('STAFF@A', 'GET', '/api/studies/1.2.826.11')).json).toMatchObject({
      status: 'IN_PROGRESS',
      readAt: null,
    });
    expect(await set('PHYSICIAN@A', 'VALIDATED')).toBe(200);
    expect([await set('STAFF@A', 'TO_READ'), await set('ADMIN@-', 'IN_PROGRESS')]).toEqual([403, 403]);
    // Archiving keeps who read it; what is validated in the archive is validated still.
    expect(await set('STAFF@A', 'ARCHIVED')).toBe(200);
    expect(await set('STAFF@A', 'TO_READ')).toBe(403);
    expect(await set('RADIOLOGIST@A', 'TO_READ')).toBe(200);
  });

  const SETS: ReadingStatus[][] = [
    [],
    ['VALIDATED'],
    ['VALIDATED', 'TO_READ'],
    ['IN_PROGRESS', 'ARCHIVED'],
    ['ARCHIVED'],
    ['VALIDATED', 'IN_PROGRESS'],
  ];
  test.each(SETS.flatMap((studies) => ReadingStatus.options.map((current) => ({ studies, current }))))(
    'the rule of the policy is the database’s: $current with studies $studies',
    async ({ studies, current }) => {
      const patientId = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Rule' });
      for (const [number, status] of studies.entries()) {
        const { id } = await seedStudy(index.owner, {
          patientId,
          groupId: GROUP_B,
          uid: `2.25.${Date.now()}${Math.floor(Math.random() * 1e9)}${number}`,
        });
        await index.owner.query('UPDATE studies SET status = $2 WHERE id = $1', [id, status]);
      }
      await index.owner.query('UPDATE patients SET status = $2 WHERE id = $1', [patientId, current]);
      await index.owner.query('SELECT ng_refresh_patients(ARRAY[$1::uuid])', [patientId]);
      expect((await patientRow(patientId)).status).toBe(patientStatusOf(current, studies));
    },
  );

  test('a study goes to another patient with its counts; only administrators cross groups', async () => {
    const from = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'From' });
    const to = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Towards' });
    const other = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Elsewhere' });
    await seedStudy(index.owner, { patientId: from, groupId: GROUP_A, uid: '1.2.826.20', modality: 'MR', date: '2026-02-20' });
    await seedStudy(index.owner, { patientId: from, groupId: GROUP_A, uid: '1.2.826.21', modality: 'CT', date: '2026-02-10' });
    const move = (who: 'RADIOLOGIST@A' | 'ADMIN@-', patientId: string) =>
      index.ask(who, 'PATCH', '/api/studies/1.2.826.20', { patientId });
    expect((await move('RADIOLOGIST@A', to)).json.patient.id).toBe(to);
    expect(await patientRow(from)).toMatchObject({ study_count: 1, modalities: ['CT'], last_study_at: '2026-02-10' });
    expect(await patientRow(to)).toMatchObject({ study_count: 1, modalities: ['MR'], last_study_at: '2026-02-20' });
    expect((await index.ask('RADIOLOGIST@A', 'GET', '/api/studies?q=towards')).json.total).toBe(1);
    expect((await move('RADIOLOGIST@A', other)).status).toBe(404);
    expect((await move('ADMIN@-', other)).json).toMatchObject({ groupId: GROUP_B, patient: { id: other } });
    expect((await index.ask('RADIOLOGIST@A', 'GET', '/api/studies/1.2.826.20')).status).toBe(404);
  });
});

describe('trash', () => {
  test('a patient with images needs cascade, disappears everywhere, and comes back with the same studies', async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Trashy' });
    await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: '1.2.826.30' });
    const early = await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: '1.2.826.31' });
    expect((await index.ask('RADIOLOGIST@A', 'DELETE', `/api/patients/${patientId}`)).status).toBe(403);
    expect((await index.ask('ADMIN@-', 'DELETE', '/api/studies/1.2.826.31')).status).toBe(204);
    expect(await patientRow(patientId)).toMatchObject({ study_count: 1 });
    index.now = new Date('2026-03-03T10:00:00Z');
    expect((await index.ask('ADMIN@-', 'DELETE', `/api/patients/${patientId}`)).json.code).toBe('PATIENT_HAS_IMAGES');
    expect((await index.ask('ADMIN@-', 'DELETE', `/api/patients/${patientId}?cascade=true`)).status).toBe(204);
    for (const url of ['/api/patients?q=trashy', '/api/studies?q=trashy'])
      expect((await index.ask('RADIOLOGIST@A', 'GET', url)).json.items).toEqual([]);
    for (const url of [`/api/patients/${patientId}`, '/api/studies/1.2.826.30', '/api/patients/images/1.2.826.30.1.1']) {
      expect((await index.ask('RADIOLOGIST@A', 'GET', url)).status).toBe(404);
    }
    const trash = (await index.ask('ADMIN@-', 'GET', '/api/trash')).json;
    expect(trash).toMatchObject({ total: 2, totalIsExact: true });
    expect(trash.items[0]).toEqual({
      id: patientId,
      kind: 'patient',
      label: 'TRASHY Jeanne',
      studyDate: null,
      deletedAt: '2026-03-03T10:00:00.000Z',
      purgeAt: '2026-04-02T10:00:00.000Z',
    });
    expect(trash.items[1]).toMatchObject({ id: early.id, kind: 'study', label: expect.stringMatching(/^\p{Lu}+ \p{Lu}\p{Ll}/u) });
    const first = (await index.ask('ADMIN@-', 'GET', '/api/trash?limit=1')).json;
    expect((await index.ask('ADMIN@-', 'GET', `/api/trash?limit=1&cursor=${first.nextCursor}`)).json.items).toMatchObject([
      { id: early.id },
    ]);
    expect((await index.ask('ADMIN@-', 'POST', `/api/trash/${patientId}/restore`)).status).toBe(204);
    expect(await patientRow(patientId)).toMatchObject({ study_count: 1 });
    expect((await index.ask('ADMIN@-', 'POST', `/api/trash/${early.id}/restore`)).status).toBe(204);
    expect(await patientRow(patientId)).toMatchObject({ study_count: 2 });
    expect((await index.ask('ADMIN@-', 'POST', `/api/trash/${early.id}/restore`)).status).toBe(404);
  });
});

describe('cursors', () => {
  test.each(['name', 'birthDate', '-birthDate', 'lastStudyAt', 'createdAt'])(
    'pages of pseudonyms by %s meet every patient once',
    async (sort) => {
      for (let number = 0; number < 3; number += 1)
        await seedPatient(index.owner, { groupId: GROUP_A, familyName: `Pseudo${number}` });
      const all = (await index.ask('RESEARCHER@A', 'GET', `/api/patients?limit=200&sort=${sort}`)).json;
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const url: string = `/api/patients?limit=2&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const { json } = await index.ask('RESEARCHER@A', 'GET', url);
        seen.push(...json.items.map((item: { id: string }) => item.id));
        cursor = json.nextCursor;
      }
      expect(seen).toEqual(all.items.map((item: { id: string }) => item.id));
    },
  );

  test('hold names of any script and length that a record can have', async () => {
    for (let number = 0; number < 3; number += 1) {
      await seedPatient(index.owner, {
        groupId: GROUP_B,
        familyName: `${'長'.repeat(100)}`,
        givenName: '名'.repeat(99) + number,
      });
    }
    const url = `/api/patients?sort=name&limit=1&q=${encodeURIComponent('長'.repeat(20))}`;
    const first = (await index.ask('RADIOLOGIST@B', 'GET', url)).json;
    const second = (await index.ask('RADIOLOGIST@B', 'GET', `${url}&cursor=${first.nextCursor}`)).json;
    expect(second.items).toHaveLength(1);
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
  });

  test.each([
    'name',
    '-name',
    'birthDate',
    '-birthDate',
    'lastStudyAt',
    '-lastStudyAt',
    'recordNumber',
    '-recordNumber',
    'createdAt',
    '-createdAt',
  ])('pages by %s meet every patient once, with rows inserted between the pages and equal and missing keys', async (sort) => {
    const groupId = GROUP_B;
    const mark = `Cursor${sort.replace('-', 'x').toLowerCase()}`;
    const made: string[] = [];
    for (let number = 0; number < 12; number += 1) {
      const birthDate = number % 3 === 0 ? null : `19${50 + (number % 4)}-01-01`;
      made.push(await seedPatient(index.owner, { groupId, familyName: mark, givenName: 'abc'.charAt(number % 3), birthDate }));
    }
    await index.owner.query(
      "UPDATE patients SET last_study_at = CASE WHEN id::text > $1 THEN '2026-01-01'::date END WHERE id = ANY($2)",
      [made[6], made],
    );
    await index.owner.query('UPDATE patients SET birth_date = NULL WHERE id = ANY($1)', [made.slice(0, 3)]);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `/api/patients?q=${mark}&limit=5&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { json } = await index.ask('RADIOLOGIST@B', 'GET', url);
      seen.push(...json.items.map((item: { id: string }) => item.id));
      cursor = json.nextCursor;
      await seedPatient(index.owner, { groupId, familyName: mark, givenName: 'b' });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(made.filter((id) => !seen.includes(id))).toEqual([]);
  });

  test.each(['studyDate', '-studyDate', 'receivedAt', '-receivedAt', 'patientName', '-patientName'])(
    'pages of studies by %s, plain and searched, meet each once',
    async (sort) => {
      const groupId = GROUP_B;
      for (const extra of ['', '&q=twin', '&modality=CT']) {
        const all = (await index.ask('RADIOLOGIST@B', 'GET', `/api/studies?limit=200&sort=${sort}${extra}`)).json;
        const seen: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const url: string = `/api/studies?limit=3&sort=${sort}${extra}${cursor === '' ? '' : `&cursor=${cursor}`}`;
          const { json } = await index.ask('RADIOLOGIST@B', 'GET', url);
          seen.push(...json.items.map((item: { id: string }) => item.id));
          cursor = json.nextCursor;
        }
        expect(seen).toEqual(all.items.map((item: { id: string }) => item.id));
        expect(all.items.every((item: { groupId: string | null }) => item.groupId === groupId || item.groupId === null)).toBe(
          true,
        );
      }
    },
  );
});
