import { Patient } from '@negatoscope/contract';
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
const id: Record<'a' | 'b' | 'none', string> = { a: '', b: '', none: '' };
const UNKNOWN = '019a0000-0000-7000-8000-ffffffffffff';

beforeAll(async () => {
  index = await createIndexApp();
  for (const [key, groupId] of [
    ['a', GROUP_A],
    ['b', GROUP_B],
    ['none', null],
  ] as const) {
    id[key] = await seedPatient(index.owner, {
      groupId,
      familyName: 'LEFÈVRE-MARTIN',
      givenName: 'Zoé Anne',
      externalId: `IPP-${key}`,
    });
    await seedStudy(index.owner, {
      patientId: id[key],
      groupId,
      uid: '1.2.826.7',
      description: 'Thorax face',
      accession: `ACC-${key}`,
    });
  }
});
afterAll(() => index.close());

const ids = (answer: { json: { items: { id: string }[] } }): string[] => answer.json.items.map((item) => item.id).sort();
const expected = (...keys: ('a' | 'b' | 'none')[]): string[] => keys.map((key) => id[key]).sort();

const SCOPES: readonly [Who, ('a' | 'b' | 'none')[]][] = [
  ['ADMIN@-', ['a', 'b', 'none']],
  ['ADMIN@A', ['a', 'b', 'none']],
  ['RADIOLOGIST@A', ['a', 'none']],
  ['PHYSICIAN@B', ['b', 'none']],
  ['STAFF@-', ['none']],
  ['RESEARCHER@A', ['a']],
  ['RESEARCHER@-', []],
];

describe.each(SCOPES)('%s sees exactly its scope', (who, keys) => {
  test('in the lists, searches and counts of patients and studies', async () => {
    for (const url of ['/api/patients', '/api/patients?sort=name', '/api/patients?q=ng-2026', '/api/patients?status=TO_READ']) {
      const answer = await index.ask(who, 'GET', url);
      expect(answer.status).toBe(200);
      expect(ids(answer)).toEqual(expected(...keys));
      expect(answer.json).toMatchObject({ total: keys.length, totalIsExact: true, nextCursor: null });
    }
    // Descriptions are free text, which who sees pseudonyms neither reads nor searches.
    const word = who.startsWith('RESEARCHER') ? 'ct' : 'thorax';
    for (const url of ['/api/studies', `/api/studies?q=${word}`, '/api/studies?modality=CT', '/api/studies?sort=patientName']) {
      const answer = await index.ask(who, 'GET', url);
      expect(answer.json.items.map((item: { patient: { id: string } }) => item.patient.id).sort()).toEqual(expected(...keys));
      expect(answer.json.total).toBe(keys.length);
    }
    const found = await index.ask(who, 'GET', `/api/search?q=${word}`);
    expect(found.json.studies).toHaveLength(keys.length);
    const counts = await index.ask(who, 'GET', '/api/stats/overview');
    expect(counts.json).toMatchObject({ patients: keys.length, studies: keys.length, instances: keys.length });
  });

  test('one by one; what is out of scope answers like what does not exist', async () => {
    const unknown = await index.ask(who, 'GET', `/api/patients/${UNKNOWN}`);
    for (const key of ['a', 'b', 'none'] as const) {
      const answer = await index.ask(who, 'GET', `/api/patients/${id[key]}`);
      expect(answer.status).toBe(keys.includes(key) ? 200 : 404);
      if (!keys.includes(key)) expect(answer.text).toBe(unknown.text);
    }
    expect(ids(await index.ask(who, 'GET', `/api/patients?groupId=${GROUP_B}`))).toEqual(
      expected(...keys.filter((key) => key === 'b')),
    );
  });
});

test('writing out of scope answers 404 as for an unknown id and changes nothing', async () => {
  const before = await index.owner.query('SELECT md5(string_agg(p::text, $1 ORDER BY id)) AS h FROM patients p', ['|']);
  const body = { updatedAt: '2026-01-01T00:00:00Z', lastName: 'X' };
  for (const target of [id.b, UNKNOWN]) {
    expect((await index.ask('RADIOLOGIST@A', 'PATCH', `/api/patients/${target}`, body)).json.code).toBe('NOT_FOUND');
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/${target}/export`)).json.code).toBe('NOT_FOUND');
  }
  const after = await index.owner.query('SELECT md5(string_agg(p::text, $1 ORDER BY id)) AS h FROM patients p', ['|']);
  expect(after.rows).toEqual(before.rows);
});

describe('pseudonyms', () => {
  test('a RESEARCHER sees the record number in place of everything that names a person', async () => {
    const answer = await index.ask('RESEARCHER@A', 'GET', `/api/patients/${id.a}`);
    const patient = Patient.parse(answer.json);
    expect(patient).toMatchObject({
      lastName: patient.recordNumber,
      firstName: '',
      birthDate: null,
      phone: null,
      address: null,
      externalId: null,
    });
    const studies = await index.ask('RESEARCHER@A', 'GET', '/api/studies');
    expect(studies.json.items[0]).toMatchObject({
      accessionNumber: null,
      referrer: null,
      patient: { lastName: patient.recordNumber, birthDate: null },
    });
    expect(studies.text + answer.text).not.toMatch(/MARTIN|1970|IPP|ACC|HOUSE/);
  });

  test('search, filters and order by identity tell a RESEARCHER nothing', async () => {
    for (const query of ['q=martin', 'q=zo', 'q=ipp', 'birthDate=1970-01-02', 'q=lefevre', 'q=martni']) {
      expect((await index.ask('RESEARCHER@A', 'GET', `/api/patients?${query}`)).json).toMatchObject({ items: [], total: 0 });
    }
    for (const query of ['q=martin', 'q=acc', 'accessionNumber=ACC-a', 'q=house']) {
      expect((await index.ask('RESEARCHER@A', 'GET', `/api/studies?${query}`)).json).toMatchObject({ items: [], total: 0 });
    }
    expect((await index.ask('RESEARCHER@A', 'GET', '/api/search?q=martin')).json).toEqual({ patients: [], studies: [] });
    const { recordNumber } = (await index.ask('RESEARCHER@A', 'GET', `/api/patients/${id.a}`)).json;
    expect(ids(await index.ask('RESEARCHER@A', 'GET', `/api/patients?q=${recordNumber}`))).toEqual([id.a]);
  });
});

describe('search', () => {
  test.each(['lefevre', 'LEFÈVRE', 'zoe martin', 'Martin zoé', 'an mar', 'z', 'fevre', 'IPP-a', 'lefvere', 'mratin zoe'])(
    '%s finds the patient',
    async (q) => {
      expect(ids(await index.ask('RADIOLOGIST@A', 'GET', `/api/patients?q=${encodeURIComponent(q)}`))).toContain(id.a);
    },
  );

  test.each(['dupont', 'zoe dupont', 'oé', '%', '_', '???', 'nne zz'])('%s finds nobody', async (q) => {
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients?q=${encodeURIComponent(q)}`)).json.items).toEqual([]);
  });

  test('studies are found by patient, description, accession number and modality together', async () => {
    for (const q of ['martin thorax', 'acc-a', 'face zoe', 'ct martin']) {
      const answer = await index.ask('RADIOLOGIST@A', 'GET', `/api/studies?q=${encodeURIComponent(q)}`);
      expect(answer.json.items.map((item: { patient: { id: string } }) => item.patient.id)).toContain(id.a);
    }
  });

  test('a study is found by the new name as soon as its patient is renamed', async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Ancienne' });
    await seedStudy(index.owner, { patientId, groupId: GROUP_B, uid: '1.2.826.99' });
    const { updatedAt } = (await index.ask('ADMIN@-', 'GET', `/api/patients/${patientId}`)).json;
    expect(
      (await index.ask('ADMIN@-', 'PATCH', `/api/patients/${patientId}`, { updatedAt, lastName: 'Nouvellenom' })).status,
    ).toBe(200);
    expect((await index.ask('ADMIN@-', 'GET', '/api/studies?q=nouvellenom')).json.total).toBe(1);
    expect((await index.ask('ADMIN@-', 'GET', '/api/studies?q=ancienne')).json.total).toBe(0);
    await index.ask('ADMIN@-', 'DELETE', `/api/patients/${patientId}?cascade=true`);
  });
});

describe('injection (S33)', () => {
  const HOSTILE = [
    "' OR 1=1 --",
    "'; DROP TABLE patients; --",
    '%',
    '\\',
    '{"$gt":""}',
    '(.*)+$',
    '*',
    "x' UNION SELECT 1",
    '\u0000',
    `${'a '.repeat(90)}`,
    ':*',
    "a':* | b",
    '&|!',
  ];
  test.each(HOSTILE)('%j in every text filter gives no row more and no server error', async (text) => {
    const value = encodeURIComponent(text);
    for (const url of [
      `/api/patients?q=${value}`,
      `/api/studies?q=${value}`,
      `/api/studies?modality=${value}`,
      `/api/studies?accessionNumber=${value}`,
      `/api/search?q=${value}`,
    ]) {
      const started = Date.now();
      const answer = await index.ask('RADIOLOGIST@A', 'GET', url);
      expect([200, 400]).toContain(answer.status);
      const blank = text.replaceAll('\0', '').trim() === '';
      if (answer.status === 200 && !blank && !url.includes('search') && text.trim().length < 90)
        expect(answer.json.items).toEqual([]);
      expect(Date.now() - started).toBeLessThan(2000);
    }
  });

  test.each(['name;DROP TABLE patients', 'id', 'name DESC', '--name', 'search_text'])('the order %j is refused', async (sort) => {
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients?sort=${encodeURIComponent(sort)}`)).json.code).toBe(
      'VALIDATION_FAILED',
    );
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/studies?sort=${encodeURIComponent(sort)}`)).json.code).toBe(
      'VALIDATION_FAILED',
    );
  });

  test.each(['2026-02-30', '2026-13-01', '0000-00-00'])('the day %s of no calendar is refused', async (day) => {
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients?birthDate=${day}`)).json.code).toBe('VALIDATION_FAILED');
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/studies?from=${day}`)).json.code).toBe('VALIDATION_FAILED');
  });

  const cursor = (...key: unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');
  test.each([
    cursor('name', "' OR true --", 'no uuid'),
    cursor('-name', 'a', UNKNOWN),
    cursor('birthDate', 'yesterday', UNKNOWN),
    cursor('birthDate', '2026-02-31', UNKNOWN),
    cursor('createdAt', "2026-01-01 00:00:00+00'::text", UNKNOWN),
    cursor('name', null, UNKNOWN),
    cursor('name', 'a\u0000', UNKNOWN),
    'not-a-cursor',
  ])('the cursor %s is refused', async (text) => {
    const sort =
      text.length > 20 ? (JSON.parse(Buffer.from(text, 'base64url').toString())[0] as string).replace('-', '') : 'name';
    expect((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients?sort=${sort}&cursor=${text}`)).json.code).toBe('BAD_CURSOR');
  });
});

describe('editing', () => {
  test('creates in the own group, answers by the schema, and audits without names', async () => {
    const answer = await index.ask('STAFF@A', 'POST', '/api/patients', {
      lastName: 'Née',
      firstName: 'Awa',
      birthDate: '1999-12-31',
      externalId: '77',
    });
    expect(answer.status).toBe(201);
    expect(Patient.parse(answer.json)).toMatchObject({
      groupId: GROUP_A,
      birthDate: '1999-12-31',
      externalId: '77',
      studyCount: 0,
    });
    expect(answer.json.recordNumber).toMatch(/^NG-\d{4}-\d{6}$/);
    const events = await index.owner.query('SELECT action, details FROM audit_events WHERE entity_id = $1', [answer.json.id]);
    expect(events.rows).toEqual([{ action: 'patient.created', details: {} }]);
    const identifiers = await index.owner.query('SELECT issuer, value, group_id FROM patient_identifiers WHERE patient_id = $1', [
      answer.json.id,
    ]);
    expect(identifiers.rows).toEqual([{ issuer: '', value: '77', group_id: GROUP_A }]);
    await index.ask('ADMIN@-', 'DELETE', `/api/patients/${answer.json.id}`);
  });

  test('refuses another group, unknown fields, days of no calendar and text that cannot be stored', async () => {
    const post = (body: object) => index.ask('STAFF@A', 'POST', '/api/patients', body);
    expect((await post({ lastName: 'X', groupId: GROUP_B })).json.code).toBe('FORBIDDEN');
    expect((await post({ lastName: 'X', recordNumber: 'NG-1' })).json.code).toBe('VALIDATION_FAILED');
    expect((await post({ lastName: 'X', birthDate: '1999-02-30' })).json.code).toBe('VALIDATION_FAILED');
    expect((await post({ lastName: 'X\u0000' })).json.code).toBe('VALIDATION_FAILED');
    expect((await index.ask('ADMIN@-', 'POST', '/api/patients', { lastName: 'X', groupId: UNKNOWN })).json.code).toBe(
      'VALIDATION_FAILED',
    );
    expect((await index.ask('RESEARCHER@A', 'POST', '/api/patients', { lastName: 'X' })).json.code).toBe('FORBIDDEN');
  });

  test('a stale edit is refused, and the audit names the changed fields only', async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Stale' });
    const url = `/api/patients/${patientId}`;
    const { updatedAt } = (await index.ask('STAFF@A', 'GET', url)).json;
    const first = await index.ask('STAFF@A', 'PATCH', url, { updatedAt, phone: '0600', sex: 'F', lastName: 'Stale' });
    expect(first.status).toBe(200);
    expect((await index.ask('STAFF@A', 'PATCH', url, { updatedAt, phone: '0700' })).json.code).toBe('STALE_UPDATE');
    expect((await index.ask('STAFF@A', 'PATCH', url, { updatedAt: first.json.updatedAt, phone: '0700' })).status).toBe(200);
    const events = await index.owner.query(
      "SELECT details FROM audit_events WHERE entity_id = $1 AND action = 'patient.updated' ORDER BY id",
      [patientId],
    );
    expect(events.rows).toEqual([{ details: { fields: ['sex', 'phone'] } }, { details: { fields: ['phone'] } }]);
    await index.owner.query('DELETE FROM patients WHERE id = $1', [patientId]);
  });

  test('only an administrator moves a patient to another group; all rows follow, and a UID that is there already is a conflict', async () => {
    const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Mover' });
    const study = await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: '1.2.826.55', instances: 2 });
    const url = `/api/patients/${patientId}`;
    const read = async (): Promise<string> => (await index.ask('ADMIN@-', 'GET', url)).json.updatedAt;
    expect((await index.ask('STAFF@A', 'PATCH', url, { updatedAt: await read(), groupId: GROUP_B })).json.code).toBe('FORBIDDEN');
    expect((await index.ask('ADMIN@-', 'PATCH', url, { updatedAt: await read(), groupId: GROUP_B })).json.groupId).toBe(GROUP_B);
    const groups = await index.owner.query(
      `SELECT group_id FROM studies WHERE patient_id = $1 UNION ALL SELECT group_id FROM series WHERE study_id = $2
       UNION ALL SELECT group_id FROM instances WHERE series_id = $3`,
      [patientId, study.id, study.seriesId],
    );
    expect(groups.rows).toEqual([GROUP_B, GROUP_B, GROUP_B, GROUP_B].map((group_id) => ({ group_id })));
    await seedStudy(index.owner, { patientId, groupId: GROUP_B, uid: '1.2.826.56' });
    await seedStudy(index.owner, { patientId: id.a, groupId: GROUP_A, uid: '1.2.826.56' });
    expect((await index.ask('ADMIN@-', 'PATCH', url, { updatedAt: await read(), groupId: GROUP_A })).json.code).toBe('CONFLICT');
    expect((await index.ask('ADMIN@-', 'GET', url)).json.groupId).toBe(GROUP_B);
  });
});
