import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import {
  type Browser,
  cookieHeader,
  cookiesOf,
  createFakeClock,
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestUser,
} from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const ISSUER = 'https://idp.hospital.example';
const chu = { id: 'chu', name: 'CHU', issuer: `${ISSUER}/`, clientId: 'x', clientSecret: 'x', domains: ['hospital.example'] };
const clock = createFakeClock();
const DAY_MS = 86_400_000;
let server: TestApp;
let mail: MailServer;
let admin: Browser;

beforeAll(async () => {
  mail = await startMailServer();
  const signIn = { providers: [chu], onlyPasswordOf: undefined };
  server = await createTestApp({ clock, settings: { signIn, mail: { url: mail.url, from: 'pacs@chu.example' } } });
  admin = await server.login(await server.makeUser({ role: 'ADMIN', firstName: 'Alice', lastName: 'Chef' }));
});
afterAll(async () => {
  await server.close();
  await mail.close();
});

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, { headers } = admin) =>
  server.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
const codeOf = async (answer: ReturnType<typeof ask>) => {
  const { json, statusCode } = await answer;
  return statusCode < 300 ? statusCode : json().code;
};
const identify = (userId: string, subject: string) =>
  server.db.withSystem((tx) =>
    tx.run('INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)', [
      ...([ISSUER, subject, userId, clock.now()] as const),
    ]),
  );
const dropPassword = (id: string) =>
  server.db.withSystem((tx) => tx.run('UPDATE users SET password_hash = NULL WHERE id = $1', [id]));
/** Somebody who has come by the provider and waits, as `arrive` makes them. */
async function waiting(email = `${newId()}@hospital.example`): Promise<TestUser & { subject: string }> {
  const user = await server.makeUser({ role: 'STAFF', status: 'INACTIVE', email });
  await dropPassword(user.id);
  const subject = `subject of ${user.id}`;
  await identify(user.id, subject);
  return { ...user, subject };
}
const join = (from: { id: string; subject: string }, into: string, by: Browser = admin, seen: object = {}) =>
  ask('POST', `/api/users/${from.id}/join`, { issuer: ISSUER, subject: from.subject, into, ...seen }, by);
const ownerOf = async (subject: string) =>
  (await server.db.withSystem((tx) => tx.first('SELECT user_id FROM user_identities WHERE subject = $1', [subject])))?.user_id;
const historyOf = async (id: string) => (await ask('GET', `/api/users/${id}/history`)).json().items;

describe('the list of people', () => {
  test('is narrowed by way in, by who never signed in or not for long, by who is in no group, and says how each comes in', async () => {
    const group = await server.makeGroup();
    const byPassword = await server.makeUser({ role: 'RESEARCHER', groupId: group });
    const byProvider = await waiting();
    const byNothing = await server.makeUser({ role: 'RESEARCHER' });
    await dropPassword(byNothing.id);
    const longAgo = await server.makeUser({ role: 'RESEARCHER', groupId: group });
    await server.db.withSystem((tx) =>
      tx.run('UPDATE users SET last_login_at = $2 WHERE id = $1', [longAgo.id, new Date(clock.now().getTime() - 91 * DAY_MS)]),
    );
    const found = async (query: string) => {
      const { items, total } = (await ask('GET', `/api/users?limit=200&${query}`)).json();
      expect(total).toBe(items.length);
      const ids = items.map(({ id }: { id: string }) => id);
      return Object.entries({ byPassword, byProvider, byNothing, longAgo, admin: admin.user })
        .filter(([, { id }]) => ids.includes(id))
        .map(([name]) => name);
    };
    expect(await found('way=PASSWORD')).toEqual(['byPassword', 'longAgo', 'admin']);
    expect(await found('way=PROVIDER')).toEqual(['byProvider']);
    expect(await found('way=NONE')).toEqual(['byNothing']);
    expect(await found('lastSeen=NEVER')).toEqual(['byPassword', 'byProvider', 'byNothing']);
    expect(await found('lastSeen=LONG_AGO')).toEqual(['longAgo']);
    expect(await found('groupId=none')).toEqual(['byProvider', 'byNothing', 'admin']);
    expect(await found('status=INACTIVE&way=PROVIDER&lastSeen=NEVER')).toEqual(['byProvider']);
    expect((await ask('GET', `/api/users/${byProvider.id}`)).json()).toMatchObject({
      ...{ hasPassword: false, hasSecondFactor: false },
      identities: [{ issuer: ISSUER, subject: byProvider.subject, provider: 'CHU' }],
    });
    for (const query of ['way=X', 'lastSeen=1', 'groupId=x'])
      expect((await ask('GET', `/api/users?${query}`)).statusCode).toBe(400);
  });
});

describe('what can not be undone', () => {
  test('asks again who one is: deleting, replacing a password, another group, joining, letting in who waits', async () => {
    const [late, user, waits] = [await server.login('ADMIN'), await server.makeUser(), await waiting()];
    await server.db.withSystem((tx) =>
      tx.run("UPDATE user_sessions SET proven_at = proven_at - interval '16 minutes' WHERE user_id = $1", [late.user.id]),
    );
    expect(await codeOf(ask('DELETE', `/api/users/${user.id}`, undefined, late))).toBe('PROOF_REQUIRED');
    const wish = { by: 'LINK', endsPassword: true };
    expect(await codeOf(ask('POST', `/api/users/${user.id}/invitation`, wish, late))).toBe('PROOF_REQUIRED');
    expect(await codeOf(join(waits, user.id, late))).toBe('PROOF_REQUIRED');
    expect(await codeOf(ask('PATCH', `/api/users/${waits.id}`, { status: 'ACTIVE' }, late))).toBe('PROOF_REQUIRED');
    // Nor by way of another state.
    expect(await codeOf(ask('PATCH', `/api/users/${waits.id}`, { status: 'SUSPENDED' }, late))).toBe(200);
    expect(await codeOf(ask('PATCH', `/api/users/${waits.id}`, { status: 'ACTIVE' }, late))).toBe('PROOF_REQUIRED');
    // Whose patients somebody sees is as much as what they may do.
    const groupId = await server.makeGroup();
    expect(await codeOf(ask('PATCH', `/api/users/${user.id}`, { groupId }, late))).toBe('PROOF_REQUIRED');
    expect(await codeOf(ask('PATCH', `/api/users/${user.id}`, { lastName: 'Diallo' }, late))).toBe(200);
    expect(await codeOf(ask('PATCH', `/api/users/${user.id}`, { status: 'SUSPENDED' }, late))).toBe(200);
    expect(await ownerOf(waits.subject)).toBe(waits.id);
    expect(await codeOf(ask('DELETE', `/api/users/${user.id}`))).toBe(204);
  });

  test('a replaced password counts no longer, and what it opened ends', async () => {
    const person = await server.login('PHYSICIAN');
    const wish = { by: 'LINK', endsPassword: true };
    expect((await ask('POST', `/api/users/${person.user.id}/invitation`, wish)).json().link).toMatch(/#password=/);
    expect((await ask('GET', '/api/auth/me', undefined, person)).statusCode).toBe(401);
    const { email } = person.user;
    const again = await server.app.inject({
      method: 'POST',
      url: '/api/auth/login',
      payload: { email, password: TEST_PASSWORD },
    });
    expect(again.json().code).toBe('INVALID_CREDENTIALS');
    expect((await ask('GET', `/api/users/${person.user.id}`)).json()).toMatchObject({ hasPassword: false });
    expect((await historyOf(person.user.id))[0]).toMatchObject({ kind: 'PASSWORD_ENDED', actorName: 'Alice Chef' });
  });
});

test('who has a new passkey has a mail: it opens the account by itself, and stays when the password is replaced', async () => {
  const person = await server.login('PHYSICIAN');
  const begun = await ask('POST', '/api/auth/passkeys/start', undefined, person);
  const passkey = createAuthenticator(server.settings.publicUrl).create(begun.json());
  const headers = { ...person.headers, cookie: `${person.headers.cookie}; ${cookieHeader(cookiesOf(begun))}` };
  const added = await ask('POST', '/api/auth/passkeys', { name: 'x', passkey }, { ...person, headers });
  expect([added.statusCode, Object.keys(added.json()).sort()]).toEqual([201, ['passkey', 'recoveryCodes']]);
  await expect.poll(() => mail.mails.filter(({ to }) => to.includes(person.user.email)).length).toBe(1);
});

describe('the history of somebody’s rights', () => {
  test('says who gave which role, level, group and state, from what to what, newest first, and leaves names and languages out', async () => {
    const group = await server.makeGroup('Cardiologie');
    const body = { email: 'h@example.org', firstName: 'Zoé', lastName: 'B', role: 'STAFF', groupId: group };
    const { id } = (await ask('POST', '/api/users', body)).json();
    await ask('PATCH', `/api/users/${id}`, { lastName: 'C', locale: 'en' });
    await ask('PATCH', `/api/users/${id}`, { role: 'ADMIN', email: 'h2@example.org', status: 'SUSPENDED' });
    await ask('DELETE', `/api/groups/${group}`);
    const told = { actorId: admin.user.id, actorName: 'Alice Chef', provider: null };
    const change = (field: string, from: string | null, to: string | null) => ({ field, from, to, isTold: true });
    const rights = [change('role', 'STAFF', 'ADMIN'), change('level', 'WRITE', 'ADMIN'), change('status', 'ACTIVE', 'SUSPENDED')];
    const given = [change('role', null, 'STAFF'), change('level', null, 'WRITE'), change('status', null, 'ACTIVE')];
    expect(await historyOf(id)).toMatchObject([
      { ...told, kind: 'RIGHTS', changes: [change('groupId', group, null)] },
      { ...told, kind: 'RIGHTS', changes: rights },
      { ...told, kind: 'EMAIL', changes: [] },
      { ...told, kind: 'CREATED', changes: [...given, change('groupId', null, group)] },
    ]);
    const first = (await ask('GET', `/api/users/${id}/history?limit=1`)).json();
    expect(first.items).toHaveLength(1);
    const rest = (await ask('GET', `/api/users/${id}/history?limit=5&cursor=${first.nextCursor}`)).json();
    expect([rest.items.length, rest.nextCursor]).toEqual([3, null]);
  });

  test('tells of what an earlier version noted that it changed, and of who is gone that they are', async () => {
    const user = await server.makeUser();
    const gone = newId();
    await server.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO audit_events (id, occurred_at, action, outcome, actor_id, entity_type, entity_id, details)
         VALUES ($1, now(), 'user.updated', 'SUCCESS', $2, 'user', $3, '{"fields": ["role", "locale"]}')`,
        [newId(), gone, user.id],
      ),
    );
    await server.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO audit_events (id, occurred_at, action, outcome, entity_type, entity_id, details)
         VALUES ($1, now() - interval '1 day', 'user.linked', 'SUCCESS', 'user', $2, '{"provider": "chu"}')`,
        [newId(), user.id],
      ),
    );
    expect(await historyOf(user.id)).toMatchObject([
      { actorId: gone, actorName: null, changes: [{ field: 'role', from: null, to: null, isTold: false }] },
      { kind: 'LINKED', actorId: null, provider: 'CHU' },
    ]);
    expect((await ask('GET', `/api/users/${newId()}/history`)).statusCode).toBe(404);
    expect((await ask('GET', `/api/users/${user.id}/history?cursor=x`)).json().code).toBe('BAD_CURSOR');
  });
});

describe('an administrator’s join of who waits to an account', () => {
  test('gives the account the identity, and the waiting one is gone; both are in the journal, and the owner is told', async () => {
    const [waits, owner] = [await waiting(), await server.makeUser({ email: `${newId()}@chu.example` })];
    const answer = await join(waits, owner.id);
    expect(answer.json()).toMatchObject({
      id: owner.id,
      hasPassword: true,
      identities: [{ subject: waits.subject, provider: 'CHU' }],
    });
    expect((await ask('GET', `/api/users/${waits.id}`)).statusCode).toBe(404);
    expect((await historyOf(owner.id))[0]).toMatchObject({ kind: 'JOINED', actorId: admin.user.id, provider: 'CHU' });
    const events = await server.db.withSystem((tx) =>
      tx.rows('SELECT action, actor_id, details FROM audit_events WHERE entity_id = $1', [waits.id]),
    );
    expect(events).toEqual([{ action: 'user.deleted', actor_id: admin.user.id, details: { into: owner.id } }]);
    await expect.poll(() => mail.mails.some(({ to }) => to.includes(owner.email))).toBe(true);
  });

  test('is of the identity that was looked at, and of nothing else', async () => {
    const [waits, owner] = [await waiting(), await server.makeUser()];
    expect(await codeOf(join(waits, owner.id, admin, { subject: 'another' }))).toBe('ACCOUNT_NOT_WAITING');
    expect(await codeOf(join(waits, owner.id, admin, { issuer: 'https://evil.example' }))).toBe('ACCOUNT_NOT_WAITING');
    await identify(waits.id, `second of ${waits.id}`);
    expect(await codeOf(join(waits, owner.id))).toBe('ACCOUNT_NOT_WAITING');
    expect(await ownerOf(waits.subject)).toBe(waits.id);
  });

  test('takes nobody who is active, has a password, was signed in or has come by no provider', async () => {
    const owner = await server.makeUser();
    const change = async (text: 'active' | 'password' | 'seen'): Promise<unknown> => {
      const waits = await waiting();
      await server.db.withSystem((tx) =>
        tx.run(
          `UPDATE users SET status = CASE WHEN $2 = 'active' THEN 'ACTIVE' ELSE status END,
             password_hash = CASE WHEN $2 = 'password' THEN 'x' END,
             last_login_at = CASE WHEN $2 = 'seen' THEN created_at END WHERE id = $1`,
          [waits.id, text],
        ),
      );
      return codeOf(join(waits, owner.id));
    };
    for (const text of ['active', 'password', 'seen'] as const) expect(await change(text)).toBe('ACCOUNT_NOT_WAITING');
    const invited = await server.makeUser({ status: 'INACTIVE' });
    await dropPassword(invited.id);
    expect(await codeOf(join({ id: invited.id, subject: 'x' }, owner.id))).toBe('ACCOUNT_NOT_WAITING');
  });

  test('opens no suspended or inactive account, no waiting one by itself, and none that is not there', async () => {
    const waits = await waiting();
    for (const status of ['SUSPENDED', 'INACTIVE'] as const)
      expect(await codeOf(join(waits, (await server.makeUser({ status })).id))).toBe('ACCOUNT_NOT_OPEN');
    expect(await codeOf(join(waits, waits.id))).toBe('ACCOUNT_NOT_OPEN');
    expect(await codeOf(join(waits, newId()))).toBe('NOT_FOUND');
    expect(await codeOf(join({ id: newId(), subject: 'x' }, waits.id))).toBe('NOT_FOUND');
    expect(await ownerOf(waits.subject)).toBe(waits.id);
  });

  test('is refused to one’s own account, to a token and to everybody else', async () => {
    const [waits, owner] = [await waiting(), await server.makeUser()];
    expect(await codeOf(join(waits, admin.user.id))).toBe('FORBIDDEN');
    expect(await codeOf(join(waits, owner.id, await server.login('PHYSICIAN')))).toBe('FORBIDDEN');
    const permissions = ['users.manage'];
    const { secret } = (await ask('POST', '/api/tokens', { name: 'x', permissions })).json();
    const byToken = await server.app.inject({
      ...{ method: 'POST', url: `/api/users/${waits.id}/join`, headers: { authorization: `Bearer ${secret}` } },
      payload: { issuer: ISSUER, subject: waits.subject, into: owner.id },
    });
    expect(byToken.json().code).toBe('FORBIDDEN');
    expect(await ownerOf(waits.subject)).toBe(waits.id);
  });

  test('of two administrators at once counts one, and so does one who activates meanwhile', async () => {
    const other = await server.login('ADMIN');
    const [waits, one, two] = [await waiting(), await server.makeUser(), await server.makeUser()];
    const codes = await Promise.all([codeOf(join(waits, one.id)), codeOf(join(waits, two.id, other))]);
    expect(codes.map(String).sort()).toEqual(['200', 'NOT_FOUND']);
    expect(await ownerOf(waits.subject)).toBe(codes[0] === 200 ? one.id : two.id);
    const second = await waiting();
    const [joined, activated] = await Promise.all([
      codeOf(join(second, one.id)),
      codeOf(ask('PATCH', `/api/users/${second.id}`, { status: 'ACTIVE' }, other)),
    ]);
    expect([
      [200, 'NOT_FOUND'],
      ['ACCOUNT_NOT_WAITING', 200],
    ]).toContainEqual([joined, activated]);
  });
});
