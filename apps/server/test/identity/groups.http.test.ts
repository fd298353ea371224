import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';

let server: TestApp;
let admin: Browser;
beforeAll(async () => {
  server = await createTestApp();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, browser = admin) =>
  server.app.inject({ method, url, headers: { ...browser.headers }, ...(payload === undefined ? {} : { payload }) });
const create = async (name: string): Promise<string> => (await call('POST', '/api/groups', { name })).json<{ id: string }>().id;

describe('groups', () => {
  test('are created, renamed and deleted, each change audited', async () => {
    const created = await call('POST', '/api/groups', { name: '  Étude thorax  ' });
    const group = created.json<{ id: string }>();
    expect(created.statusCode).toBe(201);
    expect(group).toMatchObject({ name: 'Étude thorax', userCount: 0, patientCount: 0 });
    expect((await call('PATCH', `/api/groups/${group.id}`, { name: 'Étude crâne' })).json()).toEqual({
      ...group,
      name: 'Étude crâne',
    });
    expect((await call('DELETE', `/api/groups/${group.id}`)).statusCode).toBe(204);
    expect((await call('DELETE', `/api/groups/${group.id}`)).statusCode).toBe(404);
    const events = await server.db.withSystem((tx) =>
      tx.rows('SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY id', [group.id]),
    );
    expect(events).toEqual([{ action: 'group.created' }, { action: 'group.updated' }, { action: 'group.deleted' }]);
  });

  test('have names that differ in more than case, accents and signs', async () => {
    await create('Hôpital Nord');
    for (const name of ['Hôpital Nord', 'HOPITAL NORD', 'hopital-nord', ' Hôpital  Nord ']) {
      expect((await call('POST', '/api/groups', { name })).json()).toMatchObject({ code: 'NAME_TAKEN' });
    }
    const other = await create('Hôpital Sud');
    expect((await call('PATCH', `/api/groups/${other}`, { name: 'hopital nord' })).json()).toMatchObject({ code: 'NAME_TAKEN' });
    for (const name of ['', '   ', '---', 'x'.repeat(101)]) {
      expect((await call('POST', '/api/groups', { name })).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  test('with patients can’t be deleted, in the trash or not', async () => {
    const id = await create('Avec patients');
    await server.db.withSystem((tx) =>
      tx.run('INSERT INTO patients (id, group_id, deleted_at) VALUES ($1, $2, now())', [newId(), id]),
    );
    expect((await call('DELETE', `/api/groups/${id}`)).json()).toMatchObject({ status: 409, code: 'GROUP_HAS_PATIENTS' });
    await server.db.withSystem((tx) => tx.run('UPDATE patients SET deleted_at = NULL'));
    expect((await call('DELETE', `/api/groups/${id}`)).json()).toMatchObject({ code: 'GROUP_HAS_PATIENTS' });
    const { items } = (await call('GET', '/api/groups?q=AVEC')).json<{ items: object[] }>();
    expect(items).toMatchObject([{ id, patientCount: 1 }]);
  });

  test('without patients leave their members behind, without a group', async () => {
    const id = await create('Bientôt vide');
    const user = await server.makeUser({ role: 'RESEARCHER', groupId: id });
    const browser = await server.login(user);
    expect((await call('GET', '/api/groups', undefined, browser)).json()).toMatchObject({
      total: 1,
      items: [{ id, userCount: 1 }],
    });
    expect((await call('DELETE', `/api/groups/${id}`)).statusCode).toBe(204);
    expect((await call('GET', '/api/auth/me', undefined, browser)).json()).toMatchObject({ user: { groupId: null } });
    expect((await call('GET', '/api/groups', undefined, browser)).json()).toMatchObject({ total: 0, items: [] });
  });

  test('are listed by name in pages: all for administrators, one’s own for others', async () => {
    for (let index = 0; index < 5; index += 1) await create(`Page ${index}`);
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const url: string = `/api/groups?q=page&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`;
      const page: { items: { name: string }[]; nextCursor: string | null; total: number } = (await call('GET', url)).json();
      expect(page.total).toBe(5);
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(names).toEqual(['Page 0', 'Page 1', 'Page 2', 'Page 3', 'Page 4']);
    const stranger = await server.login('PHYSICIAN');
    expect((await call('GET', '/api/groups?q=page', undefined, stranger)).json()).toMatchObject({ total: 0, items: [] });
    expect((await call('GET', '/api/groups?cursor=x')).json()).toMatchObject({ code: 'BAD_CURSOR' });
    expect((await call('GET', '/api/groups?sort=created_at')).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
