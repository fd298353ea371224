import type { AccessReview } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { type Browser, createFakeClock, createTestApp, type TestApp } from '../support/app.ts';

const DAY_MS = 86_400_000;
const clock = createFakeClock();
let server: TestApp;
let admin: Browser;
let group: string;
beforeAll(async () => {
  server = await createTestApp({ clock });
  admin = await server.login('ADMIN');
  group = await server.makeGroup('Nord');
  await server.db.withSystem(async (tx) => {
    for (const of of [group, group, null]) await tx.run('INSERT INTO patients (id, group_id) VALUES ($1, $2)', [newId(), of]);
    await tx.run('INSERT INTO patients (id, group_id, deleted_at) VALUES ($1, $2, now())', [newId(), group]);
    await tx.run(
      `INSERT INTO dicom_nodes (id, name, ae_title, host, port, may_store, group_id, created_at, updated_at)
       VALUES ($1, 'Scanner', 'CT1', '10.0.0.1', 104, true, $2, $3, $3)`,
      [newId(), group, clock.now()],
    );
  });
});
afterAll(() => server.close());

const get = (url: string, browser = admin) => server.app.inject({ url, headers: { cookie: browser.cookie } });
const review = async (): Promise<AccessReview> => (await get('/api/access-review')).json();
const personIn = ({ people }: AccessReview, id: string) => people.find((person) => person.id === id);

describe('the review of access', () => {
  test('says how many patients each person’s scope has: of their group, of none, and for a researcher of their group alone', async () => {
    const physician = await server.makeUser({ role: 'PHYSICIAN', groupId: group });
    const researcher = await server.makeUser({ role: 'RESEARCHER', groupId: group });
    const nobody = await server.makeUser({ role: 'RESEARCHER' });
    const found = await review();
    expect(personIn(found, physician.id)).toMatchObject({ patients: 3, groups: [{ id: group, name: 'Nord' }] });
    expect(personIn(found, researcher.id)).toMatchObject({ patients: 2 });
    expect(personIn(found, nobody.id)).toMatchObject({ patients: 0, groups: [] });
    expect(personIn(found, admin.user.id)).toMatchObject({ patients: 3 });
    expect(found.nodes).toMatchObject([{ name: 'Scanner', rights: ['STORE'], group: { name: 'Nord' }, patients: 2 }]);
  });

  test('marks who came last more than 90 days ago, and tells what tokens they left', async () => {
    const person = await server.login(await server.makeUser({ groupId: group }));
    const made = await server.app.inject({
      ...{ method: 'POST', url: '/api/tokens', headers: { ...person.headers } },
      payload: { name: 'Script', permissions: ['studies.read'], expiresInDays: 365 },
    });
    expect(made.statusCode).toBe(201);
    await server.app.inject({ url: '/api/patients', headers: { cookie: person.cookie } });
    const before = personIn(await review(), person.user.id);
    expect(before).toMatchObject({
      isUnused: false,
      tokens: [{ name: 'Script', isUnused: false, permissions: ['studies.read'] }],
    });
    expect(before?.lastPatientUseAt).toBe(clock.now().toISOString());
    clock.advance(91 * DAY_MS);
    admin = await server.login(admin.user);
    const found = await review();
    expect(personIn(found, person.user.id)).toMatchObject({ isUnused: true, tokens: [{ isUnused: true, lastUsedAt: null }] });
    expect(personIn(found, admin.user.id)).toMatchObject({ isUnused: false });
    expect(found.nodes).toMatchObject([{ isUnused: true }]);
  });

  test('is taken along as CSV, in which no name is a formula, and the journal notes each look', async () => {
    await server.makeUser({ firstName: '=1+1', lastName: 'X' });
    const { headers, body } = await get('/api/access-review/export');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(body).toContain(`"'=1+1 X"`);
    expect(body.split('\r\n').filter((line) => line.startsWith('"token"'))).toHaveLength(1);
    const events = await server.db.withSystem((tx) =>
      tx.rows("SELECT action, actor_id FROM audit_events WHERE action = 'access-review.export'"),
    );
    expect(events).toEqual([{ action: 'access-review.export', actor_id: admin.user.id }]);
  });

  test('goes on with what follows if a patient changes groups: told before, and nothing is changed', async () => {
    const [from, to] = [await server.makeGroup('Départ'), await server.makeGroup('Arrivée')];
    const id = newId();
    await server.db.withSystem((tx) => tx.run('INSERT INTO patients (id, group_id) VALUES ($1, $2)', [id, from]));
    await server.makeUser({ groupId: from, firstName: 'Awa', lastName: 'Perd' });
    await server.makeUser({ groupId: to, firstName: 'Zoe', lastName: 'Gagne' });
    await server.makeUser({ groupId: to, status: 'SUSPENDED' });
    const asked = await get(`/api/patients/${id}/move?groupId=${to}`);
    expect(asked.json()).toEqual({
      ...{ from, to, isRefused: false, goesAlong: [{ what: 'STUDIES', count: 0 }] },
      gain: { count: 1, names: ['GAGNE Zoe'] },
      lose: { count: 1, names: ['PERD Awa'] },
    });
    expect((await get(`/api/patients/${id}`)).json()).toMatchObject({ groupId: from });
    expect((await get(`/api/patients/${newId()}/move?groupId=${to}`)).statusCode).toBe(404);
    expect((await get(`/api/patients/${id}/move?groupId=${newId()}`)).statusCode).toBe(400);
    expect((await get(`/api/patients/${id}/move?groupId=${to}`, await server.login('PHYSICIAN'))).statusCode).toBe(403);
  });

  test('is for who manages people', async () => {
    for (const role of ['RADIOLOGIST', 'PHYSICIAN', 'STAFF', 'RESEARCHER'] as const) {
      const other = await server.login(role);
      expect((await get('/api/access-review', other)).statusCode).toBe(403);
      expect((await get('/api/access-review/export', other)).statusCode).toBe(403);
    }
  });
});
