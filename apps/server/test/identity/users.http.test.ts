import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, createTestApp, TEST_PASSWORD, type TestApp, type TestUser } from '../support/app.ts';

let server: TestApp;
let admin: Browser;
beforeAll(async () => {
  server = await createTestApp();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object, browser = admin) =>
  server.app.inject({ method, url, headers: { ...browser.headers }, ...(payload === undefined ? {} : { payload }) });
const newUser = (email: string, more: object = {}) => ({
  email,
  password: 'Cuivre-Falaise-77-Tambour',
  firstName: 'Zoé',
  lastName: 'Lefèvre',
  role: 'STAFF',
  ...more,
});
const auditOf = (entityId: string) =>
  server.db.withSystem((tx) => tx.rows('SELECT action, details FROM audit_events WHERE entity_id = $1 ORDER BY id', [entityId]));

describe('users', () => {
  test('are created, read, changed and deleted, each change audited with its field names only', async () => {
    const group = await server.makeGroup();
    const created = await call('POST', '/api/users', newUser('zoe@example.org', { groupId: group }));
    expect(created.statusCode).toBe(201);
    const user = created.json<{ id: string }>();
    expect(user).toMatchObject({
      email: 'zoe@example.org',
      level: 'WRITE',
      status: 'ACTIVE',
      groupId: group,
      locale: 'fr',
      lastLoginAt: null,
    });
    expect(created.json()).toMatchObject({ hasPassword: true, hasSecondFactor: false, identities: [] });
    expect(created.body).not.toMatch(/Cuivre|hash|\$2[aby]\$/i);
    expect((await call('GET', `/api/users/${user.id}`)).json()).toEqual(user);
    const changed = await call('PATCH', `/api/users/${user.id}`, {
      lastName: 'Martin',
      locale: 'en',
      groupId: null,
      firstName: 'Zoé',
    });
    expect(changed.json()).toEqual({ ...user, lastName: 'Martin', locale: 'en', groupId: null, groupIds: [] });
    expect((await call('DELETE', `/api/users/${user.id}`)).statusCode).toBe(204);
    expect((await call('GET', `/api/users/${user.id}`)).statusCode).toBe(404);
    const events = await auditOf(user.id);
    expect(events).toEqual([
      { action: 'user.created', details: { role: 'STAFF', level: 'WRITE', status: 'ACTIVE' } },
      {
        action: 'user.updated',
        details: { fields: ['lastName', 'groupId', 'locale'], groupIdFrom: group, groupIdTo: null },
      },
      { action: 'user.deleted', details: {} },
    ]);
  });

  test('a new role brings its level along, unless the level was chosen', async () => {
    const user = await server.makeUser({ role: 'STAFF' });
    const patch = async (payload: object) => (await call('PATCH', `/api/users/${user.id}`, payload)).json();
    expect(await patch({ role: 'ADMIN' })).toMatchObject({ role: 'ADMIN', level: 'ADMIN' });
    expect(await patch({ role: 'PHYSICIAN', level: 'READ' })).toMatchObject({ role: 'PHYSICIAN', level: 'READ' });
    expect(await patch({ role: 'ADMIN' })).toMatchObject({ role: 'ADMIN', level: 'READ' });
  });

  test('a change of nothing leaves no event', async () => {
    const user = await server.makeUser({ firstName: 'Paul' });
    expect((await call('PATCH', `/api/users/${user.id}`, { firstName: 'Paul' })).statusCode).toBe(200);
    expect(await auditOf(user.id)).toEqual([]);
  });

  test.each([
    ['e-mail in use, in other case', newUser('TAKEN@example.org'), 409, 'EMAIL_TAKEN'],
    ['password under 12 characters', newUser('w1@example.org', { password: 'Xk9$mQ2!pL' }), 422, 'WEAK_PASSWORD'],
    ['password everyone tries', newUser('w2@example.org', { password: 'Motdepasse2026!' }), 422, 'WEAK_PASSWORD'],
    ['password like the address', newUser('marguerite@example.org', { password: 'marguerite123' }), 422, 'WEAK_PASSWORD'],
    [
      'password over 72 bytes',
      newUser('w3@example.org', { password: 'é'.repeat(20) + 'Xy7-'.repeat(9) }),
      422,
      'PASSWORD_TOO_LONG',
    ],
    ['unknown group', newUser('w4@example.org', { groupId: '00000000-0000-7000-8000-000000000000' }), 400, 'VALIDATION_FAILED'],
    ['unknown role', newUser('w5@example.org', { role: 'ROOT' }), 400, 'VALIDATION_FAILED'],
    ['no address', newUser('nonsense'), 400, 'VALIDATION_FAILED'],
  ])('refuses: %s', async (_, payload, status, code) => {
    if (code === 'EMAIL_TAKEN') await server.makeUser({ email: 'taken@example.org' });
    expect((await call('POST', '/api/users', payload)).json()).toMatchObject({ status, code });
  });

  test.each([
    'id',
    'isAdmin',
    'permissions',
    'passwordHash',
    'password_hash',
    'createdAt',
    'lastLoginAt',
    'emailKey',
    '__proto__',
    'constructor',
  ])('an unknown field is refused, never written: %s', async (field) => {
    const user = await server.makeUser();
    const body = (known: object) => JSON.stringify(known).replace('}', `,"${field}":"x"}`);
    const headers = { ...admin.headers, 'content-type': 'application/json' };
    const send = (method: 'POST' | 'PATCH' | 'PUT', url: string, known: object) =>
      server.app.inject({ method, url, headers, payload: body(known) });
    const before = await server.db.withSystem((tx) => tx.rows('SELECT * FROM users ORDER BY id'));
    expect((await send('POST', '/api/users', newUser(`mass-${field}@example.org`))).statusCode).toBe(400);
    expect((await send('PATCH', `/api/users/${user.id}`, { firstName: 'Mallory' })).statusCode).toBe(400);
    expect((await send('PUT', '/api/users/me/profile', { firstName: 'Mallory' })).statusCode).toBe(400);
    expect(await server.db.withSystem((tx) => tx.rows('SELECT * FROM users ORDER BY id'))).toEqual(before);
    expect({}).not.toHaveProperty('x');
  });

  test.each(['role', 'level', 'status', 'groupId', 'password'])('a person’s own profile has no field %s', async (field) => {
    const browser = await server.login('STAFF');
    const value = { role: 'ADMIN', level: 'ADMIN', status: 'ACTIVE', groupId: null, password: 'Cuivre-Falaise-77-Tambour' }[
      field
    ];
    expect((await call('PUT', '/api/users/me/profile', { [field]: value }, browser)).statusCode).toBe(400);
  });
});

describe('the list of users', () => {
  const people: TestUser[] = [];
  beforeAll(async () => {
    for (const lastName of ['Éluard', 'Eluard', 'Zola', 'Noël', 'de la Tour', 'O’Brien', 'Çelik']) {
      people.push(
        await server.makeUser({ role: 'RESEARCHER', firstName: 'Ünsal', lastName, email: `list-${people.length}@chu.example` }),
      );
    }
  });
  const list = async (query: string) =>
    (await call('GET', `/api/users?${query}`)).json<{
      items: { id: string; lastName: string }[];
      nextCursor: string | null;
      total: number;
      totalIsExact: boolean;
    }>();

  test('finds words of name and address without accents, case and order', async () => {
    expect((await list('q=eluard')).items.map(({ lastName }) => lastName).sort()).toEqual(['Eluard', 'Éluard']);
    expect((await list('q=ZOLA%20%C3%BCnsal')).total).toBe(1);
    expect((await list('q=tour%20la')).total).toBe(1);
    expect((await list('q=chu.example')).total).toBe(7);
    expect((await list('q=list-3@chu')).items.map(({ lastName }) => lastName)).toEqual(['Noël']);
    expect((await list(`q=${encodeURIComponent("%' OR xyz=xyz --")}`)).total).toBe(0);
    expect((await list('q=%25')).total).toBe((await list('')).total);
  });

  test.each(['name', '-name', 'email', '-email', 'createdAt', '-createdAt', 'lastLoginAt', '-lastLoginAt'])(
    'sorted by %s, pages of two join to the whole list, stable when someone is added between',
    async (sort) => {
      const whole = (await list(`role=RESEARCHER&limit=200&sort=${sort}`)).items.map(({ id }) => id);
      const ids: string[] = [];
      let cursor: string | null = null;
      let added: TestUser | undefined;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list(
          `role=RESEARCHER&limit=2&sort=${sort}${cursor === null ? '' : `&cursor=${cursor}`}`,
        );
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        added ??= await server.makeUser({ role: 'RESEARCHER', firstName: 'Milieu', lastName: 'Nouveau' });
      } while (cursor !== null);
      expect(ids.filter((id) => id !== added?.id)).toEqual(whole);
      await call('DELETE', `/api/users/${added?.id}`);
    },
  );

  test('filters by role, status and group', async () => {
    const group = await server.makeGroup();
    const user = await server.makeUser({ role: 'STAFF', status: 'SUSPENDED', groupId: group });
    const page = await list(`role=STAFF&status=SUSPENDED&groupId=${group}`);
    expect(page).toMatchObject({ total: 1, totalIsExact: true, nextCursor: null, items: [{ id: user.id }] });
  });

  test.each([
    ['cursor=nonsense', 'BAD_CURSOR'],
    [`cursor=${Buffer.from('["a"]').toString('base64url')}`, 'BAD_CURSOR'],
    [`cursor=${Buffer.from('["a","b"]').toString('base64url')}`, 'BAD_CURSOR'],
    [`cursor=${Buffer.from('[1,"00000000-0000-7000-8000-000000000000"]').toString('base64url')}`, 'BAD_CURSOR'],
    [`sort=createdAt&cursor=${Buffer.from('["x","00000000-0000-7000-8000-000000000000"]').toString('base64url')}`, 'BAD_CURSOR'],
    ['sort=password_hash', 'VALIDATION_FAILED'],
    ['sort=toString', 'VALIDATION_FAILED'],
    ['limit=201', 'VALIDATION_FAILED'],
    ['limit=0', 'VALIDATION_FAILED'],
    ['unknown=1', 'VALIDATION_FAILED'],
    ['q=%00', 'BAD_REQUEST'],
  ])('%s answers %s', async (query, code) => {
    expect((await call('GET', `/api/users?${query}`)).json()).toMatchObject({ status: 400, code });
  });
});

describe('nobody widens their own rights', () => {
  test('an administrator may lower but not change their own role to one with other rights', async () => {
    const browser = await server.login('ADMIN');
    const self = `/api/users/${browser.user.id}`;
    expect((await call('PATCH', self, { role: 'PHYSICIAN' }, browser)).json()).toMatchObject({ code: 'FORBIDDEN' });
    expect((await call('PATCH', self, { password: 'Cuivre-Falaise-77-Tambour' }, browser)).json()).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await call('PATCH', self, { firstName: 'Moi' }, browser)).statusCode).toBe(200);
    expect((await call('PATCH', self, { level: 'WRITE' }, browser)).statusCode).toBe(200);
    expect((await call('PATCH', self, { level: 'ADMIN' }, browser)).statusCode).toBe(403);
  });

  test('nor does it matter how their id is written', async () => {
    const browser = await server.login('ADMIN');
    const answer = await call(
      'PATCH',
      `/api/users/${browser.user.id.toUpperCase()}`,
      { password: 'Cuivre-Falaise-77-Tambour' },
      browser,
    );
    expect(answer.statusCode).toBe(403);
  });
});

describe('one’s own profile', () => {
  test('name and language change freely; address and password need the current password', async () => {
    const browser = await server.login('RADIOLOGIST');
    const put = async (payload: object) => (await call('PUT', '/api/users/me/profile', payload, browser)).json();
    expect(await put({ firstName: 'Anne', locale: 'en' })).toMatchObject({ firstName: 'Anne', locale: 'en' });
    expect(await put({ email: 'anne@example.org' })).toMatchObject({ code: 'WRONG_CURRENT_PASSWORD' });
    expect(await put({ email: 'anne@example.org', currentPassword: 'wrong' })).toMatchObject({ code: 'WRONG_CURRENT_PASSWORD' });
    expect(await put({ email: 'anne@example.org', currentPassword: TEST_PASSWORD })).toMatchObject({ email: 'anne@example.org' });
    expect(await put({ newPassword: 'motdepasse123', currentPassword: TEST_PASSWORD })).toMatchObject({ code: 'WEAK_PASSWORD' });
    expect(await put({ email: admin.user.email, currentPassword: TEST_PASSWORD })).toMatchObject({ code: 'EMAIL_TAKEN' });
  });

  test('the current password can’t be guessed through a stolen session', async () => {
    const browser = await server.login('STAFF');
    const codes = new Set<string>();
    for (let attempt = 0; attempt < 15; attempt += 1) {
      const payload = { newPassword: 'Cuivre-Falaise-77-Tambour', currentPassword: `guess ${attempt}` };
      codes.add((await call('PUT', '/api/users/me/profile', payload, browser)).json<{ code: string }>().code);
    }
    expect([...codes]).toEqual(['WRONG_CURRENT_PASSWORD', 'RATE_LIMITED']);
  });
});

describe('the last active administrator', () => {
  test('can be neither demoted, suspended nor deleted, also when two try at once', async () => {
    const own = await createTestApp();
    const first = await own.login('ADMIN');
    const self = `/api/users/${first.user.id}`;
    const send = (method: 'PATCH' | 'DELETE', url: string, browser: Browser, payload?: object) =>
      own.app.inject({ method, url, headers: { ...browser.headers }, ...(payload === undefined ? {} : { payload }) });
    for (const payload of [{ level: 'READ' }, { status: 'SUSPENDED' }, { status: 'INACTIVE' }]) {
      expect((await send('PATCH', self, first, payload)).json()).toMatchObject({ status: 409, code: 'LAST_ADMIN' });
    }
    expect((await send('DELETE', self, first)).json()).toMatchObject({ code: 'LAST_ADMIN' });
    await own.makeUser({ role: 'ADMIN', status: 'SUSPENDED' });
    await own.makeUser({ role: 'ADMIN', level: 'WRITE' });
    expect((await send('DELETE', self, first)).json()).toMatchObject({ code: 'LAST_ADMIN' });

    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await own.login('ADMIN'), await own.login('ADMIN')];
      // Leaves these two as the only ones.
      await own.db.withSystem((tx) =>
        tx.run("UPDATE users SET level = 'READ' WHERE role = 'ADMIN' AND id <> ALL ($1)", [[one.user.id, two.user.id]]),
      );
      const answers = await Promise.all([
        send('PATCH', `/api/users/${two.user.id}`, one, { level: 'READ' }),
        send(
          round % 2 === 0 ? 'DELETE' : 'PATCH',
          `/api/users/${one.user.id}`,
          two,
          round % 2 === 0 ? undefined : { status: 'SUSPENDED' },
        ),
      ]);
      const left = await own.db.withSystem((tx) =>
        tx.rows("SELECT id FROM users WHERE role = 'ADMIN' AND level = 'ADMIN' AND status = 'ACTIVE'"),
      );
      expect([left.length, answers.filter(({ statusCode }) => statusCode < 300).length]).toEqual([1, 1]);
    }
    await own.close();
  });
});
